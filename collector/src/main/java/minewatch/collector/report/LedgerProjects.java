package minewatch.collector.report;

import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import minewatch.collector.ledger.Verdicts;
import minewatch.feed.v1.Hit;
import org.jspecify.annotations.Nullable;

/// [Projects] as the ledger's database has them at the moment of asking.
///
/// - Miners are the source IPs with a hit `miner`, `probable` or `browser`. Behind each of them is
///   one at least, and more where a hit tells so: of each the most in one hit, added up.
/// - Hashrate and power are sums over source IPs. Each one's rests on all shares of the 24 hours up
///   to its newest hit (view `project_rate`); power for which that cannot be said is the latest.
///   Lower bounds are added to lower bounds and upper to upper, which is wider than 95 % for the
///   sum and never narrower.
/// - A relay passes on what its miners do. Where miners behind it are seen themselves, its own
///   estimate is left out of the sum, so that nothing counts twice.
public final class LedgerProjects implements Projects {
    private static final int MAX_ROWS = 10_000;
    private static final int RELAY = Verdicts.strength(minewatch.feed.v1.Verdict.RELAY);

    private static final String ROWS =
            """
            SELECT p.id, p.kind, p.enterprise, p.credit_code, p.region_code, p.address,
                t.miners, t.sessions, t.protocols, t.power_low, t.power_best, t.power_high,
                t.first_seen, t.last_seen, t.strength, t.confidence, t.source_ips,
                t.miners_at_least
            FROM project p
            JOIN LATERAL (
                SELECT count(*) FILTER (WHERE s.mines) AS miners,
                    CASE WHEN count(*) FILTER (WHERE s.mines) = 0 THEN sum(s.miners)
                        WHEN count(s.miners) FILTER (WHERE s.mines) > 0
                            THEN sum(greatest(s.miners, 1)) FILTER (WHERE s.mines)
                        END AS miners_at_least,
                    sum(s.sessions) AS sessions,
                    (SELECT array_agg(DISTINCT protocol ORDER BY protocol)
                        FROM project_source q CROSS JOIN LATERAL unnest(q.protocols) protocol
                        WHERE q.project_id = p.id) AS protocols,
                    (array_agg(host(s.source_ip) ORDER BY s.last_seen DESC, s.source_ip))[1:8]
                        AS source_ips,
                    min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen,
                    max(s.strength) AS strength,
                    (array_agg(s.confidence ORDER BY s.strength DESC, s.confidence DESC))[1]
                        AS confidence,
                    coalesce(sum(w.low) FILTER (WHERE s.strength <> %1$d), sum(w.low))
                        AS power_low,
                    coalesce(sum(w.best) FILTER (WHERE s.strength <> %1$d), sum(w.best))
                        AS power_best,
                    coalesce(sum(w.high) FILTER (WHERE s.strength <> %1$d), sum(w.high))
                        AS power_high
                FROM project_source s
                LEFT JOIN (
                    SELECT source_ip, sum(power_low) AS low, sum(power_best) AS best,
                        sum(power_high) AS high
                    FROM project_rate WHERE project_id = p.id GROUP BY source_ip
                ) pooled USING (source_ip)
                CROSS JOIN LATERAL (SELECT coalesce(pooled.low, s.power_low) AS low,
                    coalesce(pooled.best, s.power_best) AS best,
                    coalesce(pooled.high, s.power_high) AS high) w
                WHERE s.project_id = p.id
            ) t ON t.strength IS NOT NULL
            """
                    .formatted(RELAY);

    private static final String LIST =
            ROWS
                    + """
                    WHERE (?::text IS NULL OR p.region_code LIKE ?)
                        AND (?::text IS NULL OR p.enterprise ILIKE ? OR p.address ILIKE ?
                            OR p.credit_code ILIKE ?
                            OR EXISTS (SELECT 1 FROM project_source f
                                WHERE f.project_id = p.id AND host(f.source_ip) ILIKE ?))
                    ORDER BY t.strength DESC, t.last_seen DESC, p.id LIMIT %d
                    """
                            .formatted(MAX_ROWS);

    private static final String HASHRATES =
            """
            SELECT h.project_id, h.algorithm, h.unit,
                coalesce(sum(h.low) FILTER (WHERE s.strength <> %1$d), sum(h.low)),
                coalesce(sum(h.best) FILTER (WHERE s.strength <> %1$d), sum(h.best)),
                coalesce(sum(h.high) FILTER (WHERE s.strength <> %1$d), sum(h.high)),
                coalesce(sum(h.shares) FILTER (WHERE s.strength <> %1$d), sum(h.shares))
            FROM project_rate h JOIN project_source s USING (project_id, source_ip)
            WHERE h.project_id = ANY (?)
            GROUP BY h.project_id, h.algorithm, h.unit ORDER BY h.algorithm, h.unit
            """
                    .formatted(RELAY);

    private static final String HITS =
            """
            (SELECT h.id, h.record, h.prefix, h.source FROM hit h
                WHERE h.project_id = ? AND NOT EXISTS (SELECT 1 FROM attribution WHERE hit_id = h.id)
                ORDER BY h.id DESC LIMIT ?)
            UNION ALL
            (SELECT h.id, h.record, a.prefix, a.source
                FROM attribution a JOIN hit h ON h.id = a.hit_id
                WHERE a.project_id = ? AND NOT EXISTS (SELECT 1 FROM attribution later
                    WHERE later.hit_id = a.hit_id AND later.id > a.id)
                ORDER BY a.hit_id DESC LIMIT ?)
            ORDER BY id DESC LIMIT ?
            """;

    private final DataSource database;

    public LedgerProjects(DataSource database) {
        this.database = database;
    }

    @Override
    public List<ProjectRow> list(@Nullable String regionPrefix, @Nullable String text) {
        String region = blankToNull(regionPrefix);
        String part = blankToNull(text);
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(LIST)) {
            query.setString(1, region);
            query.setString(2, region == null ? null : escaped(region) + "%");
            String pattern = part == null ? null : "%" + escaped(part) + "%";
            for (int i = 3; i <= 7; i++) {
                query.setString(i, pattern);
            }
            return rows(connection, query);
        } catch (SQLException e) {
            throw new LedgerUnavailableException(e);
        }
    }

    @Override
    public Optional<ProjectDetail> find(long id, int hitLimit) {
        if (hitLimit < 1 || hitLimit > 1000) {
            throw new IllegalArgumentException("hitLimit: " + hitLimit + " (expected: 1 to 1000)");
        }
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(ROWS + " WHERE p.id = ?")) {
            query.setLong(1, id);
            List<ProjectRow> rows = rows(connection, query);
            return rows.isEmpty()
                    ? Optional.empty()
                    : Optional.of(detail(connection, rows.getFirst(), hitLimit));
        } catch (SQLException e) {
            throw new LedgerUnavailableException(e);
        }
    }

    private static ProjectDetail detail(Connection connection, ProjectRow row, int hitLimit)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(HITS)) {
            query.setLong(1, row.id());
            query.setInt(2, hitLimit + 1);
            query.setLong(3, row.id());
            query.setInt(4, hitLimit + 1);
            query.setInt(5, hitLimit + 1);
            var hits = new ArrayList<ProjectDetail.StoredHit>();
            try (ResultSet hit = query.executeQuery()) {
                while (hit.next()) {
                    hits.add(
                            new ProjectDetail.StoredHit(
                                    hit.getLong(1),
                                    parse(hit.getBytes(2)),
                                    blankToNull(hit.getString(3)),
                                    blankToNull(hit.getString(4))));
                }
            }
            boolean more = hits.size() > hitLimit;
            return new ProjectDetail(
                    row, List.copyOf(more ? hits.subList(0, hitLimit) : hits), more);
        }
    }

    private static Hit parse(byte[] hitRecord) throws SQLException {
        try {
            return Hit.parseFrom(hitRecord);
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("a stored hit is unreadable", e);
        }
    }

    private static List<ProjectRow> rows(Connection connection, PreparedStatement query)
            throws SQLException {
        var found = new ArrayList<ProjectRow>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                found.add(row(row));
            }
        }
        Map<Long, List<HashrateEstimate>> hashrates = hashrates(connection, found);
        return found.stream()
                .map(row -> with(row, hashrates.getOrDefault(row.id(), List.of())))
                .toList();
    }

    private static ProjectRow row(ResultSet row) throws SQLException {
        double powerLow = row.getDouble(10);
        Band power =
                row.wasNull() ? null : new Band(powerLow, row.getDouble(11), row.getDouble(12));
        java.sql.Array protocols = row.getArray(9);
        long minersAtLeast = row.getLong(18);
        boolean minersTold = !row.wasNull();
        return new ProjectRow(
                row.getLong(1),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                List.of((String[]) row.getArray(17).getArray()),
                row.getString(2).equals("contested"),
                row.getInt(7),
                minersTold ? minersAtLeast : null,
                (int) Math.min(Integer.MAX_VALUE, row.getLong(8)),
                protocols == null ? List.of() : List.of((String[]) protocols.getArray()),
                List.of(),
                power,
                row.getObject(13, OffsetDateTime.class).toInstant(),
                row.getObject(14, OffsetDateTime.class).toInstant(),
                Verdicts.name(Verdicts.ofStrength(row.getInt(15))),
                row.getDouble(16));
    }

    private static ProjectRow with(ProjectRow row, List<HashrateEstimate> hashrate) {
        return new ProjectRow(
                row.id(),
                row.enterprise(),
                row.creditCode(),
                row.regionCode(),
                row.address(),
                row.sourceIps(),
                row.contested(),
                row.miners(),
                row.minersAtLeast(),
                row.sessions(),
                row.protocols(),
                hashrate,
                row.power(),
                row.firstSeen(),
                row.lastSeen(),
                row.verdict(),
                row.confidence());
    }

    private static Map<Long, List<HashrateEstimate>> hashrates(
            Connection connection, List<ProjectRow> rows) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(HASHRATES)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", rows.stream().map(ProjectRow::id).toArray()));
            var byProject = new HashMap<Long, List<HashrateEstimate>>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    byProject
                            .computeIfAbsent(row.getLong(1), absent -> new ArrayList<>())
                            .add(
                                    new HashrateEstimate(
                                            row.getString(2),
                                            new Band(
                                                    row.getDouble(4),
                                                    row.getDouble(5),
                                                    row.getDouble(6)),
                                            row.getString(3),
                                            row.getLong(7)));
                }
            }
            return byProject;
        }
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
}
