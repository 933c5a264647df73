/// Made-up traffic: what the ahead-of-time cache is trained on, and the sensor warms up with.
@NullMarked
package minewatch.sensor.rehearsal;

import org.jspecify.annotations.NullMarked;
