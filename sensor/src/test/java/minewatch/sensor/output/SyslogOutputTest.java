package minewatch.sensor.output;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import minewatch.config.HostPort;
import minewatch.feed.kafka.KafkaConfig;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hit;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolFixture;
import minewatch.testkit.ThrowAwayCa;
import minewatch.testkit.ThrowAwayCa.PemFiles;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogOutputTest {
    private static final Pattern MESSAGE =
            Pattern.compile(
                    "<130>1 2026-11-28T08:00:00\\.123456Z s-1 minewatch - hit - CEF:0\\|Minewatch"
                            + "\\|Minewatch\\|9\\.9\\|stratum-v1\\|Cryptocurrency mining: miner\\|8\\|"
                            + "externalId=([0-9a-f-]{36}):(\\d+):(\\d+) dvchost=s-1 .*");
    private static final KafkaConfig NO_KAFKA =
            new KafkaConfig(List.of(), "t", null, null, null, null);
    private static final ThrowAwayCa CA = ThrowAwayCa.named("Syslog test");

    @TempDir Path folder;
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void everyHitArrivesOnceAndTheSpoolLetsGoOfIt() throws Exception {
        try (Spool spool = spool();
                var server = server(0)) {
            append(spool, 1, 50);
            try (Follower follower = follower(spool, server.address(), pem(), false)) {
                follower.start();
                await().until(() -> server.messages().size() == 150);
                append(spool, 51, 60);
                await().until(() -> server.messages().size() == 180);
            }
            assertThat(ids(server)).containsExactlyElementsOf(expected(spool, 60));
            assertThat(spool.followed("syslog")).isEqualTo(60);
            assertThat(count("sent.batches")).isEqualTo(60);
            assertThat(count("missed.batches")).isZero();
        }
    }

    @Test
    void batchSettlesWhileTheConnectionStaysOpen() throws Exception {
        try (Spool spool = spool();
                var server = server(0);
                Follower follower = follower(spool, server.address(), pem(), false)) {
            append(spool, 1, 3);
            follower.start();
            assertThat(follower.awaitDrained(Duration.ofSeconds(20))).isTrue();
            assertThat(server.messages()).hasSize(9);
        }
    }

    /// The server takes a few messages of each connection and then is gone, as one that is killed:
    /// what it had read but not kept comes again, and nothing is missing.
    @Test
    void serverThatDiesAgainAndAgainMissesNothing() throws Exception {
        try (Spool spool = spool()) {
            append(spool, 1, 10);
            HostPort address = freeAddress();
            try (Follower follower = follower(spool, address, pem(), false)) {
                follower.start();
                try (var dying = server(address.port()).dyingAfter(7)) {
                    await().atMost(30, SECONDS).until(() -> dying.messages().size() >= 21);
                    assertThat(spool.followed("syslog")).isZero();
                }
                try (var healthy = server(address.port())) {
                    await().atMost(30, SECONDS).until(() -> healthy.messages().size() >= 30);
                    assertThat(follower.awaitDrained(Duration.ofSeconds(20))).isTrue();
                    assertThat(ids(healthy)).containsExactlyElementsOf(expected(spool, 10));
                }
            }
        }
    }

    @Test
    void serverOfAnotherAuthorityOrNameGetsNothing() throws Exception {
        ThrowAwayCa other = ThrowAwayCa.named("Another");
        try (Spool spool = spool();
                var foreign = new SyslogServer(other.server("localhost"), 0, ClientAuth.NONE);
                var misnamed = new SyslogServer(CA.server("example.net"), 0, ClientAuth.NONE)) {
            append(spool, 1, 3);
            for (SyslogServer server : List.of(foreign, misnamed)) {
                double before = count("failures");
                try (Follower follower = follower(spool, server.address(), pem(), false)) {
                    follower.start();
                    await().atMost(30, SECONDS).until(() -> count("failures") > before);
                }
                assertThat(server.messages()).isEmpty();
            }
            assertThat(spool.followed("syslog")).isZero();
        }
    }

    @Test
    void serverThatAsksForACertificateGetsOne() throws Exception {
        try (Spool spool = spool();
                var server = new SyslogServer(CA.server("localhost"), 0, ClientAuth.REQUIRE)) {
            append(spool, 1, 3);
            try (Follower follower = follower(spool, server.address(), pem(), true)) {
                follower.start();
                await().atMost(30, SECONDS).until(() -> server.messages().size() == 9);
            }
        }
    }

    @Test
    void serverThatIsNotThereStopsNothing() throws Exception {
        try (Spool spool = spool();
                Follower follower = follower(spool, new HostPort("127.0.0.1", 1), pem(), false)) {
            append(spool, 1, 3);
            follower.start();
            await().until(() -> count("failures") > 0);
            append(spool, 4, 6);
            assertThat(follower.waiting()).isEqualTo(6);
            assertThat(follower.awaitDrained(Duration.ofMillis(10))).isFalse();
        }
    }

    /// A server that accepts and never reads: closing does not wait for it.
    @Test
    void serverThatNeverReadsDoesNotHoldTheSensorUp() throws Exception {
        try (Spool spool = spool();
                var stuck = server(0)) {
            stuck.hold();
            append(spool, 1, 400);
            Follower follower = follower(spool, stuck.address(), pem(), false);
            follower.start();
            await().atMost(30, SECONDS).until(() -> count("sent.batches") > 10);
            long begun = System.nanoTime();
            follower.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(12));
        }
    }

    private Spool spool() throws IOException {
        return SpoolFixture.open(folder.resolve("spool"), 64 << 20, "syslog");
    }

    private static SyslogServer server(int port) throws Exception {
        return new SyslogServer(CA.server("localhost"), port, ClientAuth.NONE);
    }

    private static HostPort freeAddress() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("localhost", socket.getLocalPort());
        }
    }

    private PemFiles pem() {
        return CA.sensor("s-1").writeTo(folder);
    }

    private Follower follower(Spool spool, HostPort server, PemFiles pem, boolean certified) {
        @Nullable Path certificate = certified ? pem.certificate() : null;
        @Nullable Path key = certified ? pem.key() : null;
        var config = new SyslogConfig(server, pem.ca(), certificate, key, 16);
        return Followers.of(config, NO_KAFKA, false, spool, "9.9", registry).getFirst();
    }

    private double count(String name) {
        var counter = registry.find("minewatch.sensor.output." + name).counter();
        return counter == null ? 0 : counter.count();
    }

    /// One hit of three flows a batch.
    private static void append(Spool spool, long first, long last) {
        for (long seq = first; seq <= last; seq++) {
            Hit.Builder hit =
                    SpoolFixture.hit(seq, 100).toBuilder()
                            .addProtocols("stratum-v1")
                            .setLastSeenNanos(1_795_852_800_123_456_789L);
            for (int port = 1; port <= 3; port++) {
                hit.addFlows(
                        Flow.newBuilder()
                                .setSourcePort(port)
                                .setDestinationIp(ByteString.copyFrom(new byte[] {10, 0, 0, 2}))
                                .setDestinationPort(3333)
                                .setCommunityId("1:x="));
            }
            spool.append(List.of(hit.build()));
        }
    }

    private static List<String> expected(Spool spool, int batches) {
        return IntStream.rangeClosed(1, batches)
                .boxed()
                .flatMap(seq -> IntStream.range(0, 3).mapToObj(_ -> spool.bootId() + ":" + seq))
                .toList();
    }

    private static List<String> ids(SyslogServer server) {
        List<String> ids = new ArrayList<>();
        for (String message : server.messages()) {
            var parts = MESSAGE.matcher(message);
            assertThat(parts.matches()).as(message).isTrue();
            ids.add(parts.group(1) + ":" + parts.group(2));
        }
        return ids;
    }
}
