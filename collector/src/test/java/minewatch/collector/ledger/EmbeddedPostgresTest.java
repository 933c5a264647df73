package minewatch.collector.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class EmbeddedPostgresTest {
    /// Initialised by the first test and started anew by the others, as by a collector's restarts.
    @TempDir static Path directory;

    /// The programs are those the other tests have unpacked; unpacking them is tested with those.
    @BeforeAll
    static void borrowBinaries() throws IOException {
        String name = "binaries-" + PostgresBinaries.version();
        Path unpacked = PostgresBinaries.unpack(TestDatabase.directory());
        Files.createSymbolicLink(directory.resolve(name), unpacked.toAbsolutePath());
    }

    @Test
    void serverIsDurableAndClosedToStrangers() throws Exception {
        try (var server = new EmbeddedPostgres(directory, 0)) {
            server.start();
            assertThat(ask(server, "SHOW fsync")).isEqualTo("on");
            assertThat(ask(server, "SHOW data_checksums")).isEqualTo("on");
            assertThat(ask(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(ask(server, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(ask(server, "SHOW password_encryption")).isEqualTo("scram-sha-256");
            assertThat(
                            ask(
                                    server,
                                    "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'"))
                    .isEqualTo("0");
            assertThatThrownBy(() ->
                            DriverManager.getConnection(
                                    server.jdbcUrl(), EmbeddedPostgres.USER, "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            Path password = directory.resolve("password");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                    .isEqualTo("rw-------");
        }
        assertThat(directory.resolve("data/postmaster.pid")).doesNotExist();
    }

    @Test
    void secondOwnerIsRefusedAndAJoinerLeavesTheServerRunning() throws Exception {
        try (var server = new EmbeddedPostgres(directory, 0)) {
            server.start();
            assertThatThrownBy(new EmbeddedPostgres(directory, 0)::start)
                    .hasMessageContaining("another collector uses it");
            try (var joiner = new EmbeddedPostgres(directory, 0)) {
                joiner.joinOrStart();
                assertThat(joiner.port()).isEqualTo(server.port());
                assertThat(ask(joiner, "SELECT 1")).isEqualTo("1");
            }
            assertThat(ask(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void killedCollectorLeavesAUsableDatabase() throws Exception {
        Process killed = startInAnotherJvm();
        killed.destroyForcibly().waitFor();
        assertThat(
                        PostmasterPid.read(directory.resolve("data"))
                                .orElseThrow()
                                .isPostgresOf(directory.resolve("data")))
                .as("the orphan is there")
                .isTrue();
        try (var server = new EmbeddedPostgres(directory, 0)) {
            server.start();
            assertThat(ask(server, "SELECT n FROM committed")).isEqualTo("42");
            execute(server, "DROP TABLE committed");
        }
    }

    @Test
    void killedServerRecovers() throws Exception {
        try (var server = new EmbeddedPostgres(directory, 0)) {
            server.start();
            execute(server, "CREATE TABLE IF NOT EXISTS kept AS SELECT 7 AS n");
            long pid = PostmasterPid.read(directory.resolve("data")).orElseThrow().pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            ProcessHandle.of(pid).ifPresent(gone -> gone.onExit().join());
        }
        try (var server = new EmbeddedPostgres(directory, 0)) {
            server.start();
            assertThat(ask(server, "SELECT n FROM kept")).isEqualTo("7");
        }
    }

    @Test
    void serverThatEndsByItselfIsStartedAgainAtTheSamePort() throws Exception {
        try (var server = new EmbeddedPostgres(directory, 0)) {
            server.start();
            for (int end = 0; end < 2; end++) {
                long pid = PostmasterPid.read(directory.resolve("data")).orElseThrow().pid();
                new ProcessBuilder("kill", "-QUIT", String.valueOf(pid)).start().waitFor();
                ProcessHandle.of(pid).ifPresent(gone -> gone.onExit().join());
                assertThat(askUntilAnswered(server, "SELECT 1")).isEqualTo("1");
            }
        }
        assertThat(directory.resolve("data/postmaster.pid")).doesNotExist();
    }

    private static String askUntilAnswered(EmbeddedPostgres server, String sql) throws Exception {
        long until = System.nanoTime() + java.time.Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                return ask(server, sql);
            } catch (SQLException notYet) {
                if (System.nanoTime() > until) {
                    throw notYet;
                }
                Thread.sleep(50);
            }
        }
    }

    @Test
    void pidFileThatNamesAnotherProcessIsNoObstacle() throws Exception {
        try (var server = new EmbeddedPostgres(directory, 0)) {
            server.start(); // so that there is a data folder, whichever test is first
        }
        long other = ProcessHandle.current().pid();
        Files.writeString(
                directory.resolve("data/postmaster.pid"),
                other + "\n" + directory + "/data\n1\n5432\n\n127.0.0.1\n\nready\n");
        try (var server = new EmbeddedPostgres(directory, 0)) {
            server.start();
            assertThat(ask(server, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void takenPortIsSaidSo() throws Exception {
        try (var taken =
                        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                var server = new EmbeddedPostgres(directory, taken.getLocalPort())) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot start PostgreSQL")
                    .hasMessageContaining("ddress already in use");
        }
    }

    /// A collector's database, in a process that can be killed.
    public static final class Victim {
        private Victim() {}

        /// Starts the server in the folder given, commits, says so and waits for its end.
        public static void main(String[] args) throws Exception {
            var server = new EmbeddedPostgres(Path.of(args[0]), 0);
            server.start();
            execute(server, "CREATE TABLE committed AS SELECT 42 AS n");
            System.out.println("committed");
            Thread.currentThread().join();
        }
    }

    private static Process startInAnotherJvm() throws IOException {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Victim.class.getName(),
                                        directory.toString()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(out.readLine()).isEqualTo("committed");
        return process;
    }

    private static String ask(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.jdbcUrl(), EmbeddedPostgres.USER, server.password());
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.jdbcUrl(), EmbeddedPostgres.USER, server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
