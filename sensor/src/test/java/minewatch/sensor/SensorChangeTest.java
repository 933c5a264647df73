package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.release.ReleaseKeys;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleasedFile;
import minewatch.sensor.release.Releases;
import minewatch.testkit.net.Cable;
import minewatch.testkit.net.FrameSender;
import minewatch.testkit.net.PrivateNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Releases put in force in a sensor that runs at the kernel's ring, in a network of its own.
@Timeout(90)
class SensorChangeTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final KeyPair KEYS = ReleaseKeys.generate();
    private static final int MINERS = 20;

    @TempDir Path folder;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<StratumDialogue> dialogues =
            IntStream.rangeClosed(1, MINERS)
                    .mapToObj(i -> new StratumDialogue("10.0.0." + i, 50000 + i, "10.9.9.9"))
                    .toList();
    private long sent;

    @BeforeAll
    static void networks() {
        assumeTrue(
                PrivateNetwork.isPossible(),
                "private networks: run as root, or under `unshare -rn`");
    }

    /// Dialogues of a kind that only the release knows, begun before it.
    @Test
    void allWorkersChangeWhileFramesComeAndNoneIsMissed() throws Exception {
        Releases releases = releases("1s", 2);
        watching(
                releases,
                sender -> {
                    say(sender);
                    await().atMost(SOON).until(() -> count("capture.frames") == sent);
                    assertThat(releases.onRelease(release(7))).isTrue();
                    say(sender);
                    await().atMost(SOON).until(() -> count("spool.appended.hits") == MINERS);
                    await().atMost(SOON).until(() -> count("capture.frames") == sent);
                });
        assertThat(count("capture.kernel.packets")).isEqualTo(sent);
        assertThat(count("capture.kernel.drops")).isZero();
        assertThat(count("spool.appended.hits")).isEqualTo(MINERS);
    }

    /// Also where no interval ends for a day, and no frame has come yet.
    @Test
    void sensorThatStandsStillOrStopsDoesNotHoldAReleaseUp() throws Exception {
        Releases releases = releases("1d", 1);
        FutureTask<Boolean> last = new FutureTask<>(() -> releases.onRelease(release(8)));
        Thread waiting = Thread.ofPlatform().unstarted(last);
        watching(
                releases,
                sender -> {
                    assertThat(releases.onRelease(release(7))).isTrue();
                    say(sender);
                    await().atMost(SOON).until(() -> count("capture.frames") == sent);
                    waiting.start();
                    await().atMost(SOON).until(() -> releases.inForce().release() == 8);
                });
        waiting.interrupt();
        assertThat(waiting.join(Duration.ofSeconds(10))).isTrue();
        assertThat(last).isDone();
        assertThat(count("spool.appended.hits")).as("what release 7 found").isEqualTo(MINERS);
    }

    private void say(FrameSender sender) throws IOException {
        for (StratumDialogue dialogue : dialogues) {
            dialogue.says(
                    0,
                    "{\"id\":2,\"method\":\"dig.submit\",\"params\":[\"a\",\"1f\",\"5feceb66\"]}");
            dialogue.answers(0, "{\"id\":2,\"result\":true}");
            List<byte[]> frames =
                    dialogue.drain().stream().map(StratumDialogue.TimedFrame::bytes).toList();
            sender.send(frames);
            sent += frames.size();
        }
    }

    private interface AtSensor {
        void run(FrameSender sender) throws Exception;
    }

    private void watching(Releases releases, AtSensor deed) throws Exception {
        PrivateNetwork.run(() -> {
            Cable cable = Cable.lay();
            try (FrameSender sender = FrameSender.open(cable.near());
                    Sensor sensor = new Sensor(releases, "test", registry).cold()) {
                sensor.start();
                FutureTask<Boolean> run = new FutureTask<>(sensor::run);
                Thread.ofPlatform().start(run);
                await().atMost(SOON).until(() -> run.isDone() || sensor.isWatching());
                try {
                    deed.run(sender);
                } finally {
                    sensor.stop();
                }
                assertThat(run.get()).isTrue();
            }
        });
    }

    private Releases releases(String interval, int workers) throws Exception {
        Files.writeString(folder.resolve("release.pem"), ReleaseKeys.pem(KEYS.getPublic()));
        Path settings =
                Files.writeString(
                        folder.resolve("sensor.yaml"),
                        """
                        sensor: {id: s-1}
                        capture: {interface: far0, backend: af-packet, ring-bytes: 4MiB, workers: %d}
                        spool: {directory: spool}
                        uplink: {collector: "127.0.0.1:1", ca: none, certificate: none, key: none}
                        releases: {keys: release.pem, directory: kept}
                        rollup: {interval: %s}
                        """
                                .formatted(workers, interval));
        return Releases.open(settings, registry);
    }

    private static byte[] release(long number) throws Exception {
        Path dig =
                Path.of(System.getProperty("minewatch.root")).resolve("docs/tutorial/dig/dig.yaml");
        return ReleaseFile.sign(
                Release.newBuilder()
                        .setNumber(number)
                        .addSignatures(
                                ReleasedFile.newBuilder()
                                        .setName("dig.yaml")
                                        .setText(Files.readString(dig)))
                        .build(),
                KEYS.getPrivate());
    }

    private long count(String name) {
        var meter = registry.find("minewatch.sensor." + name).meter();
        return meter == null ? 0 : (long) meter.measure().iterator().next().getValue();
    }
}
