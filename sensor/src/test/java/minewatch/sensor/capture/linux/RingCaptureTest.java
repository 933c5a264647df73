package minewatch.sensor.capture.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static minewatch.sensor.capture.linux.LiveReading.PATIENCE;
import static minewatch.sensor.capture.linux.LiveReading.lost;
import static minewatch.sensor.capture.linux.LiveReading.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import minewatch.sensor.capture.CaptureCounts;
import minewatch.sensor.capture.CollectedFrames;
import minewatch.sensor.capture.CollectedFrames.Frame;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.InterfaceLostException;
import minewatch.sensor.capture.LiveConfig;
import minewatch.testkit.Packets;
import minewatch.testkit.net.Cable;
import minewatch.testkit.net.FrameSender;
import minewatch.testkit.net.PrivateNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// At real interfaces, in networks that nobody else is in.
@Timeout(60)
class RingCaptureTest {
    private static final long RING = 4 << 20;
    private static final long SMALLEST_RING = 512 << 10;

    private final CollectedFrames collected = new CollectedFrames();

    @BeforeAll
    static void networks() {
        assumeTrue(
                PrivateNetwork.isPossible(),
                "private networks: run as root, or under `unshare -rn`");
    }

    @Test
    void framesArriveAsTheyWereSent() throws Exception {
        List<byte[]> sent = frames(3000);
        long before = System.currentTimeMillis() * 1_000_000;
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, RING, collected)) {
                run(capture, () -> sender.send(sent), () -> collected.frames.size() >= 3000);
            }
        });

        assertThat(bytes()).containsExactlyElementsOf(sent);
        assertThat(collected.frames)
                .allSatisfy(frame -> {
                    assertThat(frame.wireLength()).isEqualTo(frame.bytes().length);
                    assertThat(frame.linkType()).isEqualTo(1);
                })
                .isSortedAccordingTo(
                        (a, b) -> Long.compare(a.timestampNanos(), b.timestampNanos()));
        assertThat(collected.frames.getFirst().timestampNanos())
                .isBetween(before - PATIENCE, before + PATIENCE);
    }

    @Test
    void vlanTagsThatTheKernelTakesOutAreThereAgain() throws Exception {
        List<byte[]> sent =
                List.of(
                        frame(1),
                        Packets.udp("10.0.0.1", 1, "10.0.0.2", 2).vlan(42).ethernet(),
                        Packets.udp("10.0.0.1", 1, "10.0.0.2", 2).vlan(100).vlan(42).ethernet(),
                        frame(2));
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, RING, collected)) {
                run(capture, () -> sender.send(sent), () -> collected.frames.size() >= 4);
            }
        });

        assertThat(bytes()).containsExactlyElementsOf(sent);
    }

    @Test
    void nothingIsTakenInBeforeItIsRead() throws Exception {
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, RING, collected)) {
                sender.send(frames(100));
                run(
                        capture,
                        () -> sender.send(List.of(frame(200))),
                        () -> !collected.frames.isEmpty());
            }
        });

        assertThat(bytes()).containsExactly(frame(200));
    }

    @Test
    void stoppingHandsOnWhatHasComeAndThenNothingMore() throws Exception {
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, RING, collected)) {
                run(capture, () -> sender.send(frames(2000)), () -> true);
                sender.send(frames(5));
                assertThat(capture.counts().kernelPackets()).isEqualTo(2000);
            }
        });

        assertThat(bytes()).containsExactlyElementsOf(frames(2000));
    }

    @Test
    void filterIsInForceFromTheFirstFrameOn() throws Exception {
        List<byte[]> mixed = new ArrayList<>();
        List<byte[]> wanted = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            byte[] tcp = Packets.tcp("10.0.0.1", i, "10.0.0.2", 3333).ethernet();
            mixed.addAll(List.of(frame(i), tcp));
            wanted.add(tcp);
        }
        CaptureCounts[] counts = {CaptureCounts.NONE};
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, "tcp port 3333")) {
                sender.send(mixed); // nobody reads yet
                run(capture, () -> sender.send(mixed), () -> collected.frames.size() >= 500);
                counts[0] = capture.counts();
            }
        });

        assertThat(bytes()).containsExactlyElementsOf(wanted);
        assertThat(counts[0].kernelPackets()).isEqualTo(500);
    }

    @Test
    void filterSeesTheTagsThatTheKernelTakesOut() throws Exception {
        byte[] wanted = Packets.udp("10.0.0.1", 1, "10.0.0.2", 2).vlan(42).ethernet();
        byte[] other = Packets.udp("10.0.0.1", 1, "10.0.0.2", 2).vlan(43).ethernet();
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, "vlan 42 and udp port 2")) {
                run(
                        capture,
                        () -> sender.send(List.of(other, frame(1), wanted)),
                        () -> !collected.frames.isEmpty());
            }
        });

        assertThat(bytes()).containsExactly(wanted);
    }

    @Test
    void filterThatIsNoneIsSaidWithARemedy() throws Exception {
        atCable((cable, _) ->
                assertThatThrownBy(() -> open(cable, "tcp prot 3333"))
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching(
                                "cannot compile capture\\.filter: tcp prot 3333: .*; write it as"
                                        + " pcap-filter\\(7\\) says"));
    }

    @Test
    void framesOfOthersAreTakenInWhereAsked() throws Exception {
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, RING, collected)) {
                assertThat(PrivateNetwork.command("ip", "-details", "link", "show", "far0"))
                        .contains("promiscuity 1");
                run(capture, () -> sender.send(frames(3)), () -> collected.frames.size() >= 3);
            }
            assertThat(PrivateNetwork.command("ip", "-details", "link", "show", "far0"))
                    .contains("promiscuity 0");
        });
    }

    /// A veth has no clock: the kernel's time stands in.
    @Test
    void hardwareTimesFallBackToTheKernels() throws Exception {
        long before = System.currentTimeMillis() * 1_000_000;
        atCable((cable, sender) -> {
            LiveConfig config = new LiveConfig(cable.far(), RING, 1, List.of(), null, false, true);
            try (RingCapture capture = RingCapture.open(config, collected)) {
                run(capture, () -> sender.send(frames(1)), () -> !collected.frames.isEmpty());
            }
        });

        assertThat(collected.frames.getFirst().timestampNanos())
                .isBetween(before - PATIENCE, before + PATIENCE);
    }

    @Test
    void loopbackFramesAreSeenOnce() throws Exception {
        PrivateNetwork.run(() -> {
            try (RingCapture capture = RingCapture.open(LiveConfig.of("lo", RING), collected);
                    FrameSender sender = FrameSender.open("lo")) {
                run(
                        capture,
                        () -> sender.send(List.of(frame(1), frame(2))),
                        () -> collected.frames.size() >= 2);
            }
        });

        assertThat(bytes()).containsExactly(frame(1), frame(2));
    }

    @Test
    void framesThatFindTheRingFullAreCounted() throws Exception {
        CaptureCounts[] counts = {CaptureCounts.NONE};
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, SMALLEST_RING, collected)) {
                run(capture, () -> sender.send(frames(20_000)), () -> true);
                counts[0] = capture.counts();
            }
        });

        assertThat(counts[0].kernelPackets()).isEqualTo(20_000);
        assertThat(counts[0].kernelDrops()).isPositive();
        assertThat(counts[0].kernelDrops() + collected.frames.size()).isEqualTo(20_000);
        assertThat(counts[0].freezes()).isPositive();
        assertThat(counts[0].malformed()).isZero();
    }

    @Test
    void backlogIsTheShareOfTheRingThatWaitsToBeRead() throws Exception {
        List<Double> backlogs = new ArrayList<>();
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, RING, collected)) {
                assertThat(capture.backlog()).isZero();
                run(
                        capture,
                        () -> sender.send(frames(4000)), // 3 of the ring's 4 MiB
                        () -> {
                            backlogs.add(capture.backlog());
                            return collected.frames.size() == 4000;
                        });
            }
        });

        assertThat(backlogs.getFirst()).isBetween(0.5, 0.95);
        assertThat(backlogs.getLast()).isZero();
        // the last block is not full: the kernel gives it away when its time is up, later than the
        // rest
        int caughtUp = backlogs.indexOf(0.0);
        assertThat(backlogs.subList(0, caughtUp + 1))
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(backlogs.subList(caughtUp, backlogs.size())).allMatch(later -> later < 0.1);
    }

    @Test
    void silentInterfaceTellsTheTime() throws Exception {
        LiveReading.Clock clock = new LiveReading.Clock();
        long before = System.currentTimeMillis();
        PrivateNetwork.run(() -> {
            Cable cable = Cable.lay();
            try (RingCapture capture = open(cable, RING, clock)) {
                run(capture, () -> {}, () -> clock.nanos > 0);
            }
        });

        assertThat(TimeUnit.NANOSECONDS.toMillis(clock.nanos))
                .isBetween(before - 1000, System.currentTimeMillis());
    }

    @Test
    void interfaceThatGoesDownIsReadOnWhenItIsUpAgain() throws Exception {
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, RING, collected)) {
                InterfaceLostException lost =
                        lost(() -> run(capture, () -> cable.down(cable.far()), () -> false));
                assertThat(lost).hasMessageStartingWith("far0 is down").hasMessageContaining("up`");
                assertThat(lost.isGone()).isFalse();

                run(
                        capture,
                        () -> {
                            cable.up(cable.far());
                            sender.send(List.of(frame(1)));
                        },
                        () -> !collected.frames.isEmpty());
            }
        });

        assertThat(bytes()).containsExactly(frame(1));
    }

    @Test
    void interfaceThatIsDownAtTheStartIsSaid() throws Exception {
        atCable((cable, _) -> {
            cable.down(cable.far());
            try (RingCapture capture = open(cable, RING, collected)) {
                assertThat(lost(() -> run(capture, () -> {}, () -> false)).isGone()).isFalse();
            }
        });
    }

    @Test
    void interfaceThatGoesAwayIsSaidAfterItsLastFrame() throws Exception {
        atCable((cable, sender) -> {
            try (RingCapture capture = open(cable, RING, collected)) {
                LiveReading.Deed sendAndRemove =
                        () -> {
                            sender.send(frames(10));
                            cable.remove();
                        };
                InterfaceLostException lost = lost(() -> run(capture, sendAndRemove, () -> false));
                if (!lost.isGone()) { // it was seen as it went
                    lost = lost(() -> run(capture, () -> {}, () -> false));
                }
                assertThat(lost).hasMessageStartingWith("far0 is gone");
                assertThat(lost.isGone()).isTrue();
            }
        });

        assertThat(bytes()).containsExactlyElementsOf(frames(10));
    }

    @Test
    void interfaceThatDoesNotExistIsSaidWithARemedy() {
        assertThatThrownBy(() -> RingCapture.open(LiveConfig.of("none0", RING), collected))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot open none0: no such interface; name one of `ip -brief link`");
    }

    @Test
    void ringThatIsMoreThanTheMemoryIsSaidWithARemedy() {
        assertThatThrownBy(() -> RingCapture.open(LiveConfig.of("lo", 1L << 38), collected))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "cannot make a ring of 262144 MiB: \\d+ MiB of memory are available; set"
                                + " capture\\.ring-bytes to \\d+MiB or less");
    }

    @Test
    void rightToCaptureIsAllItTakes() throws Exception {
        atCable((cable, sender) ->
                PrivateNetwork.runWithRightToCapture(() -> {
                    try (RingCapture capture = open(cable, "udp")) {
                        run(
                                capture,
                                () -> sender.send(frames(3)),
                                () -> collected.frames.size() >= 3);
                    }
                }));

        assertThat(bytes()).containsExactlyElementsOf(frames(3));
    }

    @Test
    void missingRightIsSaidWithARemedy() throws Exception {
        PrivateNetwork.runUnprivileged(() ->
                assertThatThrownBy(() -> RingCapture.open(LiveConfig.of("lo", RING), collected))
                        .isInstanceOf(IOException.class)
                        .hasMessage(
                                "cannot open AF_PACKET on lo: EPERM; grant CAP_NET_RAW"
                                        + " (docs/how-to/install.md)"));
    }

    private static RingCapture open(Cable cable, long ring, FrameHandler handler)
            throws IOException {
        return RingCapture.open(LiveConfig.of(cable.far(), ring), handler);
    }

    private RingCapture open(Cable cable, String filter) throws IOException {
        return RingCapture.open(
                new LiveConfig(cable.far(), RING, 1, List.of(), filter, true, false), collected);
    }

    private interface AtCable {
        void run(Cable cable, FrameSender sender) throws Exception;
    }

    private static void atCable(AtCable body) throws Exception {
        PrivateNetwork.run(() -> {
            Cable cable = Cable.lay();
            try (FrameSender sender = FrameSender.open(cable.near())) {
                body.run(cable, sender);
            }
        });
    }

    private static List<byte[]> frames(int count) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(frame(i));
        }
        return frames;
    }

    /// Each of its own length and content.
    private static byte[] frame(int number) {
        String text = "frame " + number + " ".repeat(number * 37 % 1400);
        return Packets.udp("10.0.0.1", 1000, "10.0.0.2", 2000)
                .payload(text.getBytes(US_ASCII))
                .ethernet();
    }

    private List<byte[]> bytes() {
        return collected.frames.stream().map(Frame::bytes).toList();
    }
}
