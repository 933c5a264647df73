package minewatch.bench.flow;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import minewatch.bench.IdleSessions;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.flow.FlowTable;

/// A flow table that is led packets of so many flows, each in turn and no two neighbours after each
/// other, and what a packet costs then: decoding and the update of its flow.
public final class TableLoad {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SLOTS = Decoder.BATCH;
    private static final int STRIDE = 128; // bytes, between the starts of two frames
    private static final long START_NANOS = 1_795_478_400_000_000_000L;
    private static final double GOLDEN = 0.618_033_988_749_895;
    private static final Duration LONG = Duration.ofHours(24);

    private final Tuples tuples;
    private final long flows;
    private final long step;
    private final MemorySegment block = Arena.ofAuto().allocate(SLOTS * STRIDE, 64);
    private long flow;
    private long packets;

    private TableLoad(Tuples tuples, long flows) {
        this.tuples = tuples;
        this.flows = flows;
        this.step = coprime(flows);
        for (int slot = 0; slot < SLOTS; slot++) {
            tuples.prepare(block, (long) slot * STRIDE);
        }
    }

    /// @param evicted flows that lost their entry to another, during the packets measured
    public record Cost(double nanosPerPacket, long evicted, double evictedPerPacket) {}

    /// @param held told while the table holds the flows
    static Cost measure(Tuples tuples, long flows, int capacity, long packets, Runnable held) {
        double ours = new TableLoad(tuples, flows).nanos(new Nowhere(), packets) / packets;
        FlowConfig config = new FlowConfig(capacity, capacity, LONG, LONG);
        try (FlowTable table = new FlowTable(config, new IdleSessions())) {
            TableLoad load = new TableLoad(tuples, flows);
            Decoder decoder = new Decoder(table);
            load.nanos(decoder, flows); // all are there before it counts
            long evictedBefore = table.evictedByPressure();
            double nanos = load.nanos(decoder, packets) / packets;
            long evicted = table.evictedByPressure() - evictedBefore;
            held.run();
            return new Cost(nanos - ours, evicted, (double) evicted / packets);
        }
    }

    private double nanos(FrameHandler handler, long count) {
        long before = THREADS.getCurrentThreadCpuTime();
        for (long left = count; left > 0; left -= SLOTS) {
            batch(handler, (int) Math.min(left, SLOTS));
        }
        return THREADS.getCurrentThreadCpuTime() - before;
    }

    private void batch(FrameHandler handler, int count) {
        for (int slot = 0; slot < count; slot++) {
            long at = (long) slot * STRIDE;
            tuples.put(block, at, flow);
            flow += step;
            flow -= flow >= flows ? flows : 0;
            int length = tuples.bytes();
            long now = START_NANOS + packets++ * 1000;
            handler.onFrame(block, at, length, length, now, LinkType.ETHERNET);
        }
        handler.onBatchEnd();
    }

    /// A step that leads to every number before it leads to one twice.
    private static long coprime(long count) {
        long step = Math.max(1, (long) (count * GOLDEN));
        while (greatestCommonDivisor(step, count) != 1) {
            step++;
        }
        return step;
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /// What making the frames costs by itself.
    private static final class Nowhere implements FrameHandler {
        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            // read no further
        }

        @Override
        public void onBatchEnd() {
            // nothing was put off
        }
    }
}
