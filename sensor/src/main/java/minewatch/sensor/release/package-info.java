/// Releases on their way into a running sensor: what the uplink fetched is verified, loaded as a
/// whole, kept on disk, and then put in force.
///
/// - **In:** the bytes of a file, from the uplink. **Out:** an [Equipment] the sensor works with.
/// - **Unknown bytes:** refused with a reason; what is in force stays.
@NullMarked
package minewatch.sensor.release;

import org.jspecify.annotations.NullMarked;
