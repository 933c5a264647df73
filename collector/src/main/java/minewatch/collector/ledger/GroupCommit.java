package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import minewatch.collector.accept.BatchHandler.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Batches of many sensors, committed together: a transaction has its price, however little is in
/// it.
///
/// All that wait go into the next transaction, so a lone batch is written at once, and the more
/// come, the more are written together. Of [#WRITERS] transactions one is made ready while another
/// is being written.
///
/// Safe for any number of threads. Bounded by its callers: each brings one batch and waits.
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int WRITERS = 2;
    private static final int MAX_HITS = 8_000; // in one transaction

    private final DataSource database;
    private final Work work;
    private final Runnable onCommit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Append> waiting = new ArrayDeque<>();
    private int writing;

    /// Writes a group within its transaction, and tells each [Append] what was found.
    interface Work {
        /// @return what is to be done once the transaction is committed
        Runnable write(Connection transaction, List<Append> group) throws SQLException;
    }

    /// @param onCommit told after each commit that added a batch
    GroupCommit(DataSource database, Work work, Runnable onCommit) {
        this.database = database;
        this.work = work;
        this.onCommit = onCommit;
    }

    /// Returns once the batch is durable.
    ///
    /// @return whether it was new
    boolean append(Append append) throws StoreException {
        lock.lock();
        try {
            waiting.add(append);
            if (writing < WRITERS) {
                writing++;
                // Not virtual: those share a few threads with all streams, whose checking of
                // batches would come before each answer of the database.
                Thread.ofPlatform().daemon().name("ledger-writer").start(this::writeWaiting);
            }
        } finally {
            lock.unlock();
        }
        try {
            return append.durable().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private void writeWaiting() {
        for (List<Append> group = nextGroup(); !group.isEmpty(); group = nextGroup()) {
            write(group);
        }
    }

    /// @return empty if this writer is to end
    private List<Append> nextGroup() {
        lock.lock();
        try {
            var group = new ArrayList<Append>();
            int hits = 0;
            while (!waiting.isEmpty() && (group.isEmpty() || hits < MAX_HITS)) {
                Append append = waiting.remove();
                hits += append.batch().hits().size();
                group.add(append);
            }
            if (group.isEmpty()) {
                writing--;
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    /// What one batch brings about must not stop the others: a group that fails by what is in it is
    /// written again, each batch alone.
    private void write(List<Append> group) {
        try {
            commit(group);
        } catch (SQLException | RuntimeException e) {
            if (group.size() > 1 && isByContent(e)) {
                LOG.warn("{} batches are written one by one: {}", group.size(), e.getMessage());
                group.forEach(append -> write(List.of(append)));
            } else {
                group.forEach(append -> append.failed(e));
            }
        } catch (Error e) {
            group.forEach(append -> append.failed(e));
            throw e;
        }
    }

    private void commit(List<Append> group) throws SQLException {
        try (Connection transaction = database.getConnection()) {
            transaction.setAutoCommit(false);
            Runnable afterwards;
            try {
                afterwards = work.write(transaction, group);
                transaction.commit();
            } catch (SQLException | RuntimeException e) {
                transaction.rollback();
                throw e;
            }
            afterwards.run();
        }
        if (group.stream().anyMatch(Append::isNew)) {
            onCommit.run();
        }
        group.forEach(Append::committed);
    }

    /// Data exceptions, violated constraints, exceeded limits (PostgreSQL's manual, appendix A),
    /// and bugs of this program.
    static boolean isByContent(Exception e) {
        if (!(e instanceof SQLException sql)) {
            return true;
        }
        String state = String.valueOf(sql.getSQLState());
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
    }
}
