/// Whole captures through the first rooms of the sensor.
@org.jspecify.annotations.NullMarked
package minewatch.bench.capture;
