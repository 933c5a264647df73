package minewatch.sensor.rehearsal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/// [SyntheticTraffic] as a network delivers it: one frame in a dozen lost, doubled, out of order,
/// damaged, cut short, in fragments, in a tunnel, or neither TCP nor UDP; one in eight somebody's
/// probe; and now and then nothing at all for longer than a flow may be idle.
///
/// What the sensor does for the first packet of a kind is so done before a real one comes. Each
/// branch that was not taken yet when the optimising compiler looked sends what runs for each
/// packet back to the slow code for tens of milliseconds, on a busy interface thousands of packets.
public final class RoughTraffic {
    private static final int STEP_NANOS = 2_000_000; // between two frames, on average
    private static final int BACK_ONE_IN = 1_000;
    private static final int PAUSE_ONE_IN = 130_000;
    private static final long PAUSE_NANOS = Duration.ofMinutes(11).toNanos();
    private static final int PROBE_ONE_IN = 8;
    private static final int TROUBLE_ONE_IN = 12;
    private static final int DAMAGED_WITHIN = 80; // bytes: headers and the start of the payload
    private static final int LEAST_FRAGMENTED = 80;

    private final SyntheticTraffic traffic;
    private final Random random;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private long frames;
    private long nanos = PAUSE_NANOS;

    /// @param flows that go on at a time, 1 or more
    public RoughTraffic(int flows, long seed) {
        traffic = new SyntheticTraffic(flows, seed, true);
        random = new Random(~seed);
    }

    /// The next frame, an Ethernet one.
    public byte[] next() {
        nanos += random.nextInt(2 * STEP_NANOS);
        if (random.nextInt(BACK_ONE_IN) == 0) { // as between queues of one interface
            nanos -= STEP_NANOS;
        }
        if (++frames % PAUSE_ONE_IN == 0) {
            nanos += PAUSE_NANOS;
        }
        byte[] held = waiting.poll();
        if (held != null) {
            return held;
        }
        return random.nextInt(PROBE_ONE_IN) == 0
                ? Strangers.probe(random)
                : arriving(traffic.flow());
    }

    /// When the last frame came: ns since the Unix epoch.
    public long timestampNanos() {
        return nanos;
    }

    private byte[] arriving(SyntheticTraffic.Flow flow) {
        byte[] packet = flow.packet();
        byte[] frame = flow.frame(packet);
        if (random.nextInt(TROUBLE_ONE_IN) != 0) {
            return frame;
        }
        return switch (random.nextInt(9)) {
            case 0 -> arriving(traffic.flow()); // lost
            case 1 -> {
                waiting.add(frame);
                yield frame;
            }
            case 2 -> {
                waiting.add(frame); // overtaken, if there is a later one
                yield flow.isOver() ? frame : flow.frame(flow.packet());
            }
            case 3 -> damaged(frame);
            case 4 -> Arrays.copyOf(frame, random.nextInt(frame.length) + 1);
            case 5 -> inFragments(packet, frame);
            case 6, 7 -> tunnelled(packet);
            default -> Strangers.frame(random);
        };
    }

    private byte[] damaged(byte[] frame) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(Math.min(frame.length, DAMAGED_WITHIN));
            frame[at] = (byte) random.nextInt(256);
        }
        return frame;
    }

    /// Either may come first, or in a tunnel.
    private byte[] inFragments(byte[] packet, byte[] whole) {
        if (packet.length < LEAST_FRAGMENTED) {
            return whole;
        }
        List<byte[]> fragments =
                IpPackets.fragments(packet, random.nextInt(), 1 + random.nextInt(4));
        int first = random.nextInt(2);
        waiting.add(Encapsulation.ethernet(fragments.get(1 - first)));
        byte[] now = fragments.get(first);
        return random.nextBoolean() ? tunnelled(now) : Encapsulation.ethernet(now);
    }

    private byte[] tunnelled(byte[] packet) {
        Encapsulation[] all = Encapsulation.values();
        Encapsulation encapsulation = all[random.nextInt(all.length)];
        return encapsulation.carries(packet)
                ? encapsulation.frame(packet)
                : Encapsulation.ethernet(packet);
    }
}
