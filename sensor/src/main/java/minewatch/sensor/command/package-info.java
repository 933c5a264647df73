/// The sensor's command line: `scan`, `explain`, `signatures`, `sensor`.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.command;
