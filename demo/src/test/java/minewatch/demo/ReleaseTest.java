package minewatch.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import minewatch.collector.accept.BatchHandler;
import minewatch.collector.accept.CheckedBatch;
import minewatch.collector.accept.EnrolmentConfig;
import minewatch.collector.accept.FeedConfig;
import minewatch.collector.accept.FeedServer;
import minewatch.collector.accept.Issuer;
import minewatch.collector.accept.ReleaseFolder;
import minewatch.collector.accept.ReleasesConfig;
import minewatch.config.HostPort;
import minewatch.feed.release.ReleaseException;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.release.ReleaseKeys;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleasedFile;
import minewatch.sensor.Sensor;
import minewatch.sensor.release.Releases;
import minewatch.testkit.ThrowAwayCa;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Releases from the collector's folder to the hits of a sensor, both sides real; batches are kept
/// in memory.
@Timeout(120)
class ReleaseTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final KeyPair KEYS = ReleaseKeys.generate();
    private static final ThrowAwayCa CA = ThrowAwayCa.named("minewatch test");
    private static final Path DIG =
            Path.of(System.getProperty("minewatch.root")).resolve("docs/tutorial/dig");

    @TempDir static Path collectorFolder;
    private static final Store STORE = new Store();
    private static FeedServer feed;

    @TempDir Path folder;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    /// One for all tests, since Netty rests for two seconds when it stops.
    @BeforeAll
    static void start() throws Exception {
        var own = CA.server("127.0.0.1").writeTo(collectorFolder.resolve("tls"));
        var tls = new FeedConfig.Tls(own.ca(), own.certificate(), own.key(), null);
        var registry = new SimpleMeterRegistry();
        Files.createDirectories(releases(""));
        feed =
                new FeedServer(
                        new FeedConfig(new HostPort("127.0.0.1", 0), tls),
                        Issuer.of(new EnrolmentConfig(null, null, Duration.ofDays(1))),
                        STORE,
                        registry);
        feed.offer(ReleaseFolder.of(new ReleasesConfig(releases(""), List.of()), registry));
        feed.start();
    }

    @AfterAll
    static void stop() {
        feed.close();
    }

    /// The connection is older than the signature that tells what it is.
    @Test
    void runningSensorFindsWhatAReleaseTellsOf() throws Exception {
        Seen seen = STORE.of("live");
        try (Sensor sensor = live();
                Digger digger = new Digger()) {
            sensor.start();
            FutureTask<Boolean> run = new FutureTask<>(sensor::run);
            Thread.ofPlatform().start(run);
            await().atMost(SOON).until(() -> run.isDone() || sensor.isWatching());
            if (run.isDone()) {
                abort("no live capture here");
            }
            digger.begin();
            await().atMost(SOON).until(() -> seen.packs.size() == 1);
            publish("live-7", dig(7).addSensors("live").build());
            await().atMost(SOON).until(() -> !seen.dug.isEmpty() && seen.packs.size() == 2);
            assertThat(seen.packs.get(1)).isNotEqualTo(seen.packs.getFirst());
            assertThat(number()).isEqualTo(7);

            publish("live-8", Release.newBuilder().setNumber(8).addSensors("live").build());
            await().atMost(SOON).until(() -> seen.packs.size() == 3);
            assertThat(seen.packs.get(2)).isEqualTo(seen.packs.getFirst());
            sensor.stop();
            assertThat(run.get()).isTrue();
        }
    }

    private Sensor live() throws Exception {
        return new Sensor(releases("live", "interface: lo, backend: pcap"), "test", metrics).cold();
    }

    @Test
    void fetchedReleaseIsInForceAfterARestart() throws Exception {
        publish("kept-7", dig(7).addSensors("kept").build());
        try (Sensor sensor = new Sensor(releases("kept", "files: none"), "test", metrics)) {
            sensor.start();
            await().atMost(SOON).until(() -> number() == 7);
        }
        Releases again = releases("kept", "files: " + DIG.resolve("dig.pcap"));
        assertThat(again.inForce().release()).isEqualTo(7);
        try (Sensor sensor = new Sensor(again, "test", metrics)) {
            sensor.start();
            sensor.run();
            assertThat(sensor.awaitDrained(SOON)).isTrue();
        }
        assertThat(STORE.of("kept").dug).isNotEmpty();
    }

    @Test
    void refusedReleasesChangeNothingAndAreFetchedOnce() throws Exception {
        var forger = ReleaseKeys.generate().getPrivate();
        publish("wary-9", ReleaseFile.sign(dig(9).addSensors("wary").build(), forger));
        try (Sensor sensor = new Sensor(releases("wary", "files: none"), "test", metrics)) {
            sensor.start();
            await().atMost(SOON).until(() -> refused("signature") == 1);

            publish("other-12", dig(12).addSensors("other").build());
            String setting = "uplink: {collector: 'evil:1'}";
            publish("wary-10", dig(10).addSensors("wary").setSettings(setting).build());
            await().atMost(SOON).until(() -> refused("settings") == 1);
            assertThat(fetched()).as("none of another sensor's").isEqualTo(2);
            assertThat(number()).isZero();

            publish("wary-11", dig(11).addSensors("wary").build());
            await().atMost(SOON).until(() -> number() == 11);
            assertThat(fetched()).isEqualTo(3);
        }
        assertThat(STORE.of("wary").packs).as("one stream").hasSize(1);
    }

    private Releases releases(String sensor, String capture) throws Exception {
        var own = CA.sensor(sensor).writeTo(folder.resolve("tls"));
        Files.createDirectories(folder.resolve("none"));
        Files.writeString(folder.resolve("release.pem"), ReleaseKeys.pem(KEYS.getPublic()));
        Path settings =
                Files.writeString(
                        folder.resolve("sensor.yaml"),
                        """
                        sensor: {id: %s}
                        capture: {%s}
                        spool: {directory: spool}
                        rollup: {interval: 1s}
                        releases: {keys: release.pem, directory: kept}
                        uplink:
                          collector: "127.0.0.1:%d"
                          ca: %s
                          certificate: %s
                          key: %s
                          heartbeat: 100ms
                        """
                                .formatted(
                                        sensor,
                                        capture,
                                        feed.port(),
                                        own.ca(),
                                        own.certificate(),
                                        own.key()));
        return Releases.open(settings, metrics);
    }

    private void publish(String name, Release release) throws IOException, ReleaseException {
        publish(name, ReleaseFile.sign(release, KEYS.getPrivate()));
    }

    private void publish(String name, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("signed"), bytes);
        Files.move(file, releases(name + ".release"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path releases(String name) {
        return collectorFolder.resolve("releases").resolve(name);
    }

    private static Release.Builder dig(long number) throws IOException {
        return Release.newBuilder()
                .setNumber(number)
                .addSignatures(
                        ReleasedFile.newBuilder()
                                .setName("dig.yaml")
                                .setText(Files.readString(DIG.resolve("dig.yaml"))))
                .setSettings("rollup: {interval: 1s}");
    }

    private double number() {
        return metrics.get("minewatch.sensor.release.number").gauge().value();
    }

    private double refused(String reason) {
        return metrics.counter("minewatch.sensor.release.refused", "reason", reason).count();
    }

    private double fetched() {
        return metrics.counter("minewatch.sensor.uplink.releases", "result", "fetched").count();
    }

    /// A miner and its pool that go on talking over the loopback interface.
    private static final class Digger implements AutoCloseable {
        private final ServerSocket pool;
        private final Socket miner;
        private final Socket served;

        Digger() throws IOException {
            pool = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            miner = new Socket(pool.getInetAddress(), pool.getLocalPort());
            served = pool.accept();
        }

        void begin() {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            for (int id = 1; !miner.isClosed(); id++) {
                                miner.getOutputStream()
                                        .write(
                                                """
                                                {"id":%d,"method":"dig.submit","params":["farm01.rig7","1f","5feceb66"]}
                                                """
                                                        .formatted(id)
                                                        .getBytes(UTF_8));
                                served.getOutputStream()
                                        .write(
                                                """
                                                {"id":%d,"result":true}
                                                """
                                                        .formatted(id)
                                                        .getBytes(UTF_8));
                                Thread.sleep(50);
                            }
                        } catch (IOException | InterruptedException e) {
                            Thread.currentThread().interrupt(); // closed
                        }
                    });
        }

        @Override
        public void close() throws IOException {
            miner.close();
            served.close();
            pool.close();
        }
    }

    /// What a database would hold of one sensor.
    private static final class Seen {
        private final List<Hit> dug = new CopyOnWriteArrayList<>();
        private final List<String> packs = new CopyOnWriteArrayList<>();
        private volatile long durable;
    }

    private static final class Store implements BatchHandler {
        private final Map<String, Seen> sensors = new ConcurrentHashMap<>();

        Seen of(String sensor) {
            return sensors.computeIfAbsent(sensor, _ -> new Seen());
        }

        @Override
        public Held onHello(String sensor, UUID bootId, String version) {
            return new Held(of(sensor).durable, ByteString.EMPTY);
        }

        @Override
        public void onPack(String sensor, String revision) {
            of(sensor).packs.add(revision);
        }

        @Override
        public boolean onBatch(String sensor, UUID bootId, CheckedBatch batch) {
            Seen seen = of(sensor);
            if (batch.seq() <= seen.durable) {
                return false;
            }
            batch.hits().stream()
                    .filter(hit -> hit.getProtocolsList().contains("dig"))
                    .forEach(seen.dug::add);
            seen.durable = batch.seq();
            return true;
        }

        @Override
        public void onHeartbeat(String sensor, Heartbeat heartbeat) {
            // nothing is asked of it
        }
    }
}
