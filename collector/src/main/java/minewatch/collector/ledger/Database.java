package minewatch.collector.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/// The ledger's PostgreSQL database: embedded or somebody's own, brought to the newest schema at
/// start; one of a newer schema is left alone. `start` and `close` by one owner; the data source is
/// for any thread.
public final class Database implements AutoCloseable {
    static final String SCHEMA = "ledger";
    private static final int POOL_SIZE = 12;

    private final DatabaseConfig config;
    private final boolean join;
    private @Nullable EmbeddedPostgres embedded;
    private @Nullable HikariDataSource pool;

    private Database(DatabaseConfig config, boolean join) {
        this.config = config;
        this.join = join;
    }

    /// The database of the one daemon that owns it.
    public static Database owned(DatabaseConfig config) {
        return new Database(config, false);
    }

    /// The same database for a short command, which must work beside the daemon and without it.
    public static Database joined(DatabaseConfig config) {
        return new Database(config, true);
    }

    /// @throws IOException if the server cannot be started or reached, with what to do about it
    public void start() throws IOException {
        try {
            pool = new HikariDataSource(poolConfig());
            Flyway flyway =
                    Flyway.configure()
                            .dataSource(pool)
                            .schemas(SCHEMA)
                            .locations("classpath:minewatch/collector/ledger/migration")
                            .load();
            requireKnown(flyway.info().current());
            flyway.migrate();
        } catch (FlywayException
                | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
            close();
            throw new IOException("cannot open the database: " + firstLine(e), e);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Connections whose search path is the ledger's schema, auto-commit on.
    public DataSource dataSource() {
        if (pool == null) {
            throw new IllegalStateException("database is not started");
        }
        return pool;
    }

    /// Whether a trivial query is answered within two seconds.
    public boolean isHealthy() {
        try (Connection connection = dataSource().getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
        if (embedded != null) {
            embedded.close();
            embedded = null;
        }
    }

    private HikariConfig poolConfig() throws IOException {
        var settings = new HikariConfig();
        switch (config) {
            case DatabaseConfig.Embedded(var directory, var port) -> {
                var server = new EmbeddedPostgres(directory, port);
                embedded = server;
                if (join) {
                    server.joinOrStart();
                } else {
                    server.start();
                }
                settings.setJdbcUrl(server.jdbcUrl());
                settings.setUsername(EmbeddedPostgres.USER);
                settings.setPassword(server.password());
            }
            case DatabaseConfig.External(var url, var user, var passwordFile) -> {
                settings.setJdbcUrl(url);
                settings.setUsername(user);
                if (passwordFile != null) {
                    settings.setPassword(Files.readString(passwordFile).strip());
                }
            }
        }
        settings.setSchema(SCHEMA);
        settings.setPoolName("ledger");
        settings.setMaximumPoolSize(POOL_SIZE);
        settings.setMinimumIdle(1);
        settings.setConnectionTimeout(Duration.ofSeconds(15).toMillis());
        settings.addDataSourceProperty("ApplicationName", "minewatch-collector");
        settings.addDataSourceProperty("reWriteBatchedInserts", "true");
        settings.addDataSourceProperty("tcpKeepAlive", "true");
        return settings;
    }

    /// What a newer version made may mean something else than this one would read and write there.
    private static void requireKnown(@Nullable MigrationInfo current) throws IOException {
        if (current != null && current.getState() == MigrationState.FUTURE_SUCCESS) {
            throw new IOException(
                    "cannot open the database: a newer version of minewatch has brought its schema to"
                            + " version "
                            + current.getVersion()
                            + "; run that version, or restore what was saved before"
                            + " (docs/how-to/upgrade.md)");
        }
    }

    private static String firstLine(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("unknown cause");
    }
}
