package minewatch.sensor.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.ReleaseOffer;
import minewatch.feed.v1.ReleaseRequest;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolFixture;
import minewatch.testkit.ThrowAwayCa;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How a release comes over, from collectors good and bad, over real mutual TLS.
@Timeout(60)
class ReleaseFetchTest {
    private static final int PART = 48 << 10;
    private static final byte[] FILE = new byte[2 * PART + 100];
    private static final Duration PATIENCE = Duration.ofMillis(300);

    @TempDir Path folder;
    private final ThrowAwayCa ca = ThrowAwayCa.named("minewatch test");
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicInteger asked = new AtomicInteger();
    private final Taker taker = new Taker();
    private @Nullable TestCollector collector;
    private @Nullable ManagedChannel channel;

    @BeforeEach
    void fill() {
        new Random(1).nextBytes(FILE);
    }

    @AfterEach
    void close() throws Exception {
        if (channel != null) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
        if (collector != null) {
            collector.close();
        }
    }

    @Test
    void wholeFileComesInParts() throws Exception {
        try (ReleaseFetch fetch = fetch(Duration.ofMillis(10))) {
            collector().parts = ReleaseFetchTest::part;
            fetch.offered(offer(FILE.length), channel());
            await().until(() -> taker.files.size() == 1);
            assertThat(taker.files.getFirst()).isEqualTo(FILE);
            assertThat(count("fetched")).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotWantedIsNotAskedFor() throws Exception {
        try (ReleaseFetch fetch = fetch(Duration.ofMillis(10))) {
            collector().parts = this::countedPart;
            taker.wants = false;
            fetch.offered(offer(FILE.length), channel());
            taker.wants = true;
            fetch.offered(offer(FILE.length), channel());
            await().until(() -> taker.files.size() == 1);
            assertThat(asked).as("once for each part").hasValue(3);
        }
    }

    @Test
    void collectorThatStallsIsGivenUpAndTriedAgain() throws Exception {
        try (ReleaseFetch fetch = fetch(Duration.ofMillis(10))) {
            collector().parts = request -> request.getOffset() == 0 ? part(request) : null;
            fetch.offered(offer(FILE.length), channel());
            await().until(() -> count("failed") == 1);
            assertThat(taker.files).isEmpty();
            collector().parts = ReleaseFetchTest::part;
            await().until(() -> {
                fetch.offered(offer(FILE.length), channel());
                return taker.files.size() == 1;
            });
        }
    }

    @Test
    void fileThatIsNotTheOneOfferedIsNoRelease() throws Exception {
        failed(offer(FILE.length - 1), ReleaseFetchTest::part); // ends too late
        failed(offer(FILE.length + 1), ReleaseFetchTest::part); // too soon
        failed(offer(FILE.length), _ -> ByteString.EMPTY); // never
        failed(offer(PART), ReleaseFetchTest::part); // another digest
        failed(offer(FILE.length), request -> part(request).concat(ByteString.copyFromUtf8("x")));
    }

    @Test
    void collectorThatKnowsNoReleasesIsNoTrouble() throws Exception {
        failed(offer(FILE.length), null);
    }

    private void failed(ReleaseOffer offer, TestCollector.@Nullable Parts parts) throws Exception {
        double before = count("failed");
        try (ReleaseFetch fetch = fetch(Duration.ofMillis(10))) {
            collector().parts = parts;
            fetch.offered(offer, channel());
            await().until(() -> count("failed") == before + 1);
            assertThat(taker.files).isEmpty();
        }
    }

    @Test
    void afterARefusalTheNextAttemptWaits() throws Exception {
        try (ReleaseFetch fetch = fetch(Duration.ofMinutes(1))) {
            collector().parts = this::countedPart;
            taker.takes = false;
            fetch.offered(offer(FILE.length), channel());
            await().until(() -> taker.files.size() == 1);
            int before = asked.get();
            Thread.sleep(50);
            for (int i = 0; i < 20; i++) {
                fetch.offered(offer(FILE.length), channel());
                Thread.sleep(5);
            }
            assertThat(asked).hasValue(before);
        }
    }

    /// What is found is sent while a release does not come, and the sensor stops in time.
    @Test
    void stalledReleaseHoldsUpNothingElse() throws Exception {
        collector().parts =
                request -> {
                    asked.incrementAndGet();
                    return null;
                };
        collector().offer = offer(FILE.length);
        try (Spool spool =
                SpoolFixture.open(folder.resolve("spool"), 8 << 20, 64 << 10, registry)) {
            var program = new Uplink.Program("test", "");
            long closing;
            try (var uplink =
                    new Uplink(config(), spool, program, Heartbeat::getDefaultInstance, registry)) {
                uplink.fetchReleases(taker);
                uplink.start();
                await().until(() -> asked.get() == 1);
                SpoolFixture.append(spool, 1, 50, 100);
                assertThat(uplink.awaitDrained(Duration.ofSeconds(20))).isTrue();
                closing = System.nanoTime();
            }
            assertThat(System.nanoTime() - closing).isLessThan(Duration.ofSeconds(4).toNanos());
        }
    }

    @Test
    void collectorIsToldWhatRunsHereNow() throws Exception {
        try (Spool spool = SpoolFixture.open(folder.resolve("spool"), 8 << 20, 64 << 10, registry);
                var uplink =
                        new Uplink(
                                config(),
                                spool,
                                new Uplink.Program("test", "before"),
                                Heartbeat::getDefaultInstance,
                                registry)) {
            uplink.start();
            await().until(() -> packs().equals(List.of("before")));
            uplink.changed(new Uplink.Program("test", "after"));
            await().until(() -> packs().equals(List.of("before", "after")));
        }
    }

    private List<String> packs() throws Exception {
        return collector().store.hellos().stream().map(hello -> hello.getPack()).toList();
    }

    private ReleaseFetch fetch(Duration pause) {
        return new ReleaseFetch(
                taker, PATIENCE, new Backoff(pause, pause), new UplinkMetrics(registry));
    }

    private TestCollector collector() throws Exception {
        if (collector == null) {
            var own = ca.server("127.0.0.1").writeTo(folder.resolve("collector"));
            collector = new TestCollector(new TestCollector.Store(), ca, own, 0);
        }
        return collector;
    }

    private ManagedChannel channel() throws Exception {
        if (channel == null) {
            channel = new Dialer(config()).dial();
        }
        return channel;
    }

    private UplinkConfig config() throws Exception {
        var own = ca.sensor("s-1").writeTo(folder.resolve("sensor"));
        return new UplinkConfig(
                collector().address(),
                List.of(),
                own.ca(),
                own.certificate(),
                own.key(),
                null,
                Duration.ofMillis(100));
    }

    private double count(String result) {
        return registry.counter("minewatch.sensor.uplink.releases", "result", result).count();
    }

    private ByteString countedPart(ReleaseRequest request) {
        asked.incrementAndGet();
        return part(request);
    }

    private static ByteString part(ReleaseRequest request) {
        int from = Math.min(request.getOffset(), FILE.length);
        return ByteString.copyFrom(FILE, from, Math.min(PART, FILE.length - from));
    }

    private static ReleaseOffer offer(int size) {
        return ReleaseOffer.newBuilder()
                .setNumber(7)
                .setDigest(ReleaseFile.digest(FILE))
                .setSize(size)
                .build();
    }

    /// Takes everything it is given, or says it does not.
    private static final class Taker implements ReleaseHandler {
        private final List<byte[]> files = new CopyOnWriteArrayList<>();
        private volatile boolean wants = true;
        private volatile boolean takes = true;

        @Override
        public boolean wants(ReleaseOffer offer) {
            return wants;
        }

        @Override
        public boolean onRelease(byte[] file) {
            files.add(file);
            return takes;
        }
    }
}
