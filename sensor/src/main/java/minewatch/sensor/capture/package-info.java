/// Ring or file → frames.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.capture;
