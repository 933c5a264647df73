package minewatch.sensor;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.decode.DecodeAnomaly;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.flow.FlowTable;
import minewatch.sensor.inspect.FindingHandler;
import minewatch.sensor.inspect.InspectAnomaly;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.inspect.Trace;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.HitHandler;
import minewatch.sensor.rollup.Rollup;
import minewatch.signatures.SignaturePack;
import org.jspecify.annotations.Nullable;

/// One worker's rooms, from the frame to the hit. Built sink first: the packet climbs this list.
///
/// Packet time drives the reporting interval, so a capture file and a live ring behave alike.
///
/// - **Thread:** one; it owns everything in here.
public final class Worker implements FrameHandler, AutoCloseable {
    /// What [Settings#intervalNanos()] is where hits are only wanted at the end.
    public static final long NO_INTERVAL = Long.MAX_VALUE;

    /// One in so many flows is tested when the worker is overloaded.
    static final int SAMPLE = 8;

    /// @param flow size and timeouts of the flow table
    /// @param inspect bounds of the suspect flows
    /// @param intervalNanos packet time between two reports, or [#NO_INTERVAL]
    public record Settings(FlowConfig flow, Inspector.Limits inspect, long intervalNanos) {}

    /// What has passed so far.
    ///
    /// @param inspectedPackets packets of suspect flows
    /// @param suspects flows inspected now
    /// @param visibility how much of it could be seen into
    /// @param skipped what was done without, since the worker did not keep up
    /// @param decodeAnomalies frames that gave no packet view, by reason; only reasons that
    ///   occurred
    /// @param inspectAnomalies what could not be inspected, likewise
    public record Counters(
            long packets,
            long flows,
            long inspectedPackets,
            long suspects,
            Visibility visibility,
            Skipped skipped,
            Map<String, Long> decodeAnomalies,
            Map<String, Long> inspectAnomalies) {
        static final Counters NOTHING =
                new Counters(0, 0, 0, 0, Visibility.NOTHING, Skipped.NOTHING, Map.of(), Map.of());

        /// The sum with those of a worker that came after; suspects are the latter's.
        Counters plus(Counters later) {
            return new Counters(
                    packets + later.packets,
                    flows + later.flows,
                    inspectedPackets + later.inspectedPackets,
                    later.suspects,
                    visibility.plus(later.visibility),
                    skipped.plus(later.skipped),
                    sum(decodeAnomalies, later.decodeAnomalies),
                    sum(inspectAnomalies, later.inspectAnomalies));
        }

        private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
            Map<String, Long> sum = new TreeMap<>(one);
            other.forEach((reason, count) -> sum.merge(reason, count, Long::sum));
            return sum;
        }
    }

    /// What is to be done at the end of an interval beside a worker's own work.
    interface IntervalEnd {
        /// What can be read is reported.
        void onReadableReported();

        /// All flows are.
        void onAllReported();
    }

    private final Decoder decode;
    private final FlowTable flow;
    private final LateJudgement late;
    private final Inspector inspect;
    private final IntervalEnd intervalEnd;
    private final long intervalNanos;
    private long packets;
    private long intervals;
    private long intervalEndsNanos = Long.MIN_VALUE;

    public Worker(
            Settings settings,
            SignaturePack pack,
            HitBuilder builder,
            HitHandler handler,
            @Nullable Trace trace) {
        Rollup rollup = new Rollup(builder, handler);
        intervalEnd = new Alone(rollup);
        inspect = new Inspector(settings.inspect(), pack, rollup, trace);
        late = new LateJudgement(inspect, settings.inspect());
        flow = new FlowTable(settings.flow(), late);
        decode = new Decoder(flow);
        intervalNanos = settings.intervalNanos();
    }

    /// One of a [Team].
    ///
    /// @param index 0 to `workers - 1`
    Worker(
            Settings settings,
            SignaturePack pack,
            FindingHandler handler,
            IntervalEnd intervalEnd,
            int index,
            int workers) {
        this.intervalEnd = intervalEnd;
        inspect = new Inspector(settings.inspect(), pack, handler, null);
        late = new LateJudgement(inspect, settings.inspect());
        flow = new FlowTable(settings.flow(), late);
        decode = new Decoder(new OwnFlows(index, workers, flow, inspect));
        intervalNanos = settings.intervalNanos();
    }

    @Override
    public void onFrame(
            MemorySegment block,
            long offset,
            int capturedLength,
            int wireLength,
            long timestampNanos,
            int linkType) {
        packets++;
        if (timestampNanos >= intervalEndsNanos) {
            startInterval(timestampNanos);
        }
        decode.onFrame(block, offset, capturedLength, wireLength, timestampNanos, linkType);
    }

    @Override
    public void onBatchEnd() {
        decode.onBatchEnd();
    }

    /// An interval of a silent interface ends without a packet that shows it.
    @Override
    public void onSilence(long nowNanos) {
        if (intervalEndsNanos != Long.MIN_VALUE && nowNanos >= intervalEndsNanos) {
            startInterval(nowNanos);
        }
    }

    /// Reports what has been found since the last report; flows go on.
    public void report() {
        decode.onBatchEnd();
        flow.endInterval();
        reportRest();
    }

    /// No more frames: ends every flow and reports the rest.
    public void finish() {
        decode.onBatchEnd();
        flow.flush();
        reportRest();
    }

    private void reportRest() {
        intervalEnd.onReadableReported();
        late.judge();
        intervalEnd.onAllReported();
    }

    void learn(Worker other) {
        if (other != this) {
            inspect.learn(other.inspect);
        }
    }

    void takeSightings(Worker other) {
        if (other != this) {
            inspect.takeSightings(other.inspect);
        }
    }

    void reportSightings() {
        inspect.endInterval();
    }

    /// Does without some of the work, or takes it up again.
    void spare(Overload.Level level) {
        inspect.save(level != Overload.Level.NONE);
        flow.testOneIn(level == Overload.Level.SAMPLING ? SAMPLE : 1);
    }

    public long packets() {
        return packets;
    }

    /// How many intervals have ended.
    long intervals() {
        return intervals;
    }

    public Counters counters() {
        return new Counters(
                packets,
                flow.created(),
                flow.inspectedPackets(),
                inspect.activeSessions(),
                visibility(),
                new Skipped(
                        inspect.skippedShareChecks(), inspect.skippedOpaque(), flow.skippedTests()),
                decodeAnomalies(),
                inspectAnomalies());
    }

    /// A fault of this program, met since this was last asked while a flow was read, or null. The
    /// flow has lost its session.
    public @Nullable RuntimeException takeFault() {
        return inspect.takeFault();
    }

    private Visibility visibility() {
        return new Visibility(
                flow.dataFlows(),
                flow.oneSidedFlows(),
                flow.encryptedFlows(),
                inspect.lostSegments(),
                inspect.cutSegments());
    }

    private Map<String, Long> decodeAnomalies() {
        Map<String, Long> anomalies = new TreeMap<>();
        for (DecodeAnomaly kind : DecodeAnomaly.values()) {
            if (decode.anomalies(kind) > 0) {
                anomalies.put(kind.label(), decode.anomalies(kind));
            }
        }
        return anomalies;
    }

    private Map<String, Long> inspectAnomalies() {
        Map<String, Long> anomalies = new TreeMap<>();
        for (InspectAnomaly kind : InspectAnomaly.values()) {
            if (inspect.anomalies(kind) > 0) {
                anomalies.put(kind.label(), inspect.anomalies(kind));
            }
        }
        return anomalies;
    }

    @Override
    public void close() {
        flow.close();
    }

    private void startInterval(long nowNanos) {
        if (intervalNanos == NO_INTERVAL) {
            intervalEndsNanos = Long.MAX_VALUE;
            return;
        }
        if (intervalEndsNanos != Long.MIN_VALUE) {
            report();
            intervals++;
        }
        intervalEndsNanos = (Math.floorDiv(nowNanos, intervalNanos) + 1) * intervalNanos;
    }

    /// Nobody is waited for.
    private final class Alone implements IntervalEnd {
        private final Rollup rollup;

        Alone(Rollup rollup) {
            this.rollup = rollup;
        }

        @Override
        public void onReadableReported() {
            // there is nobody to tell
        }

        @Override
        public void onAllReported() {
            reportSightings();
            rollup.endInterval();
        }
    }
}
