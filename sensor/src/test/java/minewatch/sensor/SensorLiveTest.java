package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import minewatch.config.HostPort;
import minewatch.feed.v1.Heartbeat;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.LiveConfig;
import minewatch.sensor.capture.PcapLive;
import minewatch.sensor.uplink.TestCollector;
import minewatch.signatures.SignaturePacks;
import minewatch.testkit.ThrowAwayCa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A sensor at the loopback interface. Needs libpcap and the right to capture there.
@Timeout(90)
class SensorLiveTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final byte[] LARGE = new byte[60_000]; // 30 of them fill libpcap's buffer

    @TempDir Path folder;
    private final TestCollector.Store store = new TestCollector.Store();

    @Test
    void heartbeatsTellPacketsAndKernelDropsWhileTheSensorRuns() throws Exception {
        ThrowAwayCa ca = ThrowAwayCa.named("minewatch test");
        try (TestCollector collector =
                        new TestCollector(
                                store,
                                ca,
                                ca.server("127.0.0.1").writeTo(folder.resolve("server")),
                                0);
                Sensor sensor = sensor(collector.address(), ca);
                DatagramSocket sender = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            sensor.start();
            Thread worker = Thread.ofPlatform().start(() -> run(sensor));

            await().atMost(SOON).until(() -> latest().getPackets() > 0);
            Heartbeat early = latest();
            await().atMost(SOON).until(() -> flood(sender) && latest().getKernelDrops() > 0);

            assertThat(latest().getPackets()).isGreaterThan(early.getPackets());
            assertThat(latest().getOctets()).isGreaterThan(early.getOctets());
            assertThat(store.received()).as("no interval has ended").isEmpty();
            assertThat(worker.isAlive()).isTrue();
            sensor.stop();
            worker.join(Duration.ofSeconds(10));
            assertThat(worker.isAlive()).isFalse();
        }
    }

    private Sensor sensor(HostPort collector, ThrowAwayCa ca) throws Exception {
        try {
            PcapLive.open(LiveConfig.of("lo", 0), new Nothing()).close();
        } catch (IOException e) {
            return abort("no live capture here: " + e.getMessage());
        }
        var own = ca.sensor("s-1").writeTo(folder.resolve("sensor"));
        Path settings =
                Files.writeString(
                        folder.resolve("sensor.yaml"),
                        """
                        sensor: {id: s-1}
                        capture: {interface: lo, backend: pcap}
                        rollup: {interval: 1d}
                        spool: {directory: spool}
                        uplink:
                          collector: "%s"
                          ca: %s
                          certificate: %s
                          key: %s
                          heartbeat: 100ms
                        """
                                .formatted(collector, own.ca(), own.certificate(), own.key()));
        return new Sensor(
                SensorConfig.load(settings),
                SignaturePacks.builtIn(),
                "test",
                new SimpleMeterRegistry());
    }

    private Heartbeat latest() {
        var heartbeats = store.heartbeats();
        return heartbeats.isEmpty() ? Heartbeat.getDefaultInstance() : heartbeats.getLast();
    }

    private static void run(Sensor sensor) {
        try {
            sensor.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// To its own socket, so that nobody else is bothered.
    private static boolean flood(DatagramSocket sender) throws IOException {
        for (int i = 0; i < 2000; i++) {
            sender.send(
                    new DatagramPacket(
                            LARGE, LARGE.length, sender.getLocalAddress(), sender.getLocalPort()));
        }
        return true;
    }

    private static final class Nothing implements FrameHandler {
        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            // only whether the interface can be opened matters
        }

        @Override
        public void onBatchEnd() {
            // nothing was put off
        }
    }
}
