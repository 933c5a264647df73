package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import minewatch.collector.accept.KafkaHandler.Received;
import org.jspecify.annotations.Nullable;

/// What the ledger writes for batches that come through Kafka beside the batches themselves, within
/// the caller's transaction.
final class KafkaRows {
    /// Why a batch is missing: others of its sensor came, and it did not.
    private static final String NOT_ARRIVED = "not-arrived";

    /// Why a gap has fewer than no hits: the batch came after all.
    private static final String ARRIVED = "arrived";

    private static final String CONFLICTING = "conflicting";
    private static final int AT_ONCE = 10_000; // batches of one spool looked through in one go

    private final Connection transaction;
    private Map<Stream, Long> accounted = Map.of(); // of the spools that are locked

    KafkaRows(Connection transaction) {
        this.transaction = transaction;
    }

    /// One spool.
    record Stream(String sensor, UUID bootId) implements Comparable<Stream> {
        @Override
        public int compareTo(Stream other) {
            int bySensor = sensor.compareTo(other.sensor);
            return bySensor != 0 ? bySensor : bootId.compareTo(other.bootId);
        }
    }

    Map<Integer, Long> offsets(String topic) throws SQLException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        "SELECT partition, next_offset FROM kafka_offset WHERE topic = ?")) {
            query.setString(1, topic);
            var offsets = new HashMap<Integer, Long>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    offsets.put(rows.getInt(1), rows.getLong(2));
                }
            }
            return offsets;
        }
    }

    /// A collector that has lost the partition without knowing it sets nothing back.
    void advance(String topic, int partition, long nextOffset) throws SQLException {
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        INSERT INTO kafka_offset AS known (topic, partition, next_offset)
                        VALUES (?, ?, ?) ON CONFLICT (topic, partition) DO UPDATE
                        SET next_offset = greatest(known.next_offset, excluded.next_offset)
                        """)) {
            row.setString(1, topic);
            row.setInt(2, partition);
            row.setLong(3, nextOffset);
            row.executeUpdate();
        }
    }

    /// Makes sensors known that were never heard otherwise, and the spools whose batches they are;
    /// what the ledger holds of a spool before its first batch through Kafka is accounted for.
    void introduce(List<Received> batches) throws SQLException {
        SortedSet<Stream> streams = new TreeSet<>(); // one order, so that none waits in a circle
        Map<String, String> versions = new TreeMap<>();
        for (Received one : batches) {
            streams.add(new Stream(one.sensor(), one.bootId()));
            versions.putIfAbsent(one.sensor(), one.version());
        }
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        INSERT INTO sensor (id, version, boot_id) VALUES (?, ?, ?)
                        ON CONFLICT (id) DO NOTHING
                        """)) {
            for (Stream stream : streams) {
                row.setString(1, stream.sensor());
                row.setString(2, versions.get(stream.sensor()));
                row.setObject(3, stream.bootId());
                row.addBatch();
            }
            row.executeBatch();
        }
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        INSERT INTO kafka_stream (sensor_id, boot_id, through_seq)
                        SELECT ?, ?, coalesce(max(seq), 0) FROM batch
                        WHERE sensor_id = ? AND boot_id = ?
                        ON CONFLICT DO NOTHING
                        """)) {
            for (Stream stream : streams) {
                row.setString(1, stream.sensor());
                row.setObject(2, stream.bootId());
                row.setString(3, stream.sensor());
                row.setObject(4, stream.bootId());
                row.addBatch();
            }
            row.executeBatch();
        }
    }

    /// Takes batches that came after all out of the gaps they were missed with.
    ///
    /// @param batches that are new; [#lockShared] was called for them
    void arrived(List<Append> batches) throws SQLException {
        for (Append append : batches) {
            var stream = new Stream(append.sensor(), append.bootId());
            if (append.batch().seq() <= accounted.getOrDefault(stream, 0L)) {
                takeOut(append);
            }
        }
    }

    /// Nobody names batches of these spools missing while this transaction brings some.
    void lockShared(List<Append> batches) throws SQLException {
        Object[] sensors = batches.stream().map(Append::sensor).toArray();
        Object[] bootIds = batches.stream().map(Append::bootId).toArray();
        try (PreparedStatement query =
                transaction.prepareStatement(
                        """
                        SELECT sensor_id, boot_id, through_seq FROM kafka_stream
                        WHERE (sensor_id, boot_id) IN (SELECT * FROM unnest(?::text[], ?::uuid[]))
                        ORDER BY 1, 2 FOR SHARE
                        """)) {
            query.setArray(1, transaction.createArrayOf("text", sensors));
            query.setArray(2, transaction.createArrayOf("uuid", bootIds));
            accounted = streams(query);
        }
    }

    /// Gaps are never changed: the batch takes its hits back by a gap of as many fewer.
    private void takeOut(Append append) throws SQLException {
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        INSERT INTO gap
                            (batch_id, ordinal, reason, detail, first_seq, last_seq, hits)
                        SELECT b.id, 1 + coalesce((SELECT max(ordinal) FROM gap
                                WHERE batch_id = b.id), -1), ?, '', b.seq, b.seq, ?
                        FROM batch b
                        WHERE b.sensor_id = ? AND b.boot_id = ? AND b.seq = ? AND EXISTS (
                            SELECT FROM gap JOIN batch other ON other.id = gap.batch_id
                            WHERE other.sensor_id = b.sensor_id AND other.boot_id = b.boot_id
                                AND gap.reason = 'not-arrived'
                                AND b.seq BETWEEN gap.first_seq AND gap.last_seq)
                        """)) {
            row.setString(1, ARRIVED);
            row.setInt(2, -append.batch().sentHits());
            row.setString(3, append.sensor());
            row.setObject(4, append.bootId());
            row.setLong(5, append.batch().seq());
            row.executeUpdate();
        }
    }

    /// The hits of a batch whose number another has, as a gap of that one.
    void conflict(Append append, String topic, int partition) throws SQLException {
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        INSERT INTO gap
                            (batch_id, ordinal, reason, detail, first_seq, last_seq, hits)
                        SELECT b.id, 1 + coalesce(max(g.ordinal), -1), ?, ?, b.seq, b.seq, ?
                        FROM batch b LEFT JOIN gap g ON g.batch_id = b.id
                        WHERE b.sensor_id = ? AND b.boot_id = ? AND b.seq = ?
                        GROUP BY b.id, b.seq
                        """)) {
            row.setString(1, CONFLICTING);
            row.setString(2, "topic " + topic + ", partition " + partition);
            row.setInt(3, append.batch().sentHits());
            row.setString(4, append.sensor());
            row.setObject(5, append.bootId());
            row.setLong(6, append.batch().seq());
            row.executeUpdate();
        }
    }

    /// The spools whose batches come through Kafka.
    List<Stream> streams() throws SQLException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        "SELECT sensor_id, boot_id, through_seq FROM kafka_stream")) {
            return List.copyOf(streams(query).keySet());
        }
    }

    private static Map<Stream, Long> streams(PreparedStatement query) throws SQLException {
        var streams = new HashMap<Stream, Long>();
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                streams.put(
                        new Stream(rows.getString(1), rows.getObject(2, UUID.class)),
                        rows.getLong(3));
            }
        }
        return streams;
    }

    /// Up to where a spool is accounted for. Nobody else brings batches of it, or names some
    /// missing, in this transaction's time.
    private long lock(Stream stream) throws SQLException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        """
                        SELECT through_seq FROM kafka_stream WHERE sensor_id = ? AND boot_id = ?
                        FOR UPDATE
                        """)) {
            query.setString(1, stream.sensor());
            query.setObject(2, stream.bootId());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /// A batch as far as it tells of those before it.
    ///
    /// @param through hits the spool had been given with this batch; null if not known
    /// @param isOld whether the ones before it should have come by now
    private record Row(
            long id, long seq, @Nullable Long before, @Nullable Long through, boolean isOld) {}

    /// Names what is missing of one spool.
    ///
    /// @return how many batches were named
    long nameMissing(Stream stream, Duration after) throws SQLException {
        long accounted = lock(stream);
        long through = accounted;
        long named = 0;
        Row last = row(stream, accounted);
        for (Row row : rows(stream, accounted, after)) {
            long first = firstMissing(row, through + 1);
            if (first < row.seq()) {
                if (!row.isOld()) {
                    break;
                }
                insertGap(row, first, hitsBetween(last, row, accounted));
                named += row.seq() - first;
            }
            through = row.seq();
            last = row;
        }
        if (through > accounted) {
            accountedFor(stream, through);
        }
        return named;
    }

    private @Nullable Row row(Stream stream, long seq) throws SQLException {
        return rows(stream, "seq = ?", seq, Duration.ZERO).stream().findFirst().orElse(null);
    }

    private List<Row> rows(Stream stream, long afterSeq, Duration after) throws SQLException {
        return rows(stream, "seq > ?", afterSeq, after);
    }

    private List<Row> rows(Stream stream, String which, long seq, Duration after)
            throws SQLException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        "SELECT id, seq, hits_before, hits_before + sent_hits,"
                                + " received_at < now() - make_interval(secs => ?) FROM batch"
                                + " WHERE sensor_id = ? AND boot_id = ? AND "
                                + which
                                + " ORDER BY seq LIMIT "
                                + AT_ONCE)) {
            query.setDouble(1, after.toNanos() / 1e9);
            query.setString(2, stream.sensor());
            query.setObject(3, stream.bootId());
            query.setLong(4, seq);
            var found = new ArrayList<Row>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(
                            new Row(
                                    rows.getLong(1),
                                    rows.getLong(2),
                                    rows.getObject(3, Long.class),
                                    rows.getObject(4, Long.class),
                                    rows.getBoolean(5)));
                }
            }
            return found;
        }
    }

    /// The first number from `expected` on that is neither the batch's own nor in one of its gaps.
    private long firstMissing(Row row, long expected) throws SQLException {
        if (expected >= row.seq()) {
            return row.seq();
        }
        try (PreparedStatement query =
                transaction.prepareStatement(
                        """
                        SELECT first_seq, last_seq FROM gap
                        WHERE batch_id = ? AND last_seq < ? ORDER BY first_seq
                        """)) {
            query.setLong(1, row.id());
            query.setLong(2, row.seq());
            long next = expected;
            try (ResultSet gaps = query.executeQuery()) {
                while (gaps.next()) {
                    if (gaps.getLong(1) <= next) {
                        next = Math.max(next, gaps.getLong(2) + 1);
                    }
                }
            }
            return next;
        }
    }

    /// Hits given to the spool between two batches; 0 if that is not known.
    private static long hitsBetween(@Nullable Row last, Row next, long accounted) {
        Long before = next.before();
        Long through = last == null ? (accounted == 0 ? Long.valueOf(0) : null) : last.through();
        return before == null || through == null ? 0 : Math.max(0, before - through);
    }

    private void insertGap(Row row, long first, long hits) throws SQLException {
        try (PreparedStatement gap =
                transaction.prepareStatement(
                        """
                        INSERT INTO gap
                            (batch_id, ordinal, reason, detail, first_seq, last_seq, hits)
                        SELECT ?, 1 + coalesce(max(ordinal), -1), ?, '', ?, ?,
                            greatest(0, ? - coalesce(sum(hits) FILTER (WHERE last_seq < ?), 0))
                        FROM gap WHERE batch_id = ?
                        """)) {
            gap.setLong(1, row.id());
            gap.setString(2, NOT_ARRIVED);
            gap.setLong(3, first);
            gap.setLong(4, row.seq() - 1);
            gap.setLong(5, hits);
            gap.setLong(6, row.seq());
            gap.setLong(7, row.id());
            gap.executeUpdate();
        }
    }

    private void accountedFor(Stream stream, long through) throws SQLException {
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        UPDATE kafka_stream SET through_seq = ?
                        WHERE sensor_id = ? AND boot_id = ?
                        """)) {
            row.setLong(1, through);
            row.setString(2, stream.sensor());
            row.setObject(3, stream.bootId());
            row.executeUpdate();
        }
    }
}
