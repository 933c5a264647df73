package minewatch.collector.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import minewatch.collector.report.LedgerProjects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The oldest server that is supported, where the machine has one (Debian 12: apt-get install
/// postgresql-15): the same migrations, the same statements, reached as somebody's own database.
@Timeout(120)
class PostgreSql15Test {
    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");

    @TempDir static Path folder;
    private static int port;

    @BeforeAll
    static void startServer() throws Exception {
        assumeTrue(
                Files.isExecutable(PROGRAMS.resolve("initdb")),
                "PostgreSQL 15 is not installed in " + PROGRAMS);
        Files.writeString(folder.resolve("password"), "secret\n");
        run(
                "initdb",
                "--pgdata=" + folder.resolve("data"),
                "--username=owner",
                "--pwfile=" + folder.resolve("password"),
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C");
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        run(
                "pg_ctl",
                "start",
                "--pgdata=" + folder.resolve("data"),
                "--log=" + folder.resolve("log"),
                "--wait",
                "--options=-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c port="
                        + port);
    }

    @AfterAll
    static void stopServer() throws Exception {
        if (port != 0) {
            run("pg_ctl", "stop", "--pgdata=" + folder.resolve("data"), "--mode=fast", "--wait");
        }
    }

    @Test
    void ledgerWorksOnAServerOfOnesOwn() throws Exception {
        var config =
                new DatabaseConfig.External(
                        "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                        "owner",
                        folder.resolve("password"));
        try (var database = Database.owned(config)) {
            database.start();
            var ledger = new Ledger(database.dataSource());
            ledger.onHello("tap-1", Hits.BOOT, "test");
            ledger.onBatch(
                    "tap-1",
                    Hits.BOOT,
                    Hits.batch(
                            1,
                            Hits.hit("10.0.0.1")
                                    .putHashrate("sha256d", Hits.rate(10).build())
                                    .setPowerWatts(Hits.power(5))));
            Path file =
                    Files.writeString(
                            folder.resolve("registry.csv"),
                            "prefix,enterprise,valid_from\n10.0.0.0/24,甲公司,2026-01-01\n");
            assertThat(ledger.importRegistry(file, "filing", true, "test", n -> {}).reattributed())
                    .isEqualTo(1);
            var row = new LedgerProjects(database.dataSource()).list(null, "甲").getFirst();
            assertThat(row.hashrate().getFirst().rate().best()).isEqualTo(10);
            assertThat(
                            new LedgerProjects(database.dataSource())
                                    .find(row.id(), 5)
                                    .orElseThrow()
                                    .hits())
                    .hasSize(1);
        }
    }

    private static void run(String program, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(PROGRAMS.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        Process process =
                new ProcessBuilder(Unprivileged.find().command(command))
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    }
}
