package minewatch.bench.inspect;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntFunction;
import minewatch.bench.ImixFrames;
import minewatch.sensor.Worker;
import minewatch.sensor.decode.LinkType;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.testkit.Packets;

/// What hostile flows do to all others: a provider's mix alone, and with one hostile packet after
/// each of its own. Both count per packet, of a million of the mix.
///
/// `java -cp … minewatch.bench.inspect.HostileCost ROUNDS`
public final class HostileCost {
    private static final int FRAMES = 200_000;
    private static final int PASSES = 5;
    private static final int LAST_OF_DESTINATION = 14 + 19; // in a frame: IPv4 over Ethernet
    private static final int LARGEST = 1448; // bytes of payload
    private static final long START_NANOS = 1_795_478_400_000_000_000L;
    private static final long GAP_NANOS = 1_000;
    private static final byte[] LINE_OPENS =
            "{\"method\":\"mining.submit\",\"params\":[\"".getBytes(US_ASCII);
    private static final byte[] SHARE =
            "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"w\",\"7\",\"00000001\",\"504e86b9\",\"b2957c02\"]}\n"
                    .getBytes(US_ASCII);

    private static final SignaturePack PACK = SignaturePacks.builtIn();

    private final ImixFrames mix = new ImixFrames(FRAMES, 20_000, 7);
    private final MemorySegment hostile =
            Arena.ofAuto().allocate((long) FRAMES * ImixFrames.STRIDE, 64);
    private final int[] lengths = new int[FRAMES];

    private HostileCost() {}

    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: HostileCost ROUNDS");
            System.exit(2);
        }
        int rounds = Integer.parseInt(arguments[0]);
        HostileCost cost = new HostileCost();
        cost.compare(rounds, "an endless line", i -> ofOneFlow(i, LARGEST, endless(i)));
        cost.compare(rounds, "deep nesting", i -> ofOneFlow(i, LARGEST, nested()));
        cost.compare(
                rounds,
                "one byte a segment",
                i -> ofOneFlow(i, 1, new byte[] {SHARE[i % SHARE.length]}));
        cost.compare(rounds, "flows that all begin like mining", HostileCost::ofItsOwnFlow);
    }

    private void compare(int rounds, String name, IntFunction<Packets> packets) {
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame = packets.apply(i).ethernet();
            lengths[i] = frame.length;
            MemorySegment.copy(
                    frame, 0, hostile, ValueLayout.JAVA_BYTE, mix.offset(i), frame.length);
        }
        Rounds.run(rounds, "alone:", () -> run(false), "with " + name + ":", () -> run(true));
    }

    private long run(boolean withHostile) {
        try (Worker worker = Workers.of(PACK)) {
            for (int pass = 0; pass < PASSES; pass++) {
                pass(worker, withHostile, pass);
            }
            worker.finish();
            return worker.packets();
        }
    }

    /// The hostile flows of each pass are others.
    private void pass(Worker worker, boolean withHostile, int pass) {
        long now = START_NANOS + GAP_NANOS * FRAMES * pass;
        for (int i = 0; i < FRAMES; i++) {
            now += GAP_NANOS;
            long offset = mix.offset(i);
            int length = mix.frame(i).length;
            worker.onFrame(mix.block(), offset, length, length, now, LinkType.ETHERNET);
            if (withHostile) {
                hostile.set(ValueLayout.JAVA_BYTE, offset + LAST_OF_DESTINATION, (byte) pass);
                worker.onFrame(hostile, offset, lengths[i], lengths[i], now, LinkType.ETHERNET);
            }
        }
    }

    private static Packets ofOneFlow(int index, int size, byte[] payload) {
        return Packets.tcp("198.18.0.1", 50_000, "198.18.0.2", 3333)
                .sequence(1 + index * size)
                .flags(Packets.PSH | Packets.ACK)
                .payload(payload);
    }

    private static Packets ofItsOwnFlow(int index) {
        String source = "198.18.%d.%d".formatted(index >> 8 & 0xFF, index & 0xFF);
        return Packets.tcp(source, 1024 + (index >> 16), "198.18.0.2", 3333)
                .sequence(1)
                .flags(Packets.PSH | Packets.ACK)
                .payload(SHARE);
    }

    private static byte[] endless(int index) {
        byte[] payload = "a".repeat(LARGEST).getBytes(US_ASCII);
        if (index == 0) {
            System.arraycopy(LINE_OPENS, 0, payload, 0, LINE_OPENS.length);
        }
        return payload;
    }

    private static byte[] nested() {
        String line = "{\"method\":" + "[".repeat(700) + "]".repeat(700) + "}";
        return (line + " ".repeat(LARGEST - 1 - line.length()) + "\n").getBytes(US_ASCII);
    }
}
