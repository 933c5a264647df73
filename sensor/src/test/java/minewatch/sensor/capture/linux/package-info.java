@org.jspecify.annotations.NullMarked
package minewatch.sensor.capture.linux;
