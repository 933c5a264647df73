package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minewatch.collector.accept.CheckedBatch;
import minewatch.collector.attribute.Attribution;
import minewatch.feed.v1.Hit;

/// Writes a group of batches in one transaction: their rows and gaps, their hits with what each is
/// attributed to, and the totals of the projects these name.
///
/// Rows are written in one order of tables, and in each table in one order, so that two
/// transactions never wait for each other in a circle. Safe for any number of threads.
final class BatchWriter implements GroupCommit.Work {
    private final Registry registry = new Registry();
    private final ProjectIds projectIds = new ProjectIds();
    private final DeferredTotals deferred;
    private volatile long partitionedDay = Long.MIN_VALUE;

    BatchWriter(DeferredTotals deferred) {
        this.deferred = deferred;
    }

    @Override
    public Runnable write(Connection transaction, List<Append> group) throws SQLException {
        List<Append> ordered = group.stream().sorted(Append.BY_KEY).toList();
        List<BatchRows.Inserted> inserted = new BatchRows(transaction).insert(ordered);
        boolean withHits =
                inserted.stream().anyMatch(batch -> !batch.append().batch().hits().isEmpty());
        return withHits ? writeHits(transaction, inserted) : () -> {};
    }

    private Runnable writeHits(Connection transaction, List<BatchRows.Inserted> inserted)
            throws SQLException {
        long day = inserted.getFirst().receivedOn(); // one transaction, one time
        if (day != partitionedDay) {
            makePartitions(transaction, day);
        }
        Registry.Snapshot snapshot = registry.lockShared(transaction);
        List<HitRows.NewHit> hits = attributed(inserted, snapshot);
        Map<String, Long> ids =
                projectIds.of(transaction, hits.stream().map(HitRows.NewHit::project).toList());
        try (var rows = new HitRows.Inserter(transaction, day, snapshot.revision())) {
            for (HitRows.NewHit hit : hits) {
                rows.add(hit, ids.getOrDefault(hit.project().key(), 0L));
            }
            rows.finish();
        } catch (SQLException e) {
            partitionedDay = Long.MIN_VALUE; // somebody may have dropped it
            throw e;
        }
        Runnable addTotals = totals(transaction, inserted, hits, ids);
        return () -> {
            partitionedDay = day;
            projectIds.keep(ids);
            addTotals.run();
        };
    }

    private Runnable totals(
            Connection transaction,
            List<BatchRows.Inserted> inserted,
            List<HitRows.NewHit> hits,
            Map<String, Long> projectIds)
            throws SQLException {
        if (deferred.wants(hits.size())) {
            long row =
                    DeferredTotals.note(
                            transaction, inserted.stream().map(BatchRows.Inserted::id).toList());
            return () -> deferred.add(row, hits, projectIds);
        }
        var totals = new HitTotals();
        totals.addAll(hits, projectIds);
        totals.store(transaction);
        return () -> {};
    }

    /// Those of the next day are made ahead; this is for a collector that was not there to do so.
    private static void makePartitions(Connection transaction, long day) throws SQLException {
        try (PreparedStatement statement =
                transaction.prepareStatement("SELECT make_hit_partitions(DATE '1970-01-01' + ?)")) {
            statement.setInt(1, (int) day);
            statement.execute();
        }
    }

    private static List<HitRows.NewHit> attributed(
            List<BatchRows.Inserted> inserted, Registry.Snapshot snapshot) {
        var hits = new ArrayList<HitRows.NewHit>();
        for (BatchRows.Inserted batch : inserted) {
            CheckedBatch checked = batch.append().batch();
            for (int i = 0; i < checked.hits().size(); i++) {
                Hit hit = checked.hits().get(i);
                byte[] sourceIp = hit.getSourceIp().toByteArray();
                Attribution attribution =
                        snapshot.table()
                                .attribute(
                                        sourceIp, hit.getFirstSeenNanos(), hit.getLastSeenNanos());
                hits.add(
                        new HitRows.NewHit(
                                batch.id(),
                                hit,
                                checked.records().get(i),
                                attribution,
                                ProjectKey.of(attribution, sourceIp)));
            }
        }
        return hits;
    }
}
