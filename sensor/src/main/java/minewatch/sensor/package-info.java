/// The sensor: frames in, hits out. `Sensor` draws the whole; the rooms below follow the packet's
/// way.
@org.jspecify.annotations.NullMarked
package minewatch.sensor;
