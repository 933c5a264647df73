package minewatch.collector.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// A database of its own for one test, on one real embedded server a test JVM.
///
/// The server's files stay in `target/test-postgres`, so that only the first run after `mvn clean`
/// unpacks and initialises it. Databases are copies of one that has been migrated.
public final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger number = new AtomicInteger();

    private final String name;
    private final HikariDataSource pool;

    private TestDatabase(String name) {
        this.name = name;
        var settings = new HikariConfig();
        settings.setJdbcUrl(Server.postgres.jdbcUrl(name));
        settings.setUsername(EmbeddedPostgres.USER);
        settings.setPassword(Server.postgres.password());
        settings.setSchema(Database.SCHEMA);
        settings.setMaximumPoolSize(8);
        settings.setMinimumIdle(0);
        settings.addDataSourceProperty("reWriteBatchedInserts", "true");
        pool = new HikariDataSource(settings);
    }

    public static TestDatabase create() {
        return create(Server.TEMPLATE);
    }

    /// Without any table, until it is migrated.
    static TestDatabase createEmpty() {
        return create("template1");
    }

    private static TestDatabase create(String template) {
        String name = "test_" + number.incrementAndGet();
        execute("DROP DATABASE IF EXISTS " + name + " (FORCE)");
        execute("CREATE DATABASE " + name + " TEMPLATE " + template);
        return new TestDatabase(name);
    }

    /// @param version a number, or `latest`
    void migrate(String version) {
        Flyway.configure()
                .dataSource(url(), EmbeddedPostgres.USER, Server.postgres.password())
                .schemas(Database.SCHEMA)
                .locations("classpath:minewatch/collector/ledger/migration")
                .target(version)
                .load()
                .migrate();
    }

    /// Where the shared server's files are.
    static Path directory() {
        return Path.of(
                System.getProperty("minewatch.root", ".."), "collector", "target", "test-postgres");
    }

    public DataSource dataSource() {
        return pool;
    }

    public String url() {
        return Server.postgres.jdbcUrl(name);
    }

    public String user() {
        return EmbeddedPostgres.USER;
    }

    public String password() {
        return Server.postgres.password();
    }

    /// Cuts all connections to this database and lets nobody connect again, until it is closed.
    public void refuseConnections() {
        pool.close();
        execute("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
        execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                        + name
                        + "'");
    }

    /// Whole numbers and text, as `psql -At` would print the first column of the first row.
    public String ask(String sql) {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "(no row)";
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        pool.close();
        execute("DROP DATABASE " + name + " (FORCE)");
    }

    private static void execute(String sql) {
        try (var connection =
                        DriverManager.getConnection(
                                Server.postgres.jdbcUrl("postgres"),
                                EmbeddedPostgres.USER,
                                Server.postgres.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /// Started by the first test that needs it, stopped when the JVM ends.
    private static final class Server {
        static final String TEMPLATE = "migrated";
        static final EmbeddedPostgres postgres = start();

        private static EmbeddedPostgres start() {
            var server = new EmbeddedPostgres(directory(), 0);
            try {
                server.start();
                Runtime.getRuntime().addShutdownHook(new Thread(server::close));
                migrate(server);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return server;
        }

        private static void migrate(EmbeddedPostgres server) {
            try (var connection =
                            DriverManager.getConnection(
                                    server.jdbcUrl("postgres"),
                                    EmbeddedPostgres.USER,
                                    server.password());
                    var statement = connection.createStatement()) {
                statement.execute("DROP DATABASE IF EXISTS " + TEMPLATE + " (FORCE)");
                statement.execute("CREATE DATABASE " + TEMPLATE);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            Flyway.configure()
                    .dataSource(server.jdbcUrl(TEMPLATE), EmbeddedPostgres.USER, server.password())
                    .schemas(Database.SCHEMA)
                    .locations("classpath:minewatch/collector/ledger/migration")
                    .load()
                    .migrate();
        }
    }
}
