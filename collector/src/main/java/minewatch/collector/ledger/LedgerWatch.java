package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears of registry imports that other processes make in the same database (`minewatch collector
/// registry import` beside the daemon) and announces them as commits of this ledger.
public final class LedgerWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerWatch.class);
    private static final int LISTEN_MILLIS = 500;

    private final DataSource database;
    private final Ledger ledger;
    private volatile boolean closed;
    private @Nullable Thread thread;

    public LedgerWatch(DataSource database, Ledger ledger) {
        this.database = database;
        this.ledger = ledger;
    }

    public void start() {
        thread = Thread.ofPlatform().name("ledger-watch").daemon().start(this::run);
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join(2L * LISTEN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        while (!closed) {
            try (Connection connection = database.getConnection()) {
                listen(connection);
            } catch (SQLException e) {
                if (!closed) {
                    LOG.debug("cannot listen to the database", e);
                    pause();
                }
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("LISTEN ledger");
        }
        var listener = connection.unwrap(PGConnection.class);
        while (!closed) {
            var notifications = listener.getNotifications(LISTEN_MILLIS);
            if (notifications != null && notifications.length > 0) {
                ledger.announce();
            }
        }
        try (var statement = connection.createStatement()) {
            statement.execute("UNLISTEN *");
        }
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
