package minewatch.collector.report;

import java.util.List;
import minewatch.feed.v1.Hit;
import org.jspecify.annotations.Nullable;

/// One project with the hits it rests on, newest first.
public record ProjectDetail(ProjectRow row, List<StoredHit> hits, boolean moreHits) {
    /// A hit as it was received.
    ///
    /// @param id row id in the ledger
    /// @param attributedTo `prefix` of the registry row that named the enterprise; null if none did
    /// @param attributionSource which registry said so; null if none did
    public record StoredHit(
            long id, Hit hit, @Nullable String attributedTo, @Nullable String attributionSource) {}
}
