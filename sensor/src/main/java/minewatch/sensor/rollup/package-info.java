/// Evidence and octets → one hit per source IP and interval.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.rollup;
