package minewatch.collector.ledger;

import com.google.protobuf.InvalidProtocolBufferException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import minewatch.feed.v1.Hit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Totals of large transactions, added up in memory and stored together some seconds later.
///
/// Totals change a row a source IP and more, which costs more than storing the hit. So a large
/// transaction, one of many that wait, only names its batches in `deferred_totals`, and once it is
/// committed leaves its hits here. Should this process fail, another makes the totals of the stored
/// hits ([#makeAnew]): of two, the one that deletes the row has them.
///
/// Every transaction holds `registry_revision` before it comes to these rows. Safe for any number
/// of threads.
final class DeferredTotals implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeferredTotals.class);
    private static final int FEW_HITS = 1_000; // of one transaction
    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int MAX_SOURCES = 100_000; // some 80 MB
    private static final int PORTION = 2_000; // hits in memory at a time

    private final DataSource database;
    private final Runnable onCommit;
    private final long atMostNanos;
    private final long quietNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Pending pending = new Pending();
    private boolean storing; // there is a thread that does
    private boolean closing;

    private static final class Pending {
        final List<Long> rows = new ArrayList<>();
        final HitTotals totals = new HitTotals();
        final long begunNanos = System.nanoTime();
        long changedNanos = begunNanos;
    }

    /// @param onCommit told when totals were stored
    DeferredTotals(DataSource database, Runnable onCommit) {
        this(database, onCommit, AT_MOST, QUIET);
    }

    /// @param atMost how long totals wait
    /// @param quiet no longer than this if nothing is added
    DeferredTotals(DataSource database, Runnable onCommit, Duration atMost, Duration quiet) {
        this.database = database;
        this.onCommit = onCommit;
        this.atMostNanos = atMost.toNanos();
        this.quietNanos = quiet.toNanos();
    }

    /// Whether a transaction of so many hits leaves its totals here: a large one, and any while
    /// those of others wait.
    boolean wants(int hits) {
        lock.lock();
        try {
            return hits >= FEW_HITS || !pending.rows.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Within the transaction that stores the hits of these batches.
    ///
    /// @return what [#add] is to be told, once it is committed
    static long note(Connection transaction, List<Long> batchIds) throws SQLException {
        try (PreparedStatement statement =
                transaction.prepareStatement(
                        "INSERT INTO deferred_totals (batches) VALUES (?) RETURNING id")) {
            statement.setArray(1, transaction.createArrayOf("bigint", batchIds.toArray()));
            try (ResultSet id = statement.executeQuery()) {
                id.next();
                return id.getLong(1);
            }
        }
    }

    /// @param row as [#note] returned it
    void add(long row, List<HitRows.NewHit> hits, Map<String, Long> projectIds) {
        lock.lock();
        try {
            if (pending.rows.isEmpty()) {
                pending = new Pending(); // begins now
            }
            pending.rows.add(row);
            pending.totals.addAll(hits, projectIds);
            pending.changedNanos = System.nanoTime();
            changed.signalAll();
            if (!storing) {
                storing = true;
                Thread.ofVirtual().name("totals").start(this::storeUntilNothingIsLeft);
            }
        } finally {
            lock.unlock();
        }
    }

    private void storeUntilNothingIsLeft() {
        for (Pending due = nextDue(); !due.rows.isEmpty(); due = nextDue()) {
            try {
                store(due);
            } catch (SQLException | RuntimeException e) {
                LOG.warn(
                        "totals of some hits come minutes later, made of what is stored: {}",
                        e.getMessage());
            }
        }
    }

    /// @return without rows if nothing is pending; then this thread ends
    private Pending nextDue() {
        lock.lock();
        try {
            awaitDue();
            Pending due = pending;
            pending = new Pending();
            storing = !due.rows.isEmpty();
            changed.signalAll();
            return due;
        } finally {
            lock.unlock();
        }
    }

    private void awaitDue() {
        try {
            for (long left = nanosLeft(); left > 0; left = nanosLeft()) {
                var _ = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long nanosLeft() {
        if (closing || pending.rows.isEmpty() || pending.totals.sources() > MAX_SOURCES) {
            return 0;
        }
        long now = System.nanoTime();
        return Math.min(
                pending.begunNanos + atMostNanos - now, pending.changedNanos + quietNanos - now);
    }

    private void store(Pending due) throws SQLException {
        try (Connection transaction = database.getConnection()) {
            transaction.setAutoCommit(false);
            try {
                Registry.holdRevision(transaction);
                if (take(transaction, due.rows)) {
                    due.totals.store(transaction);
                }
                transaction.commit();
            } catch (SQLException | RuntimeException e) {
                transaction.rollback();
                throw e;
            }
        }
        onCommit.run();
    }

    /// @return false if somebody has made the totals of some of the rows; then the others stay
    private static boolean take(Connection transaction, List<Long> rows) throws SQLException {
        Savepoint all = transaction.setSavepoint();
        try (PreparedStatement statement =
                transaction.prepareStatement("DELETE FROM deferred_totals WHERE id = ANY (?)")) {
            statement.setArray(1, transaction.createArrayOf("bigint", rows.toArray()));
            if (statement.executeUpdate() == rows.size()) {
                return true;
            }
        }
        transaction.rollback(all);
        return false;
    }

    /// Stores what is deferred, unless that takes many seconds.
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
            long nanos = CLOSE_NANOS;
            while (storing && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Stores totals that a writer deferred and did not store, made of the hits.
    ///
    /// @param olderThan what a writer began since is left to it
    /// @return whether there were some; others may be left
    static boolean makeAnew(Connection transaction, Duration olderThan) throws SQLException {
        try (PreparedStatement statement =
                transaction.prepareStatement(
                        """
                        DELETE FROM deferred_totals
                        WHERE id = (SELECT id FROM deferred_totals
                            WHERE begun_at <= now() - make_interval(secs => ?)
                            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
                        RETURNING batches, (begun_at AT TIME ZONE 'UTC')::date
                        """)) {
            statement.setLong(1, olderThan.toSeconds());
            try (ResultSet taken = statement.executeQuery()) {
                if (!taken.next()) {
                    return false;
                }
                makeAnew(transaction, taken.getArray(1), taken.getDate(2));
                return true;
            }
        }
    }

    private static void makeAnew(Connection transaction, Array batches, java.sql.Date since)
            throws SQLException {
        var anew = new HitTotals();
        try (PreparedStatement query =
                transaction.prepareStatement(
                        """
                        SELECT project_id, record FROM hit,
                            (SELECT min(id) AS first, max(id) AS last FROM unnest(?) id) batches
                        WHERE received_on >= ? AND batch_id BETWEEN first AND last
                            AND batch_id = ANY (?)
                        """)) {
            query.setArray(1, batches);
            query.setDate(2, since);
            query.setArray(3, batches);
            query.setFetchSize(PORTION);
            try (ResultSet hit = query.executeQuery()) {
                while (hit.next()) {
                    anew.add(hit.getLong(1), Hit.parseFrom(hit.getBytes(2)));
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored hit is unreadable", e);
        }
        anew.store(transaction);
    }
}
