package minewatch.sensor.release;

import java.nio.file.Path;
import java.util.List;
import minewatch.config.Setting;

/// Whose releases the sensor takes from its collector.
///
/// @param keys PEM: public keys, one of which must have signed a release; none: none is fetched
/// @param directory where the release in force is kept, and the one before; made if absent
public record ReleaseConfig(
        List<Path> keys, @Setting(byDefault = "/var/lib/minewatch/releases") Path directory) {}
