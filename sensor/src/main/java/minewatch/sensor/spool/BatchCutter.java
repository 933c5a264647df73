package minewatch.sensor.spool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import minewatch.feed.SourcePrefix;
import minewatch.feed.v1.Hit;

/// Cuts the hits of an interval into batches that fit frame and wire.
final class BatchCutter {
    /// A batch is closed when the next hit would take it beyond this, bytes.
    static final int TARGET = 256 << 10;

    /// The largest single hit, bytes; room is left for the batch's own fields.
    static final int MAX_HIT = Frames.MAX_PAYLOAD - 1024;

    private static final int PER_HIT = 6; // bytes: field tag and length

    private BatchCutter() {}

    /// Like [#cut], prefix by prefix in order of their first hit.
    static List<List<Hit>> cutBySourcePrefix(List<Hit> hits) {
        Map<String, List<Hit>> prefixes = new LinkedHashMap<>();
        for (Hit hit : hits) {
            prefixes.computeIfAbsent(SourcePrefix.of(hit.getSourceIp()), _ -> new ArrayList<>())
                    .add(hit);
        }
        return prefixes.values().stream().flatMap(some -> cut(some).stream()).toList();
    }

    /// In order; no batch is empty. Every hit must be at most [#MAX_HIT] bytes.
    static List<List<Hit>> cut(List<Hit> hits) {
        List<List<Hit>> batches = new ArrayList<>();
        List<Hit> batch = new ArrayList<>();
        int bytes = 0;
        for (Hit hit : hits) {
            int size = hit.getSerializedSize() + PER_HIT;
            if (!batch.isEmpty() && bytes + size > TARGET) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(hit);
            bytes += size;
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }
}
