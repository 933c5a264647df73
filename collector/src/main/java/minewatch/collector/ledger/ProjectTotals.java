package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.PowerWatts;

/// The totals of several (project, source IP) pairs, collected in memory and merged into the
/// database in one order, so that two transactions never wait for each other in a circle.
final class ProjectTotals {
    private static final String MERGE_SOURCE =
            """
            INSERT INTO project_source AS old (project_id, source_ip, hits, first_seen, last_seen,
                strength, confidence, mines, sessions, protocols,
                power_seen, power_low, power_best, power_high, miners)
            VALUES (?, ?::inet, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0))
            ON CONFLICT (project_id, source_ip) DO UPDATE SET
                hits = old.hits + excluded.hits,
                first_seen = least(old.first_seen, excluded.first_seen),
                last_seen = greatest(old.last_seen, excluded.last_seen),
                strength = greatest(old.strength, excluded.strength),
                confidence = CASE
                    WHEN excluded.strength > old.strength THEN excluded.confidence
                    WHEN excluded.strength < old.strength THEN old.confidence
                    ELSE greatest(old.confidence, excluded.confidence) END,
                mines = old.mines OR excluded.mines,
                sessions = greatest(old.sessions, excluded.sessions),
                protocols = (ARRAY(SELECT DISTINCT unnest(old.protocols || excluded.protocols)
                    ORDER BY 1))[1:64],
                power_seen = CASE WHEN excluded.power_seen >= coalesce(old.power_seen, '-infinity')
                    THEN excluded.power_seen ELSE old.power_seen END,
                power_low = CASE WHEN excluded.power_seen >= coalesce(old.power_seen, '-infinity')
                    THEN excluded.power_low ELSE old.power_low END,
                power_best = CASE WHEN excluded.power_seen >= coalesce(old.power_seen, '-infinity')
                    THEN excluded.power_best ELSE old.power_best END,
                power_high = CASE WHEN excluded.power_seen >= coalesce(old.power_seen, '-infinity')
                    THEN excluded.power_high ELSE old.power_high END,
                miners = greatest(old.miners, excluded.miners)
            """;

    private static final String MERGE_HASHRATE =
            """
            INSERT INTO project_hashrate AS old (project_id, source_ip, algorithm, unit, sensor,
                hour, hashes, squares, shares, seen, powered, energy_low, energy_best, energy_high)
            VALUES (?, ?::inet, ?, ?, ?, ?, ?, ?, ?, ?::tstzmultirange, ?, ?, ?, ?)
            ON CONFLICT (project_id, source_ip, algorithm, unit, sensor, hour) DO UPDATE SET
                hashes = old.hashes + excluded.hashes,
                squares = old.squares + excluded.squares,
                shares = old.shares + excluded.shares,
                seen = old.seen + excluded.seen,
                powered = old.powered + excluded.powered,
                energy_low = old.energy_low + excluded.energy_low,
                energy_best = old.energy_best + excluded.energy_best,
                energy_high = old.energy_high + excluded.energy_high
            """;

    /// Twice what a report pools: the newest hits may be attributed elsewhere later.
    private static final String FORGET_HASHRATE =
            """
            DELETE FROM project_hashrate WHERE project_id = ? AND source_ip = ?::inet
                AND hour <= ?::timestamptz - interval '48 hours'
            """;

    private final Map<Key, SourceTotals> totals =
            new TreeMap<>(Comparator.comparingLong(Key::projectId).thenComparing(Key::sourceIp));

    private record Key(long projectId, String sourceIp) {}

    void add(long projectId, Hit hit) {
        String sourceIp = Addresses.text(hit.getSourceIp());
        totals.computeIfAbsent(new Key(projectId, sourceIp), absent -> new SourceTotals()).add(hit);
    }

    void merge(Connection connection) throws SQLException {
        try (PreparedStatement source = connection.prepareStatement(MERGE_SOURCE);
                PreparedStatement hashrate = connection.prepareStatement(MERGE_HASHRATE);
                PreparedStatement forget = connection.prepareStatement(FORGET_HASHRATE)) {
            for (var entry : totals.entrySet()) {
                addSource(connection, source, entry.getKey(), entry.getValue());
                addHashrates(hashrate, entry.getKey(), entry.getValue());
                addForget(forget, entry.getKey(), entry.getValue());
            }
            source.executeBatch();
            hashrate.executeBatch();
            forget.executeBatch();
        }
    }

    private static void addSource(
            Connection connection, PreparedStatement row, Key key, SourceTotals sum)
            throws SQLException {
        row.setLong(1, key.projectId());
        row.setString(2, key.sourceIp());
        row.setLong(3, sum.hits);
        row.setObject(4, Times.column(sum.firstSeenNanos));
        row.setObject(5, Times.column(sum.lastSeenNanos));
        row.setInt(6, sum.strength);
        row.setDouble(7, sum.confidence);
        row.setBoolean(8, sum.mines);
        row.setInt(9, sum.sessions);
        row.setArray(10, connection.createArrayOf("text", sum.protocols.toArray()));
        PowerWatts power = sum.power;
        if (power == null) {
            row.setNull(11, Types.TIMESTAMP_WITH_TIMEZONE);
            row.setNull(12, Types.DOUBLE);
            row.setNull(13, Types.DOUBLE);
            row.setNull(14, Types.DOUBLE);
        } else {
            row.setObject(11, Times.column(sum.powerSeenNanos));
            row.setDouble(12, power.getLow());
            row.setDouble(13, power.getBest());
            row.setDouble(14, power.getHigh());
        }
        row.setInt(15, sum.miners);
        row.addBatch();
    }

    private static void addHashrates(PreparedStatement row, Key key, SourceTotals sum)
            throws SQLException {
        for (var entry : sum.work.entrySet()) {
            SourceTotals.WorkKey of = entry.getKey();
            PooledWork work = entry.getValue();
            row.setLong(1, key.projectId());
            row.setString(2, key.sourceIp());
            row.setString(3, of.algorithm());
            row.setString(4, of.unit());
            row.setString(5, of.sensor());
            row.setObject(6, of.hour().atOffset(ZoneOffset.UTC));
            row.setDouble(7, work.hashes());
            row.setDouble(8, work.squares());
            row.setLong(9, work.shares());
            row.setString(10, work.seen());
            row.setDouble(11, work.powered());
            row.setDouble(12, work.energyLow());
            row.setDouble(13, work.energyBest());
            row.setDouble(14, work.energyHigh());
            row.addBatch();
        }
    }

    private static void addForget(PreparedStatement row, Key key, SourceTotals sum)
            throws SQLException {
        if (!sum.work.isEmpty()) {
            row.setLong(1, key.projectId());
            row.setString(2, key.sourceIp());
            row.setObject(3, Times.column(sum.lastSeenNanos));
            row.addBatch();
        }
    }
}
