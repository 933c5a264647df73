package minewatch.collector.accept;

import com.google.protobuf.ByteString;
import java.util.List;
import minewatch.feed.v1.Hit;

/// A batch whose hits are all possible; those that were not have become gaps.
///
/// @param seq from 1, without holes for one boot id
/// @param createdNanos wall clock of the sensor, nanoseconds since the Unix epoch, within 1970–2200
/// @param digest SHA-256 of what was sent, to tell a replay from another batch of the same number
public record CheckedBatch(
        long seq, long createdNanos, ByteString digest, List<Hit> hits, List<HitGap> gaps) {

    /// Hits known to be missing.
    ///
    /// @param reason `spool-full`, `quarantined`, `rejected`, ...
    /// @param detail for a rejected hit, the field that is impossible; else empty
    /// @param hits how many; 0 if unknown
    public record HitGap(String reason, String detail, long firstSeq, long lastSeq, long hits) {}
}
