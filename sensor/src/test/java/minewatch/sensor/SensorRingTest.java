package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import minewatch.signatures.SignaturePacks;
import minewatch.testkit.Packets;
import minewatch.testkit.net.Cable;
import minewatch.testkit.net.FrameSender;
import minewatch.testkit.net.PrivateNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole sensor at the kernel's ring, in a network of its own. Its collector is nowhere: what it
/// finds stays in the spool.
@Timeout(90)
class SensorRingTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<byte[]> ONE = flows(1);
    private static final String ONE_CABLE = "interface: far0, ring-bytes: 4MiB";

    /// Each ring large enough that what waits for the other fibre is not taken for a backlog.
    private static final String TAP = "interface: [far0, far1], ring-bytes: 64MiB";

    @TempDir Path folder;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private interface AtSensor {
        void run(Cable cable, FrameSender sender) throws Exception;
    }

    @BeforeAll
    static void networks() {
        assumeTrue(
                PrivateNetwork.isPossible(),
                "private networks: run as root, or under `unshare -rn`");
    }

    @Test
    void hitsOfAnInterfaceThatFallsSilentAreReportedWhenTheIntervalEnds() throws Exception {
        List<byte[]> frames =
                new StratumDialogue("10.0.0.1", 50001, "10.9.9.9")
                        .login(0).share(1).share(2).drain().stream()
                                .map(StratumDialogue.TimedFrame::bytes)
                                .toList();

        watching(
                "1s",
                1,
                (_, sender) -> {
                    sender.send(frames);
                    await().atMost(SOON).until(() -> count("spool.appended.hits") == 1);
                    await().atMost(SOON).until(() -> count("capture.frames") == frames.size());
                });

        assertThat(count("capture.kernel.packets")).isEqualTo(frames.size());
        assertThat(count("capture.octets"))
                .isEqualTo(frames.stream().mapToInt(frame -> frame.length).sum());
        assertThat(count("capture.kernel.drops")).isZero();
    }

    @Test
    void whatCameBeforeTheStopIsInTheSpool() throws Exception {
        List<byte[]> frames =
                new StratumDialogue("10.0.0.1", 50001, "10.9.9.9")
                        .login(0).share(1).drain().stream()
                                .map(StratumDialogue.TimedFrame::bytes)
                                .toList();

        watching("1d", 1, (_, sender) -> sender.send(frames));

        assertThat(count("capture.frames")).isEqualTo(frames.size());
        assertThat(count("spool.appended.hits")).isEqualTo(1);
    }

    @Test
    void workersShareTheTrafficAndTheirBooksAddUp() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        for (int miner = 1; miner <= 40; miner++) {
            new StratumDialogue("10.0.0." + miner, 50000 + miner, "10.9.9.9")
                    .login(0)
                    .share(1)
                    .drain()
                    .forEach(frame -> frames.add(frame.bytes()));
        }

        watching("1d", 2, (_, sender) -> sender.send(frames));

        assertThat(count("capture.frames")).isEqualTo(frames.size());
        assertThat(count("capture.kernel.packets")).isEqualTo(frames.size());
        assertThat(count("spool.appended.hits"))
                .as("both sides of a dialogue at one worker: one hit a miner")
                .isEqualTo(40);
    }

    /// As a tap does: what the miners send comes in by one interface, what they get by the other.
    @Test
    void bothFibresOfATapAreOneDialogueWhicheverWorkerHasIt() throws Exception {
        List<StratumDialogue.TimedFrame> frames = new ArrayList<>();
        for (int miner = 1; miner <= 40; miner++) {
            frames.addAll(
                    new StratumDialogue("10.0.0." + miner, 50000 + miner, "10.9.9.9")
                            .login(0)
                            .share(1)
                            .drain());
        }
        PrivateNetwork.run(() -> {
            Cable.lay();
            Cable other = new Cable("near1", "far1").relay();
            try (FrameSender fromMiners = FrameSender.open("near0");
                    FrameSender fromPool = FrameSender.open(other.near())) {
                running(
                        TAP,
                        "1d",
                        3,
                        () -> {
                            for (StratumDialogue.TimedFrame frame : frames) {
                                boolean ofMiner = frame.bytes()[26] == 10 && frame.bytes()[27] == 0;
                                (ofMiner ? fromMiners : fromPool).send(List.of(frame.bytes()));
                            }
                        });
            }
        });

        assertThat(count("capture.frames")).isEqualTo(frames.size());
        assertThat(count("capture.kernel.packets")).isEqualTo(frames.size());
        assertThat(count("spool.appended.hits")).isEqualTo(40);
        assertThat(count("flow.one.sided.flows")).isZero();
    }

    @Test
    void sensorThatFallsBehindSaysSoUntilItHasCaughtUp() throws Exception {
        List<byte[]> flood = largeFlows(20_000);
        watching(
                "1d",
                1,
                (_, sender) -> {
                    await().atMost(SOON)
                            .until(() -> {
                                sender.send(flood);
                                return count("capture.kernel.drops") > 0;
                            });
                    await().atMost(SOON).until(() -> count("capture.overload") == 2);
                    await().atMost(SOON).until(() -> count("capture.overload") == 0);
                });
    }

    @Test
    void interfaceThatGoesDownAndComesUpIsWatchedOn() throws Exception {
        watching(
                "1d",
                1,
                (cable, sender) -> {
                    cable.down(cable.far());
                    await().atMost(SOON).until(() -> count("capture.losses") == 1);
                    cable.up(cable.far());
                    sender.send(ONE);
                    await().atMost(SOON).until(() -> count("capture.frames") == 1);
                });

        assertThat(count("capture.retries")).isZero();
    }

    @Test
    void interfaceThatGoesAwayAndComesBackIsWatchedByAllWorkersAgain() throws Exception {
        long[] kernelPackets = {0};
        watching(
                "1d",
                2,
                (cable, sender) -> {
                    sender.send(ONE);
                    await().atMost(SOON).until(() -> count("capture.kernel.packets") == 1);
                    cable.remove();
                    await().atMost(SOON).until(() -> count("capture.retries") >= 2);
                    cable.relay();
                    List<byte[]> flows = flows(64);
                    try (FrameSender again = FrameSender.open(cable.near())) {
                        // Until both workers are back some find nobody, and some find one for all.
                        await().atMost(SOON)
                                .until(() -> {
                                    again.send(flows);
                                    return count("capture.frames") > 64;
                                });
                    }
                    kernelPackets[0] = count("capture.kernel.packets");
                });

        assertThat(count("capture.losses")).isGreaterThanOrEqualTo(2);
        assertThat(kernelPackets[0]).as("those before the loss are kept").isGreaterThan(64);
        assertThat(count("capture.frames"))
                .isEqualTo(count("capture.kernel.packets"))
                .isGreaterThan(64);
    }

    @Test
    void sensorStopsWhileItsInterfaceIsGoneAndItsBooksStand() throws Exception {
        watching(
                "1d",
                1,
                (cable, sender) -> {
                    sender.send(ONE);
                    await().atMost(SOON).until(() -> count("capture.frames") == 1);
                    cable.remove();
                    await().atMost(SOON).until(() -> count("capture.retries") >= 1);
                });

        assertThat(count("capture.kernel.packets")).isEqualTo(1);
    }

    @Test
    void interfaceThatIsNotThereAtTheStartIsSaid() throws Exception {
        PrivateNetwork.run(() -> {
            try (Sensor sensor = sensor(ONE_CABLE, "1d", 1)) {
                sensor.start();
                assertThatThrownBy(sensor::run)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("cannot open far0: no such interface");
            }
        });
    }

    private static List<byte[]> largeFlows(int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        Packets.udp("10.0.0.1", 1000 + i, "10.0.0.2", 9)
                                .payload(new byte[1400])
                                .ethernet())
                .toList();
    }

    private static List<byte[]> flows(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Packets.udp("10.0.0.1", 1000 + i, "10.0.0.2", 9).ethernet())
                .toList();
    }

    /// The deed is done once the sensor takes frames in, and the sensor then stopped and closed.
    private void watching(String interval, int workers, AtSensor deed) throws Exception {
        PrivateNetwork.run(() -> {
            Cable cable = Cable.lay();
            try (FrameSender sender = FrameSender.open(cable.near())) {
                running(ONE_CABLE, interval, workers, () -> deed.run(cable, sender));
            }
        });
    }

    private void running(String capture, String interval, int workers, PrivateNetwork.Body deed)
            throws Exception {
        try (Sensor sensor = sensor(capture, interval, workers)) {
            sensor.start();
            FutureTask<Boolean> run = new FutureTask<>(sensor::run);
            Thread.ofPlatform().start(run);
            await().atMost(SOON).until(() -> run.isDone() || sensor.isWatching());
            try {
                deed.run();
            } finally {
                sensor.stop();
            }
            assertThat(run.get()).isTrue();
        }
    }

    private Sensor sensor(String capture, String interval, int workers) throws Exception {
        Path settings =
                Files.writeString(
                        folder.resolve("sensor.yaml"),
                        """
                        sensor: {id: s-1}
                        capture: {%s, backend: af-packet, workers: %d}
                        spool: {directory: spool}
                        uplink: {collector: "127.0.0.1:1", ca: none, certificate: none, key: none}
                        rollup: {interval: %s}
                        """
                                .formatted(capture, workers, interval));
        return new Sensor(SensorConfig.load(settings), SignaturePacks.builtIn(), "test", registry)
                .cold();
    }

    private long count(String name) throws IOException {
        var meter = registry.find("minewatch.sensor." + name).meter();
        return meter == null ? 0 : (long) meter.measure().iterator().next().getValue();
    }
}
