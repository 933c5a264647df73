/// Suspect flows × signatures → evidence → verdict; bounded, gives up early.
@org.jspecify.annotations.NullMarked
package minewatch.sensor.inspect;
