@org.jspecify.annotations.NullMarked
package minewatch.sensor.inspect.tls;
