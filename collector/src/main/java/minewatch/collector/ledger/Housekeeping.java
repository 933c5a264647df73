package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the ledger needs done now and then: hits added up by hour, day and week, partitions made
/// before their day comes, hits dropped whose time is over, and sums forgotten that no report asks
/// for any more.
///
/// Several collectors on one database may do it at once. `start` and `close` by one owner.
public final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int PAUSES_BETWEEN_ALL = 10;
    private static final int ROWS =
            1_000_000; // added up in one transaction: few, for each changes the same sums again
    private static final int DAYS_AHEAD = 2;

    /// Much longer than a writer defers totals.
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(2);

    /// A partition comes and goes under a lock that holds up hits; better late than that they wait
    /// for a long report.
    private static final String PATIENCE = "SET LOCAL lock_timeout = '2s'";

    private static final String MAKE_PARTITIONS =
            """
            SELECT make_hit_partitions((now() AT TIME ZONE 'UTC')::date + ahead)
            FROM generate_series(0, %d) ahead
            """
                    .formatted(DAYS_AHEAD);

    /// Twice what a report pools: the newest hits may be attributed elsewhere later.
    private static final String FORGET_HASHRATE =
            """
            DELETE FROM project_hashrate old
            USING (SELECT project_id, source_ip, max(hour) AS newest
                FROM project_hashrate GROUP BY project_id, source_ip) source
            WHERE old.project_id = source.project_id AND old.source_ip = source.source_ip
                AND old.hour < source.newest - interval '48 hours'
            """;

    private final DataSource database;
    private final Retention retention;
    private @Nullable Thread thread;

    public Housekeeping(DataSource database, RetentionConfig retention) {
        this.database = database;
        this.retention = new Retention(retention);
    }

    public void start() {
        thread = Thread.ofVirtual().name("housekeeping").start(this::runNowAndThen);
    }

    private void runNowAndThen() {
        try {
            for (long pause = 0; ; pause++) {
                try {
                    addUp();
                    if (pause % PAUSES_BETWEEN_ALL == 0) {
                        keepInOrder();
                    }
                } catch (SQLException e) {
                    LOG.warn("cannot keep the ledger in order for now: {}", e.getMessage());
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (InterruptedException closed) {
            // close() wants exactly this
        }
    }

    /// All of it, once.
    void run() throws SQLException {
        addUp();
        keepInOrder();
    }

    /// Adds up what came in since; while hits are attributed anew, that waits.
    private void addUp() throws SQLException {
        boolean more = true;
        while (more) {
            more =
                    inTransaction(transaction -> {
                        Registry.holdRevision(transaction);
                        return DeferredTotals.makeAnew(transaction, LEFT_BEHIND);
                    });
        }
        more = true;
        while (more) {
            more =
                    inTransaction(transaction -> {
                        Registry.holdRevision(transaction);
                        try (var statement = transaction.createStatement()) {
                            try (var rows =
                                    statement.executeQuery("SELECT sum_hits(" + ROWS + ")")) {
                                return rows.next() && rows.getInt(1) == ROWS;
                            }
                        }
                    });
        }
    }

    private void keepInOrder() throws SQLException {
        inTransaction(transaction -> execute(transaction, MAKE_PARTITIONS));
        inTransaction(transaction -> execute(transaction, "SELECT vacuum_past_hits()"));
        inTransaction(transaction -> execute(transaction, FORGET_HASHRATE));
        inTransaction(transaction -> {
            retention.dropOldest(transaction);
            return true;
        });
    }

    private static boolean execute(Connection transaction, String sql) throws SQLException {
        try (var statement = transaction.createStatement()) {
            return statement.execute(sql);
        }
    }

    private interface Work {
        boolean in(Connection transaction) throws SQLException;
    }

    private boolean inTransaction(Work work) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                execute(connection, PATIENCE);
                boolean result = work.in(connection);
                connection.commit();
                return result;
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
