package minewatch.sensor.output;

import java.nio.file.Path;
import minewatch.config.Setting;
import org.jspecify.annotations.Nullable;

/// A file of EVE events beside the collector.
///
/// @param file appended to; none: there is no such file
/// @param rotateBytes at which the file is set aside as `FILE.1` and begun anew
/// @param keep files set aside that are kept
public record EveConfig(
        @Nullable Path file,
        @Setting(byDefault = "100MiB", min = "64KiB", max = "1TiB") long rotateBytes,
        @Setting(byDefault = "5", min = "1", max = "1000") int keep) {}
