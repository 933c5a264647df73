package minewatch.collector.accept;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.OptionalLong;
import minewatch.feed.v1.Hit;

/// A batch whose hits are all possible; those that were not have become gaps.
///
/// @param seq from 1, without holes for one boot id
/// @param createdNanos wall clock of the sensor, nanoseconds since the Unix epoch, within 1970–2200
/// @param clockJumpNanos how far the sensor's clock was set since its batch before; 0: it was not
/// @param hitsBefore hits the sensor's spool was given before this batch; empty if not known
/// @param sentHits hits that were in it, refused ones included
/// @param digest SHA-256 of what was sent, to tell a replay from another batch of the same number
/// @param records the hits as they were sent, in the same order: stored as they are
public record CheckedBatch(
        long seq,
        long createdNanos,
        long clockJumpNanos,
        OptionalLong hitsBefore,
        int sentHits,
        ByteString digest,
        List<Hit> hits,
        List<byte[]> records,
        List<HitGap> gaps) {

    /// The reason of a gap made here, for a hit with an impossible field.
    public static final String REJECTED = "rejected";

    /// Hits known to be missing.
    ///
    /// @param reason `spool-full`, `quarantined`, `rejected`, ...
    /// @param detail for a rejected hit, the field that is impossible; else empty
    /// @param hits how many; 0 if unknown
    public record HitGap(String reason, String detail, long firstSeq, long lastSeq, long hits) {
        public HitGap withHits(long count) {
            return new HitGap(reason, detail, firstSeq, lastSeq, count);
        }
    }
}
