/// What TLS says in the clear: hellos, their JA4 fingerprints, and the names in a certificate.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.inspect.tls;
