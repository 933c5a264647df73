/// Packet → flow: key, direction, table, timeouts, the first-bytes gate.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.flow;
