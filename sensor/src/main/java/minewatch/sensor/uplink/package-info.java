/// Segment files → collector over gRPC and mutual TLS; resend until acknowledged.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.uplink;
