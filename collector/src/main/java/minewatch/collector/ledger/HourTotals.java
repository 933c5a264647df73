package minewatch.collector.ledger;

import com.google.protobuf.ByteString;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import minewatch.feed.v1.Hit;

/// What a transaction adds to the sums by hour, day and week: one row a project, source IP and
/// hour, written down for [Housekeeping] to add up. Rows are only added, so that no transaction
/// waits for another.
final class HourTotals {
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Map<Key, Sum> sums = new HashMap<>();

    private record Key(long projectId, ByteString sourceIp, long hour) {}

    private static final class Sum {
        private long hits;
        private int strength;
        private long firstSeenNanos = Long.MAX_VALUE;
        private long lastSeenNanos = Long.MIN_VALUE;

        void add(Hit hit) {
            hits++;
            strength = Math.max(strength, Verdicts.strength(hit.getVerdict()));
            firstSeenNanos = Math.min(firstSeenNanos, hit.getFirstSeenNanos());
            lastSeenNanos = Math.max(lastSeenNanos, hit.getLastSeenNanos());
        }
    }

    void add(long projectId, Hit hit) {
        long hour = Math.floorDiv(hit.getLastSeenNanos(), HOUR_NANOS);
        sums.computeIfAbsent(new Key(projectId, hit.getSourceIp(), hour), absent -> new Sum())
                .add(hit);
    }

    void store(Connection transaction) throws SQLException {
        try (var rows =
                new BinaryRows(
                        transaction,
                        "hit_to_sum (hour, project_id, source_ip, hits, strength, first_seen, last_seen)")) {
            for (Map.Entry<Key, Sum> entry : sums.entrySet()) {
                Sum sum = entry.getValue();
                rows.row(7);
                rows.time(entry.getKey().hour() * HOUR_NANOS);
                rows.int8(entry.getKey().projectId());
                rows.inet(entry.getKey().sourceIp().toByteArray());
                rows.int8(sum.hits);
                rows.int2((short) sum.strength);
                rows.time(sum.firstSeenNanos);
                rows.time(sum.lastSeenNanos);
            }
            rows.finish();
        }
    }
}
