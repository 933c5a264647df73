package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rehearsal.RoughTraffic;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.work.PowerTable;
import minewatch.testkit.Captures;

/// All rooms of a worker, with frames in which anything may be changed.
class WorkerFuzzTest {
    private static final SignaturePack PACK = SignaturePacks.builtIn();
    private static final MemorySegment BLOCK = Arena.ofAuto().allocate(1 << 16);
    private static final int FLOWS = 8;
    private static final int MOST_FRAMES = 400;
    private static final int CHANGED_WITHIN = 120; // bytes: headers and the start of the payload

    /// Nothing is thrown out of it, and no flow's session fails.
    @FuzzTest(maxDuration = "10s")
    void anyTrafficIsReadToItsEnd(FuzzedDataProvider data) {
        RoughTraffic traffic = new RoughTraffic(FLOWS, data.consumeInt());
        int frames = data.consumeInt(1, MOST_FRAMES);
        try (Worker worker = worker()) {
            for (int i = 0; i < frames; i++) {
                byte[] frame = traffic.next();
                if (data.remainingBytes() > 2 && data.consumeBoolean()) {
                    int last = Math.min(frame.length, CHANGED_WITHIN) - 1;
                    frame[data.consumeInt(0, last)] = data.consumeByte();
                }
                MemorySegment.copy(frame, 0, BLOCK, ValueLayout.JAVA_BYTE, 0, frame.length);
                worker.onFrame(
                        BLOCK,
                        0,
                        frame.length,
                        frame.length,
                        traffic.timestampNanos(),
                        Captures.ETHERNET);
                worker.onBatchEnd();
            }
            worker.finish();
            assertThat(worker.counters().inspectAnomalies()).doesNotContainKey("session.failed");
        }
    }

    private static Worker worker() {
        return new Worker(
                new Worker.Settings(
                        new FlowConfig(
                                64,
                                1 << 10,
                                FlowConfig.DEFAULT.tcpIdle(),
                                FlowConfig.DEFAULT.otherIdle()),
                        new Inspector.Limits(100, 1 << 20, 0),
                        Worker.NO_INTERVAL),
                PACK,
                new HitBuilder("s-1", null, Privacy.OPEN, PowerTable.builtIn()),
                hits -> {},
                null);
    }
}
