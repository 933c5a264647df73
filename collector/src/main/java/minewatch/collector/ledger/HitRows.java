package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minewatch.collector.attribute.Allocation;
import minewatch.collector.attribute.Attribution;
import minewatch.feed.Addresses;
import minewatch.feed.HitJson;
import minewatch.feed.v1.Hit;

/// Writes hits, their attributions and the projects these name, within the caller's transaction.
final class HitRows {
    private HitRows() {}

    /// @return as many ids as asked for, ascending
    static List<Long> newIds(Connection connection, int count) throws SQLException {
        try (var statement =
                connection.prepareStatement(
                        "SELECT nextval('hit_id') FROM generate_series(1, ?) ORDER BY 1")) {
            statement.setInt(1, count);
            var ids = new ArrayList<Long>(count);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
            return ids;
        }
    }

    static void insertHits(Connection connection, long batchId, List<Long> ids, List<Hit> hits)
            throws SQLException {
        try (PreparedStatement row =
                connection.prepareStatement(
                        """
                        INSERT INTO hit (id, batch_id, source_ip, first_seen, last_seen, verdict,
                            confidence, record, json)
                        VALUES (?, ?, ?::inet, ?, ?, ?, ?, ?, ?::jsonb)
                        """)) {
            for (int i = 0; i < hits.size(); i++) {
                Hit hit = hits.get(i);
                row.setLong(1, ids.get(i));
                row.setLong(2, batchId);
                row.setString(3, Addresses.text(hit.getSourceIp()));
                row.setObject(4, Times.column(hit.getFirstSeenNanos()));
                row.setObject(5, Times.column(hit.getLastSeenNanos()));
                row.setString(6, Verdicts.name(hit.getVerdict()));
                row.setDouble(7, hit.getConfidence());
                row.setBytes(8, hit.toByteArray());
                row.setString(9, json(hit));
                row.addBatch();
            }
            row.executeBatch();
        }
    }

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
                row.setString(4, joined(claims.stream().map(c -> c.prefix().toString()).toList()));
                row.setString(5, joined(claims.stream().map(Allocation::source).toList()));
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
        var sorted = new TreeMap<String, ProjectKey>();
        keys.forEach(key -> sorted.put(key.key(), key));
        try (PreparedStatement row =
                connection.prepareStatement(
                        """
                        INSERT INTO project (key, kind, enterprise, credit_code, region_code, address)
                        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO
                        """
                                + (refresh
                                        ? """
                                        UPDATE SET enterprise = excluded.enterprise,
                                            credit_code = excluded.credit_code,
                                            region_code = excluded.region_code,
                                            address = excluded.address
                                        """
                                        : "NOTHING"))) {
            for (ProjectKey key : sorted.values()) {
                row.setString(1, key.key());
                row.setString(2, key.kind());
                row.setString(3, key.enterprise());
                row.setString(4, key.creditCode());
                row.setString(5, key.regionCode());
                row.setString(6, key.address());
                row.addBatch();
            }
            row.executeBatch();
        }
        return ids(connection, sorted.keySet());
    }

    private static Map<String, Long> ids(Connection connection, Collection<String> keys)
            throws SQLException {
        try (var statement =
                connection.prepareStatement("SELECT key, id FROM project WHERE key = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            var ids = new HashMap<String, Long>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.put(rows.getString(1), rows.getLong(2));
                }
            }
            return ids;
        }
    }

    /// PostgreSQL's JSON cannot hold U+0000; the record keeps it.
    private static String json(Hit hit) {
        return HitJson.write(hit).replace("\\u0000", "\\ufffd");
    }

    private static String joined(List<String> values) {
        return String.join(", ", values.stream().distinct().toList());
    }
}
