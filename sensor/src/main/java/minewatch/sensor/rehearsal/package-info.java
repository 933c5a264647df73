/// A dry run of the sensor on traffic it makes itself: what the ahead-of-time cache is trained on.
@NullMarked
package minewatch.sensor.rehearsal;

import org.jspecify.annotations.NullMarked;
