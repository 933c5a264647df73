package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import minewatch.collector.attribute.Allocation;
import minewatch.collector.attribute.Attribution;
import minewatch.feed.v1.Hit;
import org.jspecify.annotations.Nullable;

/// Writes hits, corrections of their attributions and the projects these name, within the caller's
/// transaction.
final class HitRows {
    private HitRows() {}

    /// A hit that is to be stored, and what it is attributed to.
    ///
    /// @param record the hit as serialized
    record NewHit(
            long batchId, Hit hit, byte[] record, Attribution attribution, ProjectKey project) {}

    /// Hits on their way into the table.
    static final class Inserter implements AutoCloseable {
        private static final String COLUMNS =
                """
                hit (batch_id, received_on, source_ip, first_seen, last_seen, verdict, confidence,
                    project_id, allocations, prefix, source, revision, record)
                """;

        private final BinaryRows rows;
        private final long receivedOn;
        private final long revision;

        /// @param receivedOn days since the Unix epoch; there are partitions for it
        /// @param revision of the registry the attributions rest on
        Inserter(Connection connection, long receivedOn, long revision) throws SQLException {
            this.rows = new BinaryRows(connection, COLUMNS);
            this.receivedOn = receivedOn;
            this.revision = revision;
        }

        void add(NewHit added, long project) throws SQLException {
            Hit hit = added.hit();
            List<Allocation> claims = added.attribution().allocations();
            rows.row(13);
            rows.int8(added.batchId());
            rows.date(receivedOn);
            rows.inet(hit.getSourceIp().toByteArray());
            rows.time(hit.getFirstSeenNanos());
            rows.time(hit.getLastSeenNanos());
            rows.text(Verdicts.name(hit.getVerdict()));
            rows.float8(hit.getConfidence());
            rows.int8(project);
            rows.int8s(claims.stream().mapToLong(Allocation::id).toArray());
            rows.text(claims.isEmpty() ? null : prefixes(claims));
            rows.text(claims.isEmpty() ? null : sources(claims));
            rows.int8(revision);
            rows.bytea(added.record());
        }

        void finish() throws SQLException {
            rows.finish();
        }

        /// Without [#finish()] before, nothing is stored.
        @Override
        public void close() throws SQLException {
            rows.close();
        }
    }

    /// What holds of hits from now on.
    ///
    /// @param attributions of the hits of these ids, in the same order
    /// @param projects ids by key, as [#projects(Connection, Collection, boolean)] gave them
    static void insertAttributions(
            Connection connection,
            List<Long> ids,
            List<Attribution> attributions,
            List<Long> projects,
            long revision)
            throws SQLException {
        try (PreparedStatement row =
                connection.prepareStatement(
                        """
                        INSERT INTO attribution
                            (hit_id, project_id, allocations, prefix, source, revision)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """)) {
            for (int i = 0; i < ids.size(); i++) {
                List<Allocation> claims = attributions.get(i).allocations();
                row.setLong(1, ids.get(i));
                row.setLong(2, projects.get(i));
                row.setArray(
                        3,
                        connection.createArrayOf(
                                "bigint", claims.stream().map(Allocation::id).toArray()));
                row.setString(4, prefixes(claims));
                row.setString(5, sources(claims));
                row.setLong(6, revision);
                row.addBatch();
            }
            row.executeBatch();
        }
    }

    /// Ids of the projects of these keys, made where absent, in one order for every transaction.
    ///
    /// @param refresh also take over names and places as the registry spells them now
    static Map<String, Long> projects(
            Connection connection, Collection<ProjectKey> keys, boolean refresh)
            throws SQLException {
        var missing = new TreeMap<String, ProjectKey>();
        keys.forEach(key -> missing.put(key.key(), key));
        Map<String, Long> ids = new HashMap<>();
        if (!refresh) {
            addIds(connection, missing.keySet(), ids);
            ids.keySet().forEach(missing::remove);
        }
        if (!missing.isEmpty()) {
            insertProjects(connection, missing.values(), refresh);
            addIds(connection, missing.keySet(), ids);
        }
        return ids;
    }

    private static void insertProjects(
            Connection connection, Collection<ProjectKey> projects, boolean refresh)
            throws SQLException {
        try (PreparedStatement rows =
                connection.prepareStatement(
                        """
                        INSERT INTO project (key, kind, enterprise, credit_code, region_code, address)
                        SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::text[])
                        ON CONFLICT (key) DO
                        """
                                + (refresh
                                        ? """
                                        UPDATE SET enterprise = excluded.enterprise,
                                            credit_code = excluded.credit_code,
                                            region_code = excluded.region_code,
                                            address = excluded.address
                                        """
                                        : "NOTHING"))) {
            List<Function<ProjectKey, @Nullable String>> columns =
                    List.of(
                            ProjectKey::key,
                            ProjectKey::kind,
                            ProjectKey::enterprise,
                            ProjectKey::creditCode,
                            ProjectKey::regionCode,
                            ProjectKey::address);
            for (int i = 0; i < columns.size(); i++) {
                Object[] values = projects.stream().map(columns.get(i)).toArray();
                rows.setArray(i + 1, connection.createArrayOf("text", values));
            }
            rows.executeUpdate();
        }
    }

    private static void addIds(
            Connection connection, Collection<String> keys, Map<String, Long> ids)
            throws SQLException {
        try (var statement =
                connection.prepareStatement("SELECT key, id FROM project WHERE key = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
    }

    private static String prefixes(List<Allocation> claims) {
        return joined(claims.stream().map(claim -> claim.prefix().toString()).toList());
    }

    private static String sources(List<Allocation> claims) {
        return joined(claims.stream().map(Allocation::source).toList());
    }

    private static String joined(List<String> values) {
        return String.join(", ", values.stream().distinct().toList());
    }
}
