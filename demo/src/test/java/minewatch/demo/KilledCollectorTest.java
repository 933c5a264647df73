package minewatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import minewatch.collector.accept.Authority;
import minewatch.collector.ledger.Database;
import minewatch.collector.ledger.DatabaseConfig;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.feed.v1.Visibility;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.uplink.Uplink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The collector is a process of its own here, and it is killed without warning while it is fed.
@Timeout(600)
class KilledCollectorTest {
    private static final int BATCHES = 300;
    private static final int HITS_PER_BATCH = 20;
    private static final int KILLS = 3;
    private static final long START_NANOS = 1_767_225_600_000_000_000L; // 2026-01-01

    @TempDir Path folder;

    private @Nullable Process collector;

    @AfterEach
    void stop() throws InterruptedException {
        if (collector != null) {
            collector.destroy();
            assertThat(collector.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void everyHitIsInTheLedgerOnceWhateverIsKilled() throws Exception {
        int port = freePort();
        SensorConfig settings = prepare(port);
        startCollector();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (Spool spool = Spool.open(settings.spool(), settings.sensor().id(), meters);
                Uplink uplink =
                        new Uplink(
                                settings.uplink(),
                                spool,
                                "test",
                                Heartbeat::getDefaultInstance,
                                meters)) {
            uplink.start();
            Random random = new Random(11);
            for (int batch = 0; batch < BATCHES; batch++) {
                assertThat(spool.append(hits(batch))).isTrue();
                if (batch % (BATCHES / KILLS) == BATCHES / KILLS - 1) {
                    awaitProgress(spool, random.nextInt(BATCHES / KILLS));
                    kill();
                    startCollector();
                }
            }
            assertThat(uplink.awaitDrained(Duration.ofMinutes(3))).isTrue();
        }
        stop();
        collector = null;
        assertThat(counts())
                .containsExactly(
                        (long) BATCHES * HITS_PER_BATCH, (long) BATCHES * HITS_PER_BATCH, 0L);
    }

    /// Waits until some batches are acknowledged, so that the kill falls into the middle of the
    /// feed.
    private static void awaitProgress(Spool spool, int leftOver) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> spool.waitingBatches() <= Math.max(1, leftOver));
    }

    private SensorConfig prepare(int port) throws Exception {
        Authority authority = Authority.openOrCreate(folder);
        Duration life = Duration.ofDays(1);
        authority.issueServer(
                List.of("127.0.0.1"),
                life,
                folder.resolve("collector.pem"),
                folder.resolve("collector.key"));
        authority.issueSensor(
                "tap-1", life, folder.resolve("sensor.pem"), folder.resolve("sensor.key"));
        Files.writeString(
                folder.resolve("collector.yaml"),
                """
                feed:
                  listen: 127.0.0.1:%d
                  tls: {ca: ca.pem, certificate: collector.pem, key: collector.key}
                web: {listen: "127.0.0.1:0"}
                database: {embedded: {directory: postgres}}
                """
                        .formatted(port));
        return SensorConfig.load(
                Files.writeString(
                        folder.resolve("sensor.yaml"),
                        """
                        sensor: {id: tap-1}
                        capture: {files: [none]}
                        spool: {directory: spool}
                        uplink: {collector: "127.0.0.1:%d", ca: ca.pem, certificate: sensor.pem, key: sensor.key}
                        """
                                .formatted(port)));
    }

    private void startCollector() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        collector =
                new ProcessBuilder(
                                java.toString(),
                                "-Xmx512m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "minewatch.collector.Main",
                                "collector",
                                "run",
                                "--config",
                                folder.resolve("collector.yaml").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        new File(folder.toFile(), "collector.log")))
                        .start();
    }

    private void kill() throws InterruptedException {
        if (collector != null) {
            collector.destroyForcibly().waitFor();
        }
    }

    /// Rows, distinct hits, and gaps in the ledger.
    private List<Long> counts() throws Exception {
        try (Database database =
                Database.joined(new DatabaseConfig.Embedded(folder.resolve("postgres"), 0))) {
            database.start();
            try (Connection connection = database.dataSource().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery(
                                    "SELECT (SELECT count(*) FROM ledger.hit),"
                                            + " (SELECT count(DISTINCT json ->> 'source_ip') FROM ledger.hit),"
                                            + " (SELECT count(*) FROM ledger.gap)")) {
                assertThat(row.next()).isTrue();
                return List.of(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        }
    }

    /// Every hit has a source IP of its own.
    private static List<Hit> hits(int batch) {
        List<Hit> hits = new ArrayList<>();
        for (int i = 0; i < HITS_PER_BATCH; i++) {
            int number = batch * HITS_PER_BATCH + i;
            long at = START_NANOS + number * 1_000_000_000L;
            hits.add(
                    Hit.newBuilder()
                            .setSensor("tap-1")
                            .setSourceIp(
                                    ByteString.copyFrom(
                                            ByteBuffer.allocate(4)
                                                    .putInt(0x0A4D_0000 + number)
                                                    .array()))
                            .setFirstSeenNanos(at)
                            .setLastSeenNanos(at + 1)
                            .setVerdict(Verdict.MINER)
                            .setConfidence(0.999)
                            .addProtocols("stratum-v1")
                            .setSessions(1)
                            .setVisibility(
                                    Visibility.newBuilder().setOriginator(true).setResponder(true))
                            .addEvidence(
                                    Evidence.newBuilder()
                                            .setSignature("stratum-v1.submit")
                                            .setRevision(1)
                                            .setWeight(7)
                                            .setCount(1)
                                            .setAtNanos(at)
                                            .setDirection(minewatch.feed.v1.Direction.ORIGINATOR))
                            .build());
        }
        return hits;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
