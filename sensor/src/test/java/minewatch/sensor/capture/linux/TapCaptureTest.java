package minewatch.sensor.capture.linux;

import static minewatch.sensor.capture.linux.LiveReading.lost;
import static minewatch.sensor.capture.linux.LiveReading.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import minewatch.sensor.capture.CollectedFrames;
import minewatch.sensor.capture.InterfaceLostException;
import minewatch.sensor.capture.LiveCapture;
import minewatch.sensor.capture.LiveConfig;
import minewatch.testkit.Packets;
import minewatch.testkit.net.Cable;
import minewatch.testkit.net.FrameSender;
import minewatch.testkit.net.PrivateNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TapCaptureTest {
    private static final long RING = 4 << 20;
    private static final long LARGE_RING = 64 << 20; // far from full

    private final CollectedFrames collected = new CollectedFrames();

    /// The two fibres of a tap, at whose far ends it is captured.
    private record Tap(Cable one, Cable other, FrameSender sendOne, FrameSender sendOther) {}

    private interface AtTap {
        void run(Tap tap, TapGroup group) throws Exception;
    }

    @BeforeAll
    static void networks() {
        assumeTrue(
                PrivateNetwork.isPossible(),
                "private networks: run as root, or under `unshare -rn`");
    }

    @Test
    void framesOfBothComeInTheOrderOfTheirTimes() throws Exception {
        atTap(
                1,
                LARGE_RING,
                (tap, group) -> {
                    try (LiveCapture capture = group.open(collected)) {
                        LiveReading.Deed talk =
                                () -> {
                                    for (int i = 0; i < 2000; i += 2) {
                                        tap.sendOne.send(List.of(frame(i)));
                                        tap.sendOther.send(List.of(frame(i + 1)));
                                    }
                                };
                        run(capture, talk, () -> collected.frames.size() >= 2000);
                        assertThat(capture.counts().kernelPackets()).isEqualTo(2000);
                    }
                });

        assertThat(texts()).containsExactlyElementsOf(texts(0, 2000));
    }

    @Test
    void oneThatIsSilentHoldsTheOtherUpForAMomentOnly() throws Exception {
        List<Integer> seen = new ArrayList<>();
        atTap(
                1,
                LARGE_RING,
                (tap, group) -> {
                    try (LiveCapture capture = group.open(collected)) {
                        run(
                                capture,
                                () -> tap.sendOne.send(frames(5000)),
                                () -> {
                                    seen.add(collected.frames.size());
                                    return collected.frames.size() >= 5000;
                                });
                    }
                });

        assertThat(texts()).containsExactlyElementsOf(texts(0, 5000));
        assertThat(seen).as("it waited, though blocks were there").contains(0);
    }

    /// Six times as much as the ring holds, as fast as it goes.
    @Test
    void ringThatFillsUpIsReadAtOnce() throws Exception {
        atTap(
                1,
                RING,
                (tap, group) -> {
                    try (LiveCapture capture = group.open(collected)) {
                        int[] sent = {0};
                        run(
                                capture,
                                () -> {},
                                () -> {
                                    if (sent[0] < 20) {
                                        send(tap.sendOne, frames(500));
                                        sent[0]++;
                                    }
                                    return sent[0] == 20 && collected.frames.size() >= 10_000;
                                });
                        assertThat(capture.counts().kernelDrops()).isZero();
                    }
                });

        assertThat(collected.frames).hasSize(10_000);
    }

    @Test
    void stoppingHandsOnWhatHasComeAndThenNothingMore() throws Exception {
        atTap(
                1,
                RING,
                (tap, group) -> {
                    try (LiveCapture capture = group.open(collected)) {
                        LiveReading.Deed talk =
                                () -> {
                                    tap.sendOne.send(frames(500));
                                    tap.sendOther.send(frames(500));
                                };
                        run(capture, talk, () -> true);
                        tap.sendOther.send(frames(5));
                        assertThat(capture.counts().kernelPackets()).isEqualTo(1000);
                    }
                });

        assertThat(collected.frames).hasSize(1000);
    }

    @Test
    void whileOneIsDownTheOtherIsReadOn() throws Exception {
        atTap(
                1,
                RING,
                (tap, group) -> {
                    try (LiveCapture capture = group.open(collected)) {
                        LiveReading.Deed sendAndCut =
                                () -> {
                                    tap.sendOne.send(List.of(frame(0)));
                                    tap.other.down(tap.other.far());
                                };
                        InterfaceLostException lost =
                                lost(() -> run(capture, sendAndCut, () -> false));
                        assertThat(lost).hasMessageStartingWith("far1 is down");
                        assertThat(lost.isGone()).isFalse();

                        run(
                                capture,
                                () -> tap.sendOne.send(List.of(frame(1))),
                                () -> collected.frames.size() >= 2);
                        run(
                                capture,
                                () -> {
                                    tap.other.up(tap.other.far());
                                    tap.sendOther.send(List.of(frame(2)));
                                },
                                () -> collected.frames.size() >= 3);
                    }
                });

        assertThat(texts()).containsExactlyElementsOf(texts(0, 3));
    }

    @Test
    void oneThatGoesAwayIsSaidAfterTheLastFrames() throws Exception {
        atTap(
                1,
                RING,
                (tap, group) -> {
                    try (LiveCapture capture = group.open(collected)) {
                        LiveReading.Deed sendAndRemove =
                                () -> {
                                    tap.sendOne.send(frames(10));
                                    tap.sendOther.send(frames(10));
                                    tap.other.remove();
                                };
                        InterfaceLostException lost =
                                lost(() -> run(capture, sendAndRemove, () -> false));
                        if (!lost.isGone()) { // it was seen as it went
                            lost = lost(() -> run(capture, () -> {}, () -> false));
                        }
                        assertThat(lost).hasMessageStartingWith("far1 is gone");
                    }
                });

        assertThat(collected.frames).hasSize(20);
    }

    @Test
    void silenceOfBothTellsTheTime() throws Exception {
        LiveReading.Clock clock = new LiveReading.Clock();
        long before = System.currentTimeMillis();
        atTap(
                1,
                RING,
                (_, group) -> {
                    try (LiveCapture capture = group.open(clock)) {
                        run(capture, () -> {}, () -> clock.nanos > 0);
                    }
                });

        assertThat(TimeUnit.NANOSECONDS.toMillis(clock.nanos))
                .isBetween(before - 1000, System.currentTimeMillis());
    }

    /// In each interface's group the workers stand in the order in which they came: who came back
    /// early would stand elsewhere in the group of one that stayed than in that of a new one.
    @Test
    void nobodyComesBackBeforeAllHaveLeft() throws Exception {
        atTap(
                2,
                RING,
                (_, group) -> {
                    LiveCapture first = group.open(collected);
                    LiveCapture second = group.open(collected);
                    first.close();
                    first.close();
                    assertThatThrownBy(() -> group.open(collected))
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("yet to let go");
                    second.close();
                    group.open(collected).close();
                });
    }

    @Test
    void oneThatIsNotThereIsSaidAndTheOtherLetGo() throws Exception {
        atTap(
                1,
                RING,
                (tap, group) -> {
                    tap.other.remove();
                    assertThatThrownBy(() -> group.open(collected))
                            .hasMessageStartingWith("cannot open far1: no such interface");
                    tap.other.relay();
                    group.open(collected).close();
                });
    }

    private static void atTap(int workers, long ringBytes, AtTap body) throws Exception {
        PrivateNetwork.run(() -> {
            Cable one = Cable.lay();
            Cable other = new Cable("near1", "far1").relay();
            TapGroup group =
                    new TapGroup(
                            List.of(
                                    config(one, ringBytes, workers),
                                    config(other, ringBytes, workers)));
            try (FrameSender sendOne = FrameSender.open(one.near());
                    FrameSender sendOther = FrameSender.open(other.near())) {
                body.run(new Tap(one, other, sendOne, sendOther), group);
            }
        });
    }

    private static LiveConfig config(Cable cable, long ringBytes, int workers) {
        return new LiveConfig(cable.far(), ringBytes, workers, List.of(), null, true, false);
    }

    private static void send(FrameSender sender, List<byte[]> frames) {
        try {
            sender.send(frames);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<byte[]> frames(int count) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(frame(i));
        }
        return frames;
    }

    private static byte[] frame(int number) {
        String text = text(number) + " ".repeat(800);
        return Packets.udp("10.0.0.1", 1000, "10.0.0.2", 2000)
                .payload(text.getBytes(StandardCharsets.US_ASCII))
                .ethernet();
    }

    private static String text(int number) {
        return "frame %06d".formatted(number);
    }

    private static List<String> texts(int from, int to) {
        List<String> texts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            texts.add(text(i));
        }
        return texts;
    }

    private List<String> texts() {
        return collected.frames.stream()
                .map(frame -> new String(frame.bytes(), 42, 12, StandardCharsets.US_ASCII))
                .toList();
    }
}
