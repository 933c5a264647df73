package minewatch.sensor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import minewatch.sensor.decode.DecodeAnomaly;
import minewatch.sensor.inspect.InspectAnomaly;

/// What is counted on a packet's way, over all lanes (docs/reference/metrics.md). Thread-safe.
final class LaneMetrics {
    private static final String CAPTURE = "minewatch.sensor.capture.";
    private static final String DECODE = "minewatch.sensor.decode.";
    private static final String FLOW = "minewatch.sensor.flow.";
    private static final String INSPECT = "minewatch.sensor.inspect.";

    private final MeterRegistry registry;
    private final List<Lane> lanes;
    private final Counter losses;
    private final Counter retries;

    /// @param lanes kept alive by whoever asks: meters hold them weakly
    LaneMetrics(List<Lane> lanes, MeterRegistry registry) {
        this.registry = registry;
        this.lanes = lanes;
        losses = registry.counter(CAPTURE + "losses");
        retries = registry.counter(CAPTURE + "retries");
        registerCapture();
        registerFlows();
        registerAnomalies();
    }

    private void registerCapture() {
        count(CAPTURE + "frames", told -> told.worker().packets());
        count(CAPTURE + "octets", Lane.Told::octets);
        count(CAPTURE + "kernel.packets", told -> told.capture().kernelPackets());
        count(CAPTURE + "kernel.drops", told -> told.capture().kernelDrops());
        count(CAPTURE + "kernel.freezes", told -> told.capture().freezes());
        count(CAPTURE + "malformed", told -> told.capture().malformed());
        Gauge.builder(CAPTURE + "overload", lanes, LaneMetrics::overload).register(registry);
        skipped("share-check", Skipped::shareChecks);
        skipped("opaque-flow", Skipped::opaqueFlows);
        skipped("flow-test", Skipped::flowTests);
    }

    private void registerFlows() {
        count(FLOW + "opened", told -> told.worker().flows());
        count(FLOW + "data.flows", told -> told.worker().visibility().dataFlows());
        count(FLOW + "one.sided.flows", told -> told.worker().visibility().oneSidedFlows());
        count(FLOW + "encrypted.flows", told -> told.worker().visibility().encryptedFlows());
        Gauge.builder(INSPECT + "suspects", lanes, LaneMetrics::suspects).register(registry);
        count(INSPECT + "packets", told -> told.worker().inspectedPackets());
        count(INSPECT + "lost.segments", told -> told.worker().visibility().lostSegments());
        count(INSPECT + "cut.segments", told -> told.worker().visibility().cutSegments());
    }

    /// Each from the start, also those at 0: an alarm on what never was there before fails.
    private void registerAnomalies() {
        for (DecodeAnomaly kind : DecodeAnomaly.values()) {
            anomaly(DECODE, kind.label(), Worker.Counters::decodeAnomalies);
        }
        for (InspectAnomaly kind : InspectAnomaly.values()) {
            anomaly(INSPECT, kind.label(), Worker.Counters::inspectAnomalies);
        }
    }

    /// The interface went down or away.
    void lost() {
        losses.increment();
    }

    /// It is opened again, or that is tried.
    void retried() {
        retries.increment();
    }

    private void count(String name, ToLongFunction<Lane.Told> value) {
        counter(name, value).register(registry);
    }

    private void skipped(String kind, ToLongFunction<Skipped> value) {
        counter(CAPTURE + "skipped", told -> value.applyAsLong(told.worker().skipped()))
                .tag("kind", kind)
                .register(registry);
    }

    private void anomaly(
            String room, String kind, Function<Worker.Counters, Map<String, Long>> counts) {
        counter(room + "anomalies", told -> counts.apply(told.worker()).getOrDefault(kind, 0L))
                .tag("kind", kind)
                .register(registry);
    }

    private FunctionCounter.Builder<List<Lane>> counter(
            String name, ToLongFunction<Lane.Told> value) {
        return FunctionCounter.builder(
                name, lanes, all -> all.stream().map(Lane::told).mapToLong(value).sum());
    }

    /// Of the lane that does without most.
    private static double overload(List<Lane> lanes) {
        return lanes.stream().mapToInt(lane -> lane.told().overload().number()).max().orElse(0);
    }

    private static double suspects(List<Lane> lanes) {
        return lanes.stream().mapToLong(lane -> lane.told().worker().suspects()).sum();
    }
}
