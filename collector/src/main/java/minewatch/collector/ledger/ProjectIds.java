package minewatch.collector.ledger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Ids of projects by key. Those that are committed hold for ever, so the ones used last are kept
/// in memory. Safe for any number of threads.
final class ProjectIds {
    private static final int KEPT = 50_000; // some 200 bytes each

    private final Cache<String, Long> committed = Caffeine.newBuilder().maximumSize(KEPT).build();

    /// Ids of the projects of these keys, made where absent.
    Map<String, Long> of(Connection transaction, Collection<ProjectKey> projects)
            throws SQLException {
        var ids = new HashMap<String, Long>();
        var unknown = new HashMap<String, ProjectKey>();
        for (ProjectKey project : projects) {
            if (ids.containsKey(project.key()) || unknown.containsKey(project.key())) {
                continue;
            }
            Long id = committed.getIfPresent(project.key());
            if (id == null) {
                unknown.put(project.key(), project);
            } else {
                ids.put(project.key(), id);
            }
        }
        if (!unknown.isEmpty()) {
            ids.putAll(HitRows.projects(transaction, unknown.values(), false));
        }
        return ids;
    }

    /// The transaction that found or made them is committed.
    void keep(Map<String, Long> ids) {
        committed.putAll(ids);
    }
}
