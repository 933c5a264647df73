package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the ledger needs done now and then: partitions made before their day comes, and sums
/// forgotten that no report asks for any more.
///
/// Several collectors on one database may do it at once. `start` and `close` by one owner.
public final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final int DAYS_AHEAD = 2;

    /// A partition is attached under a lock that holds up hits; better late than that they wait for
    /// a long report.
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
    private @Nullable Thread thread;

    public Housekeeping(DataSource database) {
        this.database = database;
    }

    public void start() {
        thread = Thread.ofVirtual().name("housekeeping").start(this::runNowAndThen);
    }

    private void runNowAndThen() {
        try {
            while (true) {
                try {
                    run();
                } catch (SQLException e) {
                    LOG.warn(
                            "cannot keep the ledger in order, next try in 10 min: {}",
                            e.getMessage());
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (InterruptedException closed) {
            // close() wants exactly this
        }
    }

    /// All of it, once.
    void run() throws SQLException {
        inTransaction(MAKE_PARTITIONS);
        inTransaction(FORGET_HASHRATE);
    }

    private void inTransaction(String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute(PATIENCE);
                statement.execute(sql);
                connection.commit();
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
