package minewatch.collector.report;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One sensor, as the collector last heard of it.
///
/// @param state `silent`: not heard for a minute; `blind`: heard, and no packet came for a minute;
///   `dropping`: packets were dropped in the last minute; `overloaded`: it does not keep up, and
///   does without some of the work so as not to drop; `well`
/// @param heardAt the last hello or heartbeat
/// @param packetsAt when it last had seen new packets; null: never
/// @param dropsAt when it last had dropped packets; null: never
/// @param hitsAt when the last batch with hits came; null: never
/// @param pack revision of the signatures it uses; null: not told
/// @param waitingBatches in its spool
/// @param clockOffsetNanos NTP server's clock minus the sensor's; null if not known
public record SensorRow(
        String id,
        String version,
        @Nullable String pack,
        String state,
        Instant heardAt,
        @Nullable Instant packetsAt,
        @Nullable Instant dropsAt,
        @Nullable Instant hitsAt,
        long waitingBatches,
        @Nullable Long clockOffsetNanos) {}
