package minewatch.sensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import minewatch.feed.v1.Hit;
import minewatch.sensor.capture.linux.PracticeBlock;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.rehearsal.RoughTraffic;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.work.PowerTable;

/// Leads made-up traffic through a lane that is then thrown away, before the first real packet.
///
/// What runs per packet is so compiled, and its branches are known; else the first seconds of a
/// busy interface, interpreted at a tenth of the speed, would fill the ring. It goes on until the
/// compilers have little left to do, which takes the longer the busier the machine is.
final class WarmUp {
    private static final int LEAST_FRAMES = 200_000;
    private static final int FLOWS = 500;
    private static final int FRAMES_BETWEEN_LOOKS = 25_000;
    private static final long LONGEST_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long FEW_MILLIS = 50;

    private final PracticeBlock block;
    private final RoughTraffic traffic = new RoughTraffic(FLOWS, 1);

    private WarmUp(Lane lane, MemorySegment memory) {
        block = new PracticeBlock(lane, memory);
    }

    /// Takes one to ten seconds, on the caller's thread.
    ///
    /// @param stopping whether to leave off
    static void run(Worker.Settings settings, SignaturePack pack, BooleanSupplier stopping) {
        Worker.Settings small =
                new Worker.Settings(
                        FlowConfig.DEFAULT, settings.inspect(), settings.intervalNanos());
        HitBuilder builder = new HitBuilder("warm-up", null, Privacy.OPEN, PowerTable.builtIn());
        try (Lane lane = new Lane(new Worker(small, pack, builder, WarmUp::forget, null));
                Arena arena = Arena.ofConfined()) {
            new WarmUp(lane, arena.allocate(PracticeBlock.BYTES, 64)).feed(stopping);
            lane.finish();
        }
    }

    /// A compilation is told when it is done: only a while without any shows that there are none.
    private void feed(BooleanSupplier stopping) {
        long start = System.nanoTime();
        long now = start;
        long busyNanos = start;
        long compiledMillis = compiledMillis();
        long frames = 0;
        while (!stopping.getAsBoolean()
                && now - start < LONGEST_NANOS
                && (now - busyNanos < QUIET_NANOS || frames < LEAST_FRAMES)) {
            for (int i = 0; i < FRAMES_BETWEEN_LOOKS; i++) {
                block.add(traffic.next(), traffic.timestampNanos());
            }
            frames += FRAMES_BETWEEN_LOOKS;
            now = System.nanoTime();
            long millis = compiledMillis();
            if (millis - compiledMillis > FEW_MILLIS) {
                busyNanos = now;
                compiledMillis = millis;
            }
        }
    }

    private static long compiledMillis() {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        return compilers != null && compilers.isCompilationTimeMonitoringSupported()
                ? compilers.getTotalCompilationTime()
                : 0;
    }

    private static void forget(List<Hit> hits) {
        // of nobody
    }
}
