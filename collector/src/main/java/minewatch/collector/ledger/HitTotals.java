package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import minewatch.feed.v1.Hit;

/// What hits add to the totals of projects and to the sums by hour, day and week.
final class HitTotals {
    private final ProjectTotals projects = new ProjectTotals();
    private final HourTotals hours = new HourTotals();

    void add(long projectId, Hit hit) {
        projects.add(projectId, hit);
        hours.add(projectId, hit);
    }

    /// @param projectIds by key
    void addAll(List<HitRows.NewHit> hits, Map<String, Long> projectIds) {
        for (HitRows.NewHit hit : hits) {
            add(projectIds.getOrDefault(hit.project().key(), 0L), hit.hit());
        }
    }

    /// Pairs of a project and a source IP.
    int sources() {
        return projects.sources();
    }

    void store(Connection transaction) throws SQLException {
        projects.merge(transaction);
        hours.store(transaction);
    }
}
