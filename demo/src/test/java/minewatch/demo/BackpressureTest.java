package minewatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import minewatch.collector.accept.BatchHandler;
import minewatch.collector.accept.CheckedBatch;
import minewatch.collector.accept.EnrolmentConfig;
import minewatch.collector.accept.FeedConfig;
import minewatch.collector.accept.FeedServer;
import minewatch.collector.accept.Issuer;
import minewatch.config.HostPort;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolConfig;
import minewatch.sensor.uplink.Uplink;
import minewatch.sensor.uplink.UplinkConfig;
import minewatch.testkit.ThrowAwayCa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Twenty real sensors at a real listener whose database commits a batch a millisecond: first a
/// tenth of what it can take, then ten times that rate at once.
@Timeout(180)
class BackpressureTest {
    private static final int SENSORS = 20;
    private static final int BURST = 200; // batches a sensor
    private static final int UNCHECKED = SENSORS * 8; // what the streams' own limits let in

    @TempDir Path folder;
    private final ThrowAwayCa ca = ThrowAwayCa.named("Test authority");
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Store store = new Store();
    private final List<Spool> spools = new ArrayList<>();
    private final List<Uplink> uplinks = new ArrayList<>();

    @Test
    void burstWaitsInTheSpoolsAndNotInTheCollector() throws Exception {
        try (FeedServer feed = feed()) {
            feed.start();
            for (int i = 0; i < SENSORS; i++) {
                connect("tap-" + i, feed.port());
            }
            for (int round = 0; round < 10; round++) { // 100 batches a second
                appendToAll(1);
                Thread.sleep(200);
            }
            drain();
            assertThat(pauses()).as("at a tenth of the rate").isZero();

            appendToAll(BURST);
            List<Double> backlog = new ArrayList<>();
            while (waiting() > SENSORS * 10) {
                backlog.add(metrics.get("minewatch.collector.accept.backlog").gauge().value());
                Thread.sleep(10);
            }
            drain();
            assertThat(pauses()).as("in the burst").isPositive();
            List<Double> later =
                    new ArrayList<>(backlog.subList(backlog.size() / 2, backlog.size()));
            Collections.sort(later);
            assertThat(later.get(later.size() / 2)).isBetween(1.0, UNCHECKED * 0.6);
            assertThat(Collections.max(backlog)).isLessThanOrEqualTo(UNCHECKED);

            double before = pauses();
            appendToAll(1);
            drain();
            assertThat(pauses()).as("after it").isEqualTo(before);
            assertThat(store.stored).hasValue(SENSORS * (10 + BURST + 1));
        } finally {
            uplinks.forEach(Uplink::close);
            spools.forEach(Spool::close);
        }
    }

    private FeedServer feed() throws IOException {
        var files = ca.server("127.0.0.1").writeTo(folder.resolve("collector"));
        return new FeedServer(
                new FeedConfig(
                        new HostPort("127.0.0.1", 0),
                        new FeedConfig.Tls(files.ca(), files.certificate(), files.key(), null)),
                Issuer.of(new EnrolmentConfig(null, null, Duration.ofDays(1))),
                store,
                metrics);
    }

    private void connect(String sensor, int port) throws IOException {
        var files = ca.sensor(sensor).writeTo(folder.resolve(sensor));
        var own = new SimpleMeterRegistry();
        Spool spool =
                Spool.open(
                        new SpoolConfig(files.ca().resolveSibling("spool"), 64 << 20, 8 << 20),
                        sensor,
                        Set.of(),
                        own);
        Uplink uplink =
                new Uplink(
                        new UplinkConfig(
                                new HostPort("127.0.0.1", port),
                                List.of(),
                                files.ca(),
                                files.certificate(),
                                files.key(),
                                null,
                                Duration.ofSeconds(10)),
                        spool,
                        new Uplink.Program("test", ""),
                        Heartbeat::getDefaultInstance,
                        own);
        spools.add(spool);
        uplinks.add(uplink);
        uplink.start();
    }

    private void appendToAll(int batches) {
        spools.parallelStream()
                .forEach(spool -> {
                    for (int i = 0; i < batches; i++) {
                        spool.append(List.of(hit(spool.sensor())));
                    }
                });
    }

    private long waiting() {
        return spools.stream().mapToLong(Spool::waitingBatches).sum();
    }

    private void drain() throws InterruptedException {
        for (Uplink uplink : uplinks) {
            assertThat(uplink.awaitDrained(Duration.ofSeconds(60))).isTrue();
        }
    }

    private double pauses() {
        return metrics.counter("minewatch.collector.accept.pauses").count();
    }

    private static Hit hit(String sensor) {
        return Hit.newBuilder()
                .setSensor(sensor)
                .setSourceIp(ByteString.copyFrom(new byte[] {10, 0, 0, 1}))
                .setFirstSeenNanos(1)
                .setLastSeenNanos(2)
                .setVerdict(Verdict.MINER)
                .setConfidence(0.9)
                .build();
    }

    /// One batch at a time, a millisecond each.
    private static final class Store implements BatchHandler {
        private final AtomicInteger stored = new AtomicInteger();
        private final Map<String, Long> durable = new ConcurrentHashMap<>();

        @Override
        public Held onHello(String sensor, UUID bootId, String version) {
            return new Held(durable.getOrDefault(sensor, 0L), ByteString.EMPTY);
        }

        @Override
        public synchronized boolean onBatch(String sensor, UUID bootId, CheckedBatch batch)
                throws StoreException {
            if (batch.seq() <= durable.getOrDefault(sensor, 0L)) {
                return false;
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new StoreException("interrupted", false, e);
            }
            durable.put(sensor, batch.seq());
            stored.incrementAndGet();
            return true;
        }

        @Override
        public void onHeartbeat(String sensor, Heartbeat heartbeat) {
            // nothing is asked of it
        }
    }
}
