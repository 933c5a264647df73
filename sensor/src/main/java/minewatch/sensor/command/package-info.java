/// The sensor's command line: `scan`, `explain`, `signatures`, `sensor`, `doctor`.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.command;
