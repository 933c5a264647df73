package minewatch.bench.inspect;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.util.List;
import minewatch.bench.Curve;
import minewatch.bench.ImixFrames;
import minewatch.sensor.Worker;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.flow.FlowConfig;
import minewatch.signatures.language.InvalidSignaturesException;

/// What a packet of a provider's mix costs in the whole sensor with more flows at a time, all of
/// which take turns. The frames are few, and in the cache: what grows is the rest.
public final class FlowScaling {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int[] HUNDREDS = {10, 100, 1_000, 10_000, 100_000};
    private static final int FLOWS = 100; // of the frames as they are
    private static final int FRAMES = 1_000;
    private static final int LEAST_PACKETS = 4_000_000; // measured
    private static final long START_NANOS = 1_795_478_400_000_000_000L;
    private static final long GAP_NANOS = 1_000;
    private static final int TYPE_AT = 12;
    private static final short VLAN = (short) 0x8100;
    private static final short IPV6 = (short) 0x86DD;
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final ImixFrames mix = new ImixFrames(FRAMES, FLOWS, 7);
    private final MemorySegment block = mix.block();
    private long now = START_NANOS;

    private record Cost(double nanosPerPacket, long residentMebi) {}

    public void run() throws Exception {
        measure(HUNDREDS[1]); // so that the first figure is not the compiler's
        List<Cost> least =
                Curve.least(HUNDREDS.length, i -> measure(HUNDREDS[i]), Cost::nanosPerPacket);
        Curve curve = new Curve("sensor");
        for (int i = 0; i < HUNDREDS.length; i++) {
            curve.add(
                    "%,d flows".formatted(HUNDREDS[i] * FLOWS),
                    least.get(i).nanosPerPacket(),
                    least.get(i).residentMebi() + " MiB resident");
        }
    }

    /// The second half of the frames, when all flows are there.
    private Cost measure(int hundreds) throws IOException, InvalidSignaturesException {
        long packets = 0;
        long nanos = 0;
        long mebi = 0;
        int room = hundreds * FLOWS / 4 * 5;
        FlowConfig idle = FlowConfig.DEFAULT;
        FlowConfig table = new FlowConfig(room, room, idle.tcpIdle(), idle.otherIdle());
        try (Worker worker = Workers.of(Workers.wholePack(), table)) {
            while (packets < LEAST_PACKETS) {
                lead(worker, hundreds, 0, FRAMES / 2);
                long before = THREADS.getCurrentThreadCpuTime();
                lead(worker, hundreds, FRAMES / 2, FRAMES);
                nanos += THREADS.getCurrentThreadCpuTime() - before;
                packets += (long) hundreds * (FRAMES - FRAMES / 2);
                mebi = Curve.residentMebi();
                worker.finish();
            }
        }
        return new Cost((double) nanos / packets, mebi);
    }

    /// Each frame once for each hundred flows, with both addresses changed.
    private void lead(Worker worker, int hundreds, int from, int to) {
        for (int i = from; i < to; i++) {
            byte[] frame = mix.frame(i);
            for (int hundred = 0; hundred < hundreds; hundred++) {
                now += GAP_NANOS;
                worker.onFrame(
                        block, mix.offset(i), frame.length, frame.length, now, LinkType.ETHERNET);
                change(i, frame, hundred ^ (hundred + 1));
            }
            change(i, frame, hundreds); // as it was
        }
    }

    private void change(int index, byte[] frame, int bits) {
        int typeAt = shortAt(frame, TYPE_AT) == VLAN ? TYPE_AT + 4 : TYPE_AT;
        boolean ipv6 = shortAt(frame, typeAt) == IPV6;
        long at = mix.offset(index) + typeAt + 2;
        xor(at + (ipv6 ? 20 : 12), bits);
        xor(at + (ipv6 ? 36 : 16), bits);
    }

    private void xor(long at, int bits) {
        block.set(INT, at, block.get(INT, at) ^ bits);
    }

    private static short shortAt(byte[] frame, int at) {
        return (short) (frame[at] << 8 | frame[at + 1] & 0xFF);
    }
}
