package minewatch.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import minewatch.collector.accept.Authority;
import minewatch.collector.accept.BatchHandler;
import minewatch.collector.accept.CheckedBatch;
import minewatch.collector.accept.EnrolmentConfig;
import minewatch.collector.accept.EnrolmentServer;
import minewatch.collector.accept.EnrolmentTokens;
import minewatch.collector.accept.FeedConfig;
import minewatch.collector.accept.FeedServer;
import minewatch.collector.accept.Issuer;
import minewatch.config.HostPort;
import minewatch.feed.trust.EnrolmentToken;
import minewatch.feed.trust.PeerTrust;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolConfig;
import minewatch.sensor.uplink.Enrolment;
import minewatch.sensor.uplink.Uplink;
import minewatch.sensor.uplink.UplinkConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A sensor from its token to its renewed certificate, both sides real; tokens and batches are kept
/// in memory.
@Timeout(120)
class EnrolmentTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration CERTIFICATE_LIFE = Duration.ofSeconds(12);
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    @TempDir Path folder;
    private final Tokens tokens = new Tokens();
    private final Store store = new Store();
    private final SimpleMeterRegistry collectorMetrics = new SimpleMeterRegistry();
    private final SimpleMeterRegistry sensorMetrics = new SimpleMeterRegistry();
    private Authority authority;
    private EnrolmentServer enrolment;
    private FeedServer feed;

    @BeforeEach
    void start() throws IOException {
        authority = Authority.openOrCreate(folder.resolve("ca"));
        authority.issueServer(
                List.of("127.0.0.1"), Duration.ofDays(1), ca("collector.pem"), ca("collector.key"));
        var tls = new FeedConfig.Tls(ca("ca.pem"), ca("collector.pem"), ca("collector.key"), null);
        Issuer issuer =
                Issuer.of(new EnrolmentConfig(ANY_PORT, folder.resolve("ca"), CERTIFICATE_LIFE));
        enrolment = new EnrolmentServer(ANY_PORT, tls, tokens, issuer, collectorMetrics);
        enrolment.start();
        feed = new FeedServer(new FeedConfig(ANY_PORT, tls), issuer, store, collectorMetrics);
        feed.start();
    }

    @AfterEach
    void stop() {
        feed.close();
        enrolment.close();
    }

    @Test
    void enrolledSensorIsLetInWithAKeyThatNeverLeftIt() throws Exception {
        Instant until = new Enrolment(sensor("")).enrol(enrolmentAddress(), token("tap-1"));
        assertThat(until).isBetween(Instant.now(), Instant.now().plus(CERTIFICATE_LIFE));
        assertThat(sensor("ca.pem")).hasSameTextualContentAs(ca("ca.pem"));
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(sensor("sensor.key"))))
                .isEqualTo("rw-------");
        try (Spool spool = spool();
                Uplink uplink = uplink(spool)) {
            spool.append(List.of(hit(1)));
            uplink.start();
            assertThat(uplink.awaitDrained(SOON)).isTrue();
        }
        assertThat(store.numbers).containsExactly("1");
    }

    @Test
    void whatGoesWrongIsSaidAndLeavesNoFile() throws Exception {
        EnrolmentToken used = token("tap-1");
        new Enrolment(folder.resolve("first")).enrol(enrolmentAddress(), used);
        refused(used, "the token was used before");
        EnrolmentToken foreign =
                EnrolmentToken.of(
                        "tap-1", Authority.openOrCreate(folder.resolve("other")).certificate());
        refused(foreign, "is not of the authority that the token names; check host and port");
        assertThatThrownBy(() ->
                        new Enrolment(folder.resolve("first")).enrol(enrolmentAddress(), used))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is there already; move it away first");
        var nobody = new HostPort("127.0.0.1", 1);
        assertThatThrownBy(() -> new Enrolment(sensor("")).enrol(nobody, used))
                .hasMessageContaining("cannot reach collector 127.0.0.1:1: connection refused");
        assertThat(sensor("")).isEmptyDirectory();
    }

    private void refused(EnrolmentToken token, String why) {
        assertThatThrownBy(() -> new Enrolment(sensor("")).enrol(enrolmentAddress(), token))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
        assertThat(sensor("")).isEmptyDirectory();
    }

    /// Certificates that live for seconds: several pass while batches flow.
    @Test
    void certificateIsRenewedAgainAndAgainAndNothingIsLost() throws Exception {
        new Enrolment(sensor("")).enrol(enrolmentAddress(), token("tap-1"));
        X509Certificate first = own();
        byte[] firstKey = Files.readAllBytes(sensor("sensor.key"));
        try (Spool spool = spool();
                Uplink uplink = uplink(spool)) {
            uplink.start();
            int number = 0;
            while (sensorMetrics
                            .counter("minewatch.sensor.uplink.renewals", "result", "renewed")
                            .count()
                    < 3) {
                spool.append(List.of(hit(++number)));
                Thread.sleep(50);
            }
            spool.append(List.of(hit(++number)));
            assertThat(uplink.awaitDrained(SOON)).isTrue();
            assertThat(store.numbers)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, number).mapToObj(String::valueOf).toList());
        }
        assertThat(Instant.now()).isAfter(first.getNotAfter().toInstant());
        assertThat(own().getPublicKey()).isNotEqualTo(first.getPublicKey());
        assertThat(Files.readAllBytes(sensor("sensor.key"))).isNotEqualTo(firstKey);
        assertThat(
                        sensorMetrics
                                .counter("minewatch.sensor.uplink.failures", "kind", "certificate")
                                .count())
                .isZero();
    }

    @Test
    void revokedSensorIsNotRenewedAndKeepsItsBatches() throws Exception {
        new Enrolment(sensor("")).enrol(enrolmentAddress(), token("tap-1"));
        try (Spool spool = spool();
                Uplink uplink = uplink(spool)) {
            uplink.start();
            await().atMost(SOON).until(() -> streams() == 1);
            authority.revokeSensor("tap-1", ca("crl.pem"));
            await().atMost(SOON).until(() -> streams() == 0);
            X509Certificate last = own();
            spool.append(List.of(hit(1)));
            await().atMost(SOON).until(() -> Instant.now().isAfter(last.getNotAfter().toInstant()));
            assertThat(own()).isEqualTo(last);
            assertThat(store.numbers).isEmpty();
            assertThat(spool.waitingBatches()).isEqualTo(1);
        }
    }

    private double streams() {
        return collectorMetrics.get("minewatch.collector.accept.streams").gauge().value();
    }

    private EnrolmentToken token(String sensor) {
        EnrolmentToken token = EnrolmentToken.of(sensor, authority.certificate());
        tokens.add(sensor, EnrolmentToken.hash(token.secret()), Duration.ofHours(1));
        return token;
    }

    private HostPort enrolmentAddress() {
        return new HostPort("127.0.0.1", enrolment.port());
    }

    private Path ca(String file) {
        return folder.resolve("ca").resolve(file);
    }

    private Path sensor(String file) {
        return folder.resolve("sensor").resolve(file);
    }

    private X509Certificate own() throws IOException {
        return PeerTrust.certificates(sensor("sensor.pem")).getFirst();
    }

    private Spool spool() throws Exception {
        return Spool.open(
                new SpoolConfig(folder.resolve("spool"), 8 << 20, 64 << 10),
                "tap-1",
                Set.of(),
                sensorMetrics);
    }

    private Uplink uplink(Spool spool) {
        return new Uplink(
                new UplinkConfig(
                        new HostPort("127.0.0.1", feed.port()),
                        List.of(),
                        sensor("ca.pem"),
                        sensor("sensor.pem"),
                        sensor("sensor.key"),
                        null,
                        Duration.ofMillis(200)),
                spool,
                new Uplink.Program("test", ""),
                Heartbeat::getDefaultInstance,
                sensorMetrics);
    }

    private static Hit hit(int number) {
        return Hit.newBuilder()
                .setSensor("tap-1")
                .setSourceIp(ByteString.copyFrom(new byte[] {10, 0, 0, 1}))
                .setFirstSeenNanos(1)
                .setLastSeenNanos(2)
                .setVerdict(Verdict.MINER)
                .setConfidence(0.9)
                .addWorkers(String.valueOf(number))
                .build();
    }

    /// What a database would hold.
    private static final class Store implements BatchHandler {
        private final List<String> numbers = new CopyOnWriteArrayList<>();
        private volatile long durable;

        @Override
        public Held onHello(String sensor, UUID bootId, String version) {
            return new Held(durable, ByteString.EMPTY);
        }

        @Override
        public synchronized boolean onBatch(String sensor, UUID bootId, CheckedBatch batch) {
            if (batch.seq() <= durable) {
                return false;
            }
            batch.hits().forEach(hit -> numbers.add(hit.getWorkers(0)));
            durable = batch.seq();
            return true;
        }

        @Override
        public void onHeartbeat(String sensor, Heartbeat heartbeat) {
            // nothing is asked of it
        }
    }

    private static final class Tokens implements EnrolmentTokens {
        private final Map<ByteString, String> open = new ConcurrentHashMap<>();
        private final Map<ByteString, String> used = new ConcurrentHashMap<>();

        @Override
        public void add(String sensor, ByteString hash, Duration valid) {
            open.put(hash, sensor);
        }

        @Override
        public Token find(ByteString hash) {
            if (used.containsKey(hash)) {
                return new Token.Used();
            }
            String sensor = open.get(hash);
            return sensor == null ? new Token.Unknown() : new Token.Open(sensor);
        }

        @Override
        public boolean use(ByteString hash) {
            String sensor = open.remove(hash);
            if (sensor != null) {
                used.put(hash, sensor);
            }
            return sensor != null;
        }
    }
}
