package minewatch.collector.ledger;

import java.time.Duration;
import minewatch.config.Setting;
import org.jspecify.annotations.Nullable;

/// How long hits are kept after they came in. Absent: for ever. Sums over them are kept in any
/// case.
///
/// @param evidence hits with verdict miner, probable, relay or browser
/// @param weak hits with verdict possible or node
public record RetentionConfig(
        @Setting(min = "7d", max = "36500d") @Nullable Duration evidence,
        @Setting(min = "7d", max = "36500d") @Nullable Duration weak) {
    /// Nothing is dropped.
    public static final RetentionConfig FOR_EVER = new RetentionConfig(null, null);
}
