@org.jspecify.annotations.NullMarked
package minewatch.sensor.workbench;
