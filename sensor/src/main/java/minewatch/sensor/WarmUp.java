package minewatch.sensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import minewatch.feed.v1.Hit;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.rehearsal.SyntheticTraffic;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.work.PowerTable;

/// Leads made-up traffic through a worker that is then thrown away, before the first real packet.
///
/// What runs per packet is so compiled, and its branches are known; else the first second of a busy
/// interface, interpreted at a tenth of the speed, would fill the ring.
final class WarmUp {
    private static final int FRAMES = 200_000;
    private static final int FLOWS = 10_000;
    private static final int BATCH = 256;
    private static final int ROOM = 2048; // bytes of a frame; the longest has 1,514 and a tag
    private static final long STEP_NANOS = 10_000;
    private static final long LONGEST_NANOS = Duration.ofSeconds(3).toNanos();
    private static final int ETHERNET = 1;

    private WarmUp() {}

    /// Takes at most three seconds, on the caller's thread.
    static void run(Worker.Settings settings, SignaturePack pack) {
        Worker.Settings small =
                new Worker.Settings(
                        FlowConfig.DEFAULT, settings.inspect(), settings.intervalNanos());
        HitBuilder builder = new HitBuilder("warm-up", null, Privacy.OPEN, PowerTable.builtIn());
        try (Worker worker = new Worker(small, pack, builder, WarmUp::forget, null);
                Arena arena = Arena.ofConfined()) {
            feed(worker, arena.allocate((long) BATCH * ROOM, 64));
            worker.finish();
        }
    }

    private static void feed(Worker worker, MemorySegment block) {
        SyntheticTraffic traffic = new SyntheticTraffic(FLOWS, 1);
        long until = System.nanoTime() + LONGEST_NANOS;
        long nanos = 0;
        for (int i = 0; i < FRAMES && System.nanoTime() - until < 0; i += BATCH) {
            for (int k = 0; k < BATCH; k++) {
                byte[] frame = traffic.next();
                long at = (long) k * ROOM;
                MemorySegment.copy(frame, 0, block, ValueLayout.JAVA_BYTE, at, frame.length);
                nanos += STEP_NANOS;
                worker.onFrame(block, at, frame.length, frame.length, nanos, ETHERNET);
            }
            worker.onBatchEnd();
        }
    }

    private static void forget(List<Hit> hits) {
        // of nobody
    }
}
