package minewatch.collector.ledger;

import com.google.protobuf.ByteString;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import minewatch.collector.accept.BatchHandler.StoreException;
import minewatch.collector.accept.CheckedBatch;
import org.jspecify.annotations.Nullable;

/// Writes the rows of batches and their gaps, within the caller's transaction.
final class BatchRows {
    private static final String INSERT =
            """
            INSERT INTO batch (sensor_id, boot_id, seq, created_at, digest, hits, gaps,
                hits_before, sent_hits, clock_jump)
            SELECT * FROM unnest(?::text[], ?::uuid[], ?::bigint[], ?::timestamptz[], ?::bytea[],
                ?::integer[], ?::integer[], ?::bigint[], ?::integer[], ?::float8[])
            ON CONFLICT DO NOTHING RETURNING id, sensor_id, boot_id, seq,
                (received_at AT TIME ZONE 'UTC')::date - DATE '1970-01-01'
            """;

    private static final double NANOS = 1e9;

    private final Connection transaction;

    BatchRows(Connection transaction) {
        this.transaction = transaction;
    }

    /// What names a batch for ever.
    private record Key(String sensor, UUID bootId, long seq) {
        static Key of(Append append) {
            return new Key(append.sensor(), append.bootId(), append.batch().seq());
        }
    }

    /// A batch that was not there yet.
    ///
    /// @param receivedOn by the database's clock, days since the Unix epoch
    record Inserted(Append append, long id, long receivedOn) {}

    /// Writes those that are new, and their gaps; tells each what was found.
    ///
    /// @param group in the order of [Append#BY_KEY]
    List<Inserted> insert(List<Append> group) throws SQLException {
        Map<Key, long[]> rows = insertRows(group);
        var inserted = new java.util.ArrayList<Inserted>();
        for (Append append : group) {
            long[] row = rows.remove(Key.of(append)); // the second of two alike is a repetition
            if (row == null) {
                append.found(false, refusalOfOtherContent(append));
            } else {
                append.found(true, null);
                inserted.add(new Inserted(append, row[0], row[1]));
            }
        }
        for (Inserted batch : inserted) {
            insertGaps(batch.id(), counted(batch.append()));
        }
        return inserted;
    }

    private Map<Key, long[]> insertRows(List<Append> group) throws SQLException {
        try (PreparedStatement rows = transaction.prepareStatement(INSERT)) {
            rows.setArray(1, array("text", group, Append::sensor));
            rows.setArray(2, array("uuid", group, Append::bootId));
            rows.setArray(3, array("bigint", group, append -> append.batch().seq()));
            rows.setArray(4, array("timestamptz", group, append -> createdAt(append.batch())));
            rows.setArray(
                    5,
                    transaction.createArrayOf(
                            "bytea",
                            group.stream()
                                    .map(append -> append.batch().digest().toByteArray())
                                    .toArray(byte[][]::new)));
            rows.setArray(6, array("integer", group, append -> append.batch().hits().size()));
            rows.setArray(7, array("integer", group, append -> append.batch().gaps().size()));
            rows.setArray(8, array("bigint", group, append -> boxed(append.batch().hitsBefore())));
            rows.setArray(9, array("integer", group, append -> append.batch().sentHits()));
            rows.setArray(10, array("float8", group, append -> clockJump(append.batch())));
            var inserted = new HashMap<Key, long[]>();
            try (ResultSet row = rows.executeQuery()) {
                while (row.next()) {
                    inserted.put(
                            new Key(row.getString(2), row.getObject(3, UUID.class), row.getLong(4)),
                            new long[] {row.getLong(1), row.getLong(5)});
                }
            }
            return inserted;
        }
    }

    private java.sql.Array array(
            String type, List<Append> group, Function<Append, @Nullable Object> value)
            throws SQLException {
        return transaction.createArrayOf(type, group.stream().map(value).toArray());
    }

    private static OffsetDateTime createdAt(CheckedBatch batch) {
        return Times.column(batch.createdNanos());
    }

    private static @Nullable Double clockJump(CheckedBatch batch) {
        return batch.clockJumpNanos() == 0 ? null : (double) batch.clockJumpNanos() / NANOS;
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    /// The same number with another content: the sensor's disk was set back to an older state.
    ///
    /// @return null if the content is the same
    private @Nullable StoreException refusalOfOtherContent(Append append) throws SQLException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        "SELECT digest FROM batch WHERE sensor_id = ? AND boot_id = ? AND seq ="
                                + " ?")) {
            setKey(query, append);
            try (ResultSet row = query.executeQuery()) {
                return !row.next()
                                || append.batch()
                                        .digest()
                                        .equals(ByteString.copyFrom(row.getBytes(1)))
                        ? null
                        : new StoreException(
                                "batch "
                                        + append.batch().seq()
                                        + ": other hits than the collector holds under this number"
                                        + " (expected: a spool that was never set back to an older"
                                        + " copy; empty it, so that it takes a new boot id)",
                                true);
            }
        }
    }

    /// The gaps, and where one of them does not say how many hits are lost, it is told by what the
    /// sensor counted before this batch and had counted by the one that was stored last.
    private List<CheckedBatch.HitGap> counted(Append append) throws SQLException {
        CheckedBatch batch = append.batch();
        var lost =
                batch.gaps().stream()
                        .filter(gap -> !gap.reason().equals(CheckedBatch.REJECTED))
                        .toList();
        var unknown = lost.stream().filter(gap -> gap.hits() == 0).toList();
        if (unknown.size() != 1 || batch.hitsBefore().isEmpty()) {
            return batch.gaps();
        }
        long first = lost.stream().mapToLong(CheckedBatch.HitGap::firstSeq).min().orElse(0);
        OptionalLong through = hitsBefore(append, first);
        if (through.isEmpty()) {
            return batch.gaps();
        }
        long known = lost.stream().mapToLong(CheckedBatch.HitGap::hits).sum();
        long hits = batch.hitsBefore().getAsLong() - through.getAsLong() - known;
        return batch.gaps().stream()
                .map(gap -> gap.equals(unknown.getFirst()) && hits > 0 ? gap.withHits(hits) : gap)
                .toList();
    }

    /// Hits the sensor's spool had been given with the batch before the first lost one; empty if
    /// that one is not there (through Kafka, others come in between) or does not tell.
    private OptionalLong hitsBefore(Append append, long firstLost) throws SQLException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        """
                        SELECT seq, hits_before + sent_hits FROM batch
                        WHERE sensor_id = ? AND boot_id = ? AND seq < ? ORDER BY seq DESC LIMIT 1
                        """)) {
            setKey(query, append);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return firstLost == 1 ? OptionalLong.of(0) : OptionalLong.empty();
                }
                Long through = row.getObject(2, Long.class);
                return through == null || row.getLong(1) != firstLost - 1
                        ? OptionalLong.empty()
                        : OptionalLong.of(through);
            }
        }
    }

    private static void setKey(PreparedStatement query, Append append) throws SQLException {
        query.setString(1, append.sensor());
        query.setObject(2, append.bootId());
        query.setLong(3, append.batch().seq());
    }

    private void insertGaps(long batchId, List<CheckedBatch.HitGap> gaps) throws SQLException {
        if (gaps.isEmpty()) {
            return;
        }
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        INSERT INTO gap
                            (batch_id, ordinal, reason, detail, first_seq, last_seq, hits)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """)) {
            for (int i = 0; i < gaps.size(); i++) {
                CheckedBatch.HitGap gap = gaps.get(i);
                row.setLong(1, batchId);
                row.setInt(2, i);
                row.setString(3, gap.reason());
                row.setString(4, gap.detail());
                row.setLong(5, gap.firstSeq());
                row.setLong(6, gap.lastSeq());
                row.setLong(7, gap.hits());
                row.addBatch();
            }
            row.executeBatch();
        }
    }
}
