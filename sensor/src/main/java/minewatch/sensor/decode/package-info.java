/// Frame → packet view, or a named anomaly.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.decode;
