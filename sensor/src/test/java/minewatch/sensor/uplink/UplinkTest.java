package minewatch.sensor.uplink;

import static minewatch.sensor.spool.SpoolFixture.append;
import static minewatch.sensor.spool.SpoolFixture.hitNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import minewatch.config.HostPort;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Heartbeat;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolFixture;
import minewatch.testkit.ThrowAwayCa;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(90)
class UplinkTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir Path folder;
    private final ThrowAwayCa ca = ThrowAwayCa.named("minewatch test");
    private @Nullable Path crl; // uplink.crl
    private final TestCollector.Store store = new TestCollector.Store();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Uplink.class);

    @BeforeEach
    void listen() {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void everyBatchArrivesOnceAndInOrder() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address())) {
            append(spool, 1, 150, 300);
            uplink.start();
            append(spool, 151, 300, 300);
            assertThat(uplink.awaitDrained(SOON)).isTrue();
            assertThat(store.received()).isEqualTo(numbers(1, 300));
            assertThat(hitNumbers(store.durable())).isEqualTo(numbers(1, 300));
            assertThat(spool.waitingBatches()).isZero();
            assertThat(store.hellos()).hasSize(1);
            assertThat(store.hellos().getFirst().getSensor()).isEqualTo("s-1");
            assertThat(store.hellos().getFirst().getPack()).isEqualTo("0123456789ab");
            assertThat(store.hellos().getFirst().getBootId()).isEqualTo(spool.bootId().toString());
            assertThat(counter("sent.batches")).isEqualTo(300);
            assertThat(counter("acked.batches")).isEqualTo(300);
        }
    }

    @Test
    void withoutAcksNoMoreThanTheWindowIsSentAndNothingIsForgotten() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool()) {
            collector.acks = false;
            append(spool, 1, 200, 100);
            try (Uplink uplink = uplink(spool, collector.address())) {
                uplink.start();
                await().until(() -> store.received().size() >= Window.MAX_BATCHES);
                assertThat(uplink.awaitDrained(Duration.ofMillis(300))).isFalse();
                assertThat(store.received()).isEqualTo(numbers(1, Window.MAX_BATCHES));
                assertThat(spool.ackedSeq()).isZero();
            }
            // The collector holds the first window; the next stream resumes after it.
            collector.acks = true;
            try (Uplink uplink = uplink(spool, collector.address())) {
                uplink.start();
                assertThat(uplink.awaitDrained(SOON)).isTrue();
            }
            assertThat(store.received()).isEqualTo(numbers(1, 200));
        }
    }

    @Test
    void streamCutAgainAndAgainLosesNothingAndKeepsTheOrder() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address())) {
            append(spool, 1, 300, 100);
            collector.cutAfter.set(17);
            uplink.start();
            for (int cut = 0; cut < 4; cut++) {
                int hellos = cut + 2;
                await().atMost(SOON).until(() -> store.hellos().size() >= hellos);
                collector.cutAfter.set(23);
            }
            collector.cutAfter.set(Integer.MAX_VALUE);
            assertThat(uplink.awaitDrained(SOON)).isTrue();
            assertThat(hitNumbers(store.durable())).isEqualTo(numbers(1, 300));
            assertThat(store.received()).isSorted();
        }
    }

    @Test
    void collectorKilledAndRestartedGetsTheRest() throws Exception {
        try (Spool spool = spool()) {
            append(spool, 1, 50, 100);
            var first = collector(0);
            try (Uplink uplink = uplink(spool, first.address())) {
                uplink.start();
                assertThat(uplink.awaitDrained(SOON)).isTrue();
                first.close();
                append(spool, 51, 100, 100);
                await().atMost(SOON).until(() -> gauge("connected") == 0);
                try (var second = collector(first.address().port())) {
                    assertThat(second.address()).isEqualTo(first.address());
                    assertThat(uplink.awaitDrained(SOON)).isTrue();
                }
            }
            assertThat(store.received()).isEqualTo(numbers(1, 100));
        }
    }

    @Test
    void nextCollectorTakesOverWhereOneFails() throws Exception {
        try (Spool spool = spool()) {
            append(spool, 1, 50, 100);
            var first = collector(0);
            var second = collector(0);
            var collectors = List.of(first.address(), second.address());
            try (Uplink uplink = uplink(spool, collectors, ca.sensor("s-1"))) {
                uplink.start();
                assertThat(uplink.awaitDrained(SOON)).isTrue();
                first.close();
                append(spool, 51, 100, 100);
                assertThat(uplink.awaitDrained(SOON)).isTrue();
                awaitLog("cannot reach collector " + first.address());
                try (var again = collector(first.address().port())) {
                    assertThat(again.address()).isEqualTo(first.address());
                    second.close();
                    append(spool, 101, 110, 100);
                    assertThat(uplink.awaitDrained(SOON)).isTrue();
                }
            }
            assertThat(store.received()).containsAll(numbers(1, 110));
            assertThat(store.durable()).hasSize(110);
        }
    }

    /// The collector forgot an acknowledgement it could not send: the sensor repeats, with the same
    /// hits under the same number.
    @Test
    void batchesSentAgainAreTheSame() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool()) {
            collector.acks = false;
            append(spool, 1, 10, 100);
            try (Uplink uplink = uplink(spool, collector.address())) {
                uplink.start();
                await().until(() -> store.received().size() == 10);
            }
            List<Batch> before = store.durable();
            collector.claimedDurable = 0;
            collector.acks = true;
            try (Uplink uplink = uplink(spool, collector.address())) {
                uplink.start();
                assertThat(uplink.awaitDrained(SOON)).isTrue();
            }
            assertThat(store.received()).hasSize(20);
            assertThat(store.durable()).isEqualTo(before);
        }
    }

    @Test
    void collectorThatAsksForAPauseGetsIt() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address())) {
            append(spool, 1, 1, 10);
            collector.pauseMillis.set(1500);
            uplink.start();
            assertThat(uplink.awaitDrained(SOON)).isTrue();
            collector.pauseMillis.set(0);
            long before = System.nanoTime();
            append(spool, 2, 2, 10);
            assertThat(uplink.awaitDrained(SOON)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isGreaterThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void heartbeatsCarryTheSensorsCountersAndTheSpools() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address())) {
            uplink.start();
            await().atMost(SOON).until(() -> store.heartbeats().size() >= 3);
            Heartbeat heartbeat = store.heartbeats().getLast();
            assertThat(heartbeat.getPackets()).isEqualTo(7);
            assertThat(heartbeat.getClockOffsetNanos()).isEqualTo(-5);
            assertThat(Instant.ofEpochSecond(0, heartbeat.getWallNanos()))
                    .isBetween(Instant.now().minusSeconds(60), Instant.now());
        }
    }

    @Test
    void heartbeatsTellWhatTheProcessTakesAndTheSpoolHolds() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address())) {
            append(spool, 1, 3, 100);
            uplink.start();
            await().atMost(SOON).until(() -> !store.heartbeats().isEmpty());
            Heartbeat heartbeat = store.heartbeats().getFirst();
            assertThat(heartbeat.getSpoolBytes()).isBetween(300L, 3000L);
            assertThat(heartbeat.getCpuNanos()).isPositive();
            assertThat(heartbeat.getMemoryBytes()).isGreaterThan(10_000_000);
        }
    }

    @Test
    void lossAtTheEndOfTheSpoolReachesTheCollector() throws Exception {
        try (var collector = collector(0);
                Spool spool = SpoolFixture.open(folder.resolve("small"), 1 << 20, 64 << 10);
                Uplink uplink = uplink(spool, collector.address())) {
            append(spool, 1, 1, 2 << 20); // larger than the spool
            uplink.start();
            assertThat(uplink.awaitDrained(SOON)).isTrue();
            assertThat(store.durable().getFirst().getGaps(0).getReason()).isEqualTo("spool-full");
        }
    }

    /// The collector takes no hole in the numbers that no gap explains, whatever was dropped while
    /// batches were under way.
    @Test
    void everyHoleIsExplainedByTheBatchAfterIt() throws Exception {
        try (var collector = collector(0);
                Spool spool = SpoolFixture.open(folder.resolve("small"), 1 << 20, 64 << 10)) {
            collector.acks = false;
            append(spool, 1, 10, 3000);
            try (Uplink uplink = uplink(spool, collector.address())) {
                uplink.start();
                await().until(() -> store.received().size() == 10);
                append(spool, 11, 420, 3000);
                await().until(() -> store.received().size() >= Window.MAX_BATCHES);
            }
            collector.acks = true;
            try (Uplink uplink = uplink(spool, collector.address())) {
                uplink.start();
                assertThat(uplink.awaitDrained(SOON)).isTrue();
            }
        }
        long next = 1;
        for (Batch batch : store.durable()) {
            for (var gap : batch.getGapsList()) {
                assertThat(gap.getFirstSeq()).isEqualTo(next);
                next = gap.getLastSeq() + 1;
            }
            assertThat(batch.getSeq()).isEqualTo(next++);
        }
        assertThat(next).isEqualTo(421);
    }

    @Test
    void olderCopyOfASpoolIsRefusedAndSaid() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address())) {
            append(spool, 1, 5, 10);
            collector.claimedDurable = 6;
            uplink.start();
            awaitLog("the spool ends at 5: the spool directory is an older copy; stop the sensor");
            assertThat(store.received()).isEmpty();
            assertThat(spool.ackedSeq()).isZero();
        }
    }

    /// The copy has gone on by itself, so its numbers alone would pass.
    @Test
    void olderCopyThatWentOnIsRefusedBeforeItForgetsWhatItNeverSent() throws Exception {
        Path copy = folder.resolve("copy");
        try (var collector = collector(0)) {
            try (Spool spool = spool();
                    Uplink uplink = uplink(spool, collector.address())) {
                append(spool, 1, 5, 10);
                SpoolFixture.copy(folder.resolve("spool"), copy);
                append(spool, 6, 9, 10);
                uplink.start();
                assertThat(uplink.awaitDrained(SOON)).isTrue();
            }
            int received = store.received().size();
            try (Spool spool = SpoolFixture.open(copy);
                    Uplink uplink = uplink(spool, collector.address())) {
                append(spool, 106, 112, 10);
                uplink.start();
                awaitLog("the collector holds batch 9 of this sensor, the spool has other hits");
                assertThat(store.received()).hasSize(received);
                assertThat(spool.ackedSeq()).isZero();
                assertThat(hitNumbers(SpoolFixture.read(spool, 0))).contains(106L, 112L);
            }
        }
    }

    @Test
    void collectorOfAForeignCaIsNotTrustedAndToldWhy() throws Exception {
        var foreign = ThrowAwayCa.named("foreign").server("127.0.0.1");
        certificateProblem(
                foreign, ca.sensor("s-1"), "comes from an authority that", "ca.pem does not hold");
    }

    @Test
    void collectorsExpiredCertificateIsToldAsSuch() throws Exception {
        var expired = ca.server(Instant.now().minusSeconds(60), "127.0.0.1");
        certificateProblem(expired, ca.sensor("s-1"), "its certificate has expired; renew");
    }

    @Test
    void collectorsCertificateForAnotherNameIsToldAsSuch() throws Exception {
        certificateProblem(
                ca.server("other.example"),
                ca.sensor("s-1"),
                "is for another name than 127.0.0.1; set uplink.collector to a name");
    }

    @Test
    void collectorsCertificateOfTomorrowIsToldAsSuch() throws Exception {
        Instant now = Instant.now();
        certificateProblem(
                ca.server(now.plusSeconds(3600), now.plusSeconds(7200), "127.0.0.1"),
                ca.sensor("s-1"),
                "its certificate is not valid yet; check the clocks of both machines");
    }

    @Test
    void sensorsCertificateIsNoCollectors() throws Exception {
        certificateProblem(
                ca.sensor("s-2"),
                ca.sensor("s-1"),
                "its certificate is not for servers (expected: extended key usage serverAuth)");
    }

    @Test
    void revokedCollectorIsNotTrustedAndToldWhy() throws Exception {
        var revoked = ca.server("127.0.0.1");
        crl = Files.writeString(folder.resolve("crl.pem"), ca.crl(revoked.certificate()));
        certificateProblem(
                revoked,
                ca.sensor("s-1"),
                "its certificate was revoked; give the collector a new certificate");
    }

    @Test
    void revocationListOfAnotherAuthorityIsNotTaken() throws Exception {
        String foreign = ThrowAwayCa.named("foreign").crl();
        crl = Files.writeString(folder.resolve("crl.pem"), foreign);
        certificateProblem(
                ca.server("127.0.0.1"),
                ca.sensor("s-1"),
                "uplink.crl: " + crl + ": is signed by none of the authorities in use");
    }

    @Test
    void ownExpiredCertificateIsToldWithTheRemedy() throws Exception {
        certificateProblem(
                ca.server("127.0.0.1"),
                ca.sensor(Instant.now().minusSeconds(60), "s-1"),
                "refuses this sensor's certificate",
                "it has expired on ",
                "enrol this sensor with `minewatch collector enrol`");
    }

    @Test
    void ownCertificateOfTomorrowIsToldWithTheRemedy() throws Exception {
        Instant now = Instant.now();
        certificateProblem(
                ca.server("127.0.0.1"),
                ca.sensor(now.plusSeconds(3600), now.plusSeconds(7200), "s-1"),
                "it is not valid before ",
                "check the clocks of both machines");
    }

    @Test
    void collectorsCertificateServesNoSensor() throws Exception {
        certificateProblem(
                ca.server("127.0.0.1"),
                ca.server("127.0.0.1"),
                "refuses this sensor's certificate",
                "it is not for clients (clientAuth)");
    }

    @Test
    void sensorsForeignCertificateIsRefusedAndTheRemedyNamed() throws Exception {
        certificateProblem(
                ca.server("127.0.0.1"),
                ThrowAwayCa.named("foreign").sensor("s-1"),
                "refuses this sensor's certificate",
                "minewatch collector enrol");
    }

    private void certificateProblem(
            ThrowAwayCa.Identity server, ThrowAwayCa.Identity sensor, String... messages)
            throws Exception {
        var own = server.writeTo(folder.resolve("server"));
        try (var collector = new TestCollector(store, ca, own, 0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address(), sensor)) {
            append(spool, 1, 3, 10);
            uplink.start();
            for (String message : messages) {
                awaitLog(message);
            }
            assertThat(
                            registry.counter(
                                            "minewatch.sensor.uplink.failures",
                                            "kind",
                                            "certificate")
                                    .count())
                    .isPositive();
            assertThat(store.received()).isEmpty();
            assertThat(spool.waitingBatches()).isEqualTo(3);
        }
    }

    @Test
    void renewedCertificateIsTakenUpWithoutARestart() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink =
                        uplink(spool, collector.address(), ThrowAwayCa.named("x").sensor("s-1"))) {
            append(spool, 1, 3, 10);
            uplink.start();
            awaitLog("");
            ca.sensor("s-1").writeTo(folder.resolve("sensor"));
            assertThat(uplink.awaitDrained(SOON)).isTrue();
        }
    }

    /// An older collector, or one without an authority: the old certificate holds for some time
    /// yet.
    @Test
    void certificateThatIsNotRenewedKeepsNothingFromFlowing() throws Exception {
        Instant now = Instant.now();
        var due = ca.sensor(now.minusSeconds(100), now.plusSeconds(60), "s-1");
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address(), due)) {
            append(spool, 1, 3, 10);
            uplink.start();
            assertThat(uplink.awaitDrained(SOON)).isTrue();
            await().atMost(SOON)
                    .until(() ->
                            registry.counter("minewatch.sensor.uplink.renewals", "result", "failed")
                                            .count()
                                    == 1);
            append(spool, 4, 5, 10);
            assertThat(uplink.awaitDrained(SOON)).isTrue();
            assertThat(store.hellos()).hasSize(1);
        }
    }

    @Test
    void renewalThatAKillCutShortIsCompletedAtTheNextStart() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address())) {
            Path key = folder.resolve("sensor").resolve("key.pem");
            Files.move(key, key.resolveSibling("key.pem.next"));
            Files.writeString(key, "of the certificate before");
            append(spool, 1, 3, 10);
            uplink.start();
            assertThat(uplink.awaitDrained(SOON)).isTrue();
        }
    }

    @Test
    void sensorTheCollectorDoesNotKnowIsToldToEnrol() throws Exception {
        try (var collector = collector(0);
                Spool spool = spool();
                Uplink uplink = uplink(spool, collector.address())) {
            collector.refusal =
                    Status.PERMISSION_DENIED.withDescription("sensor s-1 is not enrolled");
            uplink.start();
            awaitLog("refuses this sensor: sensor s-1 is not enrolled; enrol this sensor");
        }
    }

    @Test
    void unreachableCollectorIsOneLineWithTheBatchesThatWait() throws Exception {
        int unused;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        try (Spool spool = spool();
                Uplink uplink = uplink(spool, new HostPort("127.0.0.1", unused))) {
            append(spool, 1, 3, 10);
            uplink.start();
            awaitLog(
                    "cannot reach collector 127.0.0.1:"
                            + unused
                            + ": connection refused; 3 batches wait");
            await().atMost(SOON)
                    .until(() ->
                            registry.counter("minewatch.sensor.uplink.failures", "kind", "network")
                                            .count()
                                    >= 5);
            assertThat(log.list).hasSize(1);
        }
    }

    @Test
    void missingCertificateFileIsNamed() throws Exception {
        try (Spool spool = spool();
                Uplink uplink = uplink(spool, new HostPort("127.0.0.1", 1))) {
            Files.delete(folder.resolve("sensor").resolve("key.pem"));
            uplink.start();
            awaitLog("uplink.key: cannot read " + folder.resolve("sensor/key.pem"));
        }
    }

    @Test
    void silentPeerDoesNotKeepTheUplinkFromClosing() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Spool spool = spool()) {
            Uplink uplink = uplink(spool, new HostPort("127.0.0.1", socket.getLocalPort()));
            uplink.start();
            socket.accept();
            long before = System.nanoTime();
            uplink.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    private Spool spool() throws Exception {
        return SpoolFixture.open(folder.resolve("spool"));
    }

    private TestCollector collector(int port) throws Exception {
        return new TestCollector(
                store, ca, ca.server("127.0.0.1").writeTo(folder.resolve("server")), port);
    }

    private Uplink uplink(Spool spool, HostPort collector) {
        return uplink(spool, collector, ca.sensor("s-1"));
    }

    private Uplink uplink(Spool spool, HostPort collector, ThrowAwayCa.Identity sensor) {
        return uplink(spool, List.of(collector), sensor);
    }

    private Uplink uplink(Spool spool, List<HostPort> collectors, ThrowAwayCa.Identity sensor) {
        var files = sensor.writeTo(folder.resolve("sensor"));
        Path trusted = folder.resolve("sensor").resolve("ca.pem");
        try {
            Files.writeString(trusted, ThrowAwayCa.pem(ca.certificate()));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new Uplink(
                new UplinkConfig(
                        collectors.getFirst(),
                        collectors.subList(1, collectors.size()),
                        trusted,
                        files.certificate(),
                        files.key(),
                        crl,
                        Duration.ofMillis(100)),
                spool,
                new Uplink.Program("test", "0123456789ab"),
                () -> Heartbeat.newBuilder().setPackets(7).setClockOffsetNanos(-5).build(),
                registry,
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(200)));
    }

    private void awaitLog(String part) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(List.copyOf(log.list))
                                .extracting(ILoggingEvent::getFormattedMessage)
                                .anyMatch(line -> line.contains(part)));
    }

    private double counter(String name) {
        return registry.counter("minewatch.sensor.uplink." + name).count();
    }

    private double gauge(String name) {
        return registry.get("minewatch.sensor.uplink." + name).gauge().value();
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }
}
