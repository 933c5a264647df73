package minewatch.sensor.spool;

import java.nio.file.Path;
import minewatch.config.Setting;

/// Where unacknowledged batches wait, and how much room they may take.
///
/// @param directory belongs to one sensor alone; made if absent
/// @param maxBytes hard limit over all segment files; beyond it the oldest segment is given up and
///   reported as a gap
/// @param segmentBytes size at which a new segment file is begun
public record SpoolConfig(
        @Setting(byDefault = "/var/lib/minewatch/spool") Path directory,
        @Setting(byDefault = "1GiB", min = "1MiB", max = "1TiB") long maxBytes,
        @Setting(byDefault = "64MiB", min = "64KiB", max = "1GiB") long segmentBytes) {
    public SpoolConfig {
        if (segmentBytes > maxBytes / 2) {
            throw new IllegalArgumentException(
                    "spool.segment-bytes: "
                            + segmentBytes
                            + " (expected: at most half of max-bytes, "
                            + maxBytes
                            + ")");
        }
    }
}
