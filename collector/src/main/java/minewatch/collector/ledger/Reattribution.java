package minewatch.collector.ledger;

import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minewatch.collector.attribute.Allocation;
import minewatch.collector.attribute.Attribution;
import minewatch.collector.attribute.AttributionTable;
import minewatch.collector.attribute.IpPrefix;
import minewatch.feed.v1.Hit;

/// Attributes stored hits anew after the registry changed. Hits stay as they are: a changed
/// attribution is a new row, and the totals of the source IPs concerned are computed again from all
/// of their hits. Within the caller's transaction, which holds back new batches.
final class Reattribution {
    private static final int PORTION = 2_000; // hits in memory at a time

    private static final String HITS_OF_SOURCE =
            """
            SELECT h.id, h.record, coalesce(a.project_id, h.project_id),
                coalesce(a.allocations, h.allocations, '{}')
            FROM hit h
            LEFT JOIN LATERAL (SELECT project_id, allocations FROM attribution
                WHERE hit_id = h.id ORDER BY id DESC LIMIT 1) a ON true
            WHERE h.source_ip = ?::inet ORDER BY h.id
            """;

    private final Connection transaction;
    private final AttributionTable table;
    private final long revision;
    private long changedHits;

    Reattribution(Connection transaction, AttributionTable table, long revision) {
        this.transaction = transaction;
        this.table = table;
        this.revision = revision;
    }

    /// @param changed prefixes of registry rows that were added or retired
    /// @return hits whose attribution changed
    long run(Set<IpPrefix> changed) throws SQLException {
        sumWaitingHits();
        for (String sourceIp : sourcesWithin(changed)) {
            reattribute(sourceIp);
        }
        return changedHits;
    }

    /// As they were attributed so far; then the sums have all hits, and are made anew of all.
    private void sumWaitingHits() throws SQLException {
        boolean deferred = true;
        while (deferred) {
            deferred = DeferredTotals.makeAnew(transaction, Duration.ZERO);
        }
        try (var statement = transaction.createStatement()) {
            statement.execute("SELECT sum_hits(" + Integer.MAX_VALUE + ")");
        }
    }

    private List<String> sourcesWithin(Set<IpPrefix> changed) throws SQLException {
        var sources = new ArrayList<String>();
        try (var statement = transaction.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT DISTINCT host(source_ip) FROM project_source ORDER BY 1")) {
            while (row.next()) {
                if (isWithin(Registry.octets(row.getString(1)), changed)) {
                    sources.add(row.getString(1));
                }
            }
        }
        return sources;
    }

    private static boolean isWithin(byte[] address, Set<IpPrefix> prefixes) {
        for (int length = address.length * 8; length >= 0; length--) {
            if (prefixes.contains(IpPrefix.of(address, length))) {
                return true;
            }
        }
        return false;
    }

    private void reattribute(String sourceIp) throws SQLException {
        forgetTotals(sourceIp);
        try (PreparedStatement query = transaction.prepareStatement(HITS_OF_SOURCE)) {
            query.setString(1, sourceIp);
            query.setFetchSize(PORTION);
            try (ResultSet row = query.executeQuery()) {
                var portion = new ArrayList<Stored>(PORTION);
                while (row.next()) {
                    portion.add(stored(row));
                    if (portion.size() == PORTION) {
                        reattribute(portion);
                        portion.clear();
                    }
                }
                reattribute(portion);
            }
        }
        execute("SELECT sum_source_again(?::inet)", sourceIp);
    }

    /// Of what the hits that are still there added: they add it again. What dropped hits added
    /// stays.
    private void forgetTotals(String sourceIp) throws SQLException {
        execute("DELETE FROM project_hashrate WHERE source_ip = ?::inet", sourceIp);
        execute(
                """
                UPDATE project_source s SET hits = s.hits - there.hits
                FROM (SELECT project_id, source_ip, count(*) AS hits FROM attributed_hit
                    WHERE source_ip = ?::inet GROUP BY project_id, source_ip) there
                WHERE s.project_id = there.project_id AND s.source_ip = there.source_ip
                """,
                sourceIp);
        execute("DELETE FROM project_source WHERE source_ip = ?::inet AND hits = 0", sourceIp);
    }

    private void execute(String sql, String sourceIp) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            statement.setString(1, sourceIp);
            statement.execute();
        }
    }

    /// A hit with its newest attribution.
    private record Stored(long id, Hit hit, long project, List<Long> allocations) {}

    private static Stored stored(ResultSet row) throws SQLException {
        try {
            Long[] allocations = (Long[]) row.getArray(4).getArray();
            return new Stored(
                    row.getLong(1),
                    Hit.parseFrom(row.getBytes(2)),
                    row.getLong(3),
                    Arrays.asList(allocations));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("hit " + row.getLong(1) + " is unreadable", e);
        }
    }

    private void reattribute(List<Stored> portion) throws SQLException {
        var attributions = new ArrayList<Attribution>(portion.size());
        var keys = new ArrayList<ProjectKey>(portion.size());
        for (Stored stored : portion) {
            Hit hit = stored.hit();
            byte[] sourceIp = hit.getSourceIp().toByteArray();
            Attribution attribution =
                    table.attribute(sourceIp, hit.getFirstSeenNanos(), hit.getLastSeenNanos());
            attributions.add(attribution);
            keys.add(ProjectKey.of(attribution, sourceIp));
        }
        Map<String, Long> projectIds = HitRows.projects(transaction, keys, true);
        var totals = new ProjectTotals();
        var changed = new Changes();
        for (int i = 0; i < portion.size(); i++) {
            Stored stored = portion.get(i);
            long project = projectIds.getOrDefault(keys.get(i).key(), 0L);
            totals.add(project, stored.hit());
            List<Long> allocations =
                    attributions.get(i).allocations().stream().map(Allocation::id).toList();
            if (project != stored.project() || !allocations.equals(stored.allocations())) {
                changed.add(stored.id(), attributions.get(i), project);
            }
        }
        HitRows.insertAttributions(
                transaction, changed.ids, changed.attributions, changed.projects, revision);
        totals.merge(transaction);
        changedHits += changed.ids.size();
    }

    private static final class Changes {
        final List<Long> ids = new ArrayList<>();
        final List<Attribution> attributions = new ArrayList<>();
        final List<Long> projects = new ArrayList<>();

        void add(long id, Attribution attribution, long project) {
            ids.add(id);
            attributions.add(attribution);
            projects.add(project);
        }
    }
}
