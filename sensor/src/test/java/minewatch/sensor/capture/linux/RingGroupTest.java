package minewatch.sensor.capture.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import minewatch.sensor.capture.CollectedFrames;
import minewatch.sensor.capture.LiveConfig;
import minewatch.testkit.Packets;
import minewatch.testkit.net.Cable;
import minewatch.testkit.net.FrameSender;
import minewatch.testkit.net.PrivateNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RingGroupTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int FLOWS = 200;
    private static final int ROUNDS = 10;
    private static final int FLOW_NUMBER = 42; // offset of a frame's payload
    private static final long RING = 32 << 20;

    private final List<CollectedFrames> collected =
            List.of(new CollectedFrames(), new CollectedFrames());

    @BeforeAll
    static void networks() {
        assumeTrue(
                PrivateNetwork.isPossible(),
                "private networks: run as root, or under `unshare -rn`");
    }

    @Test
    void twoRingsShareTheTrafficFlowByFlow() throws Exception {
        List<byte[]> sent = conversations();
        PrivateNetwork.run(() -> {
            Cable cable = Cable.lay();
            RingGroup group =
                    new RingGroup(
                            new LiveConfig(cable.far(), RING, 2, List.of(), null, true, false));
            try (FrameSender sender = FrameSender.open(cable.near());
                    RingCapture first = group.open(collected.get(0));
                    RingCapture second = group.open(collected.get(1))) {
                whileReading(List.of(first, second), () -> sender.send(sent));
                assertThat(first.counts().kernelPackets() + second.counts().kernelPackets())
                        .isEqualTo(sent.size());
            }
        });

        List<String> all = new ArrayList<>(texts(0));
        all.addAll(texts(1));
        assertThat(all)
                .as("each once")
                .containsExactlyInAnyOrderElementsOf(sent.stream().map(Arrays::toString).toList());
        assertThat(flows(0)).as("both have work").isNotEmpty();
        assertThat(flows(1)).isNotEmpty().doesNotContainAnyElementsOf(flows(0));
    }

    @Test
    void groupThatAllHaveLeftIsBegunAnew() throws Exception {
        PrivateNetwork.run(() -> {
            Cable cable = Cable.lay();
            RingGroup group =
                    new RingGroup(
                            new LiveConfig(cable.far(), RING, 2, List.of(), null, true, false));
            group.open(collected.get(0)).close();
            cable.remove();
            cable.relay();
            try (FrameSender sender = FrameSender.open(cable.near());
                    RingCapture first = group.open(collected.get(0));
                    RingCapture second = group.open(collected.get(1))) {
                whileReading(List.of(first, second), () -> sender.send(conversations()));
            }
        });

        assertThat(collected.get(0).frames.size() + collected.get(1).frames.size())
                .isEqualTo(FLOWS * ROUNDS * 2);
    }

    /// Neither of the two is told by itself: the settings bound them together.
    @Test
    void ringsThatAreMoreThanTheMemoryTogetherAreSaidSo() {
        RingGroup group =
                new RingGroup(new LiveConfig("lo", 1L << 38, 2, List.of(), null, true, false));
        assertThatThrownBy(() -> group.open(collected.get(0)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot make a ring of 262144 MiB: ");
    }

    @Test
    void workerRunsWhereItIsPinnedTo() throws Exception {
        FutureTask<String> pinned =
                new FutureTask<>(() -> {
                    Affinity.pin(0);
                    return Files.readString(Path.of("/proc/thread-self/status"));
                });
        Thread.ofPlatform().start(pinned);

        assertThat(pinned.get()).containsPattern("(?m)^Cpus_allowed_list:\\s+0$");
        assertThatThrownBy(() -> Affinity.pin(1023))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(
                        "cannot pin a worker to core 1023: EINVAL; set capture.cores");
    }

    /// Does the deed once all rings take frames in, and stops them after it.
    private static void whileReading(List<RingCapture> captures, PrivateNetwork.Body deed)
            throws Exception {
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicInteger reading = new AtomicInteger();
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (RingCapture capture : captures) {
            boolean[] counted = {false};
            FutureTask<Void> task =
                    new FutureTask<>(() -> {
                        capture.run(() -> {
                            if (!counted[0]) {
                                counted[0] = true;
                                reading.incrementAndGet();
                            }
                            return stopping.get();
                        });
                        return null;
                    });
            tasks.add(task);
            Thread.ofPlatform().start(task);
        }
        try {
            await().atMost(SOON).until(() -> reading.get() == captures.size());
            deed.run();
        } finally {
            stopping.set(true);
        }
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
    }

    /// Both directions of many flows, all mixed; each frame different.
    private static List<byte[]> conversations() {
        List<byte[]> frames = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int flow = 0; flow < FLOWS; flow++) {
                byte[] payload = {(byte) flow, (byte) round};
                String client = "10.0.0." + (flow + 1);
                frames.add(
                        Packets.udp(client, 5000 + flow, "10.1.0.1", 53)
                                .payload(payload)
                                .ethernet());
                frames.add(
                        Packets.udp("10.1.0.1", 53, client, 5000 + flow)
                                .payload(payload)
                                .ethernet());
            }
        }
        return frames;
    }

    private List<String> texts(int worker) {
        return collected.get(worker).frames.stream()
                .map(frame -> Arrays.toString(frame.bytes()))
                .toList();
    }

    private Set<Byte> flows(int worker) {
        Set<Byte> flows = new HashSet<>();
        collected.get(worker).frames.forEach(frame -> flows.add(frame.bytes()[FLOW_NUMBER]));
        return flows;
    }
}
