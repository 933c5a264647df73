/// Hits → crash-safe segment files; bounded; what overflow drops is a gap.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.spool;
