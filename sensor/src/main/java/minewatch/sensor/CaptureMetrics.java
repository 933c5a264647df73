package minewatch.sensor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToLongFunction;

/// What capture counts, over all lanes (docs/reference/metrics.md). Thread-safe.
final class CaptureMetrics {
    private static final String ROOM = "minewatch.sensor.capture.";

    private final MeterRegistry registry;
    private final List<Lane> lanes;
    private final Counter losses;
    private final Counter retries;

    /// @param lanes kept alive by whoever asks: meters hold them weakly
    CaptureMetrics(List<Lane> lanes, MeterRegistry registry) {
        this.registry = registry;
        this.lanes = lanes;
        count("frames", told -> told.worker().packets());
        count("octets", Lane.Told::octets);
        count("kernel.packets", told -> told.capture().kernelPackets());
        count("kernel.drops", told -> told.capture().kernelDrops());
        count("kernel.freezes", told -> told.capture().freezes());
        count("malformed", told -> told.capture().malformed());
        Gauge.builder(ROOM + "overload", lanes, CaptureMetrics::overload).register(registry);
        skipped("share-check", Skipped::shareChecks);
        skipped("opaque-flow", Skipped::opaqueFlows);
        skipped("flow-test", Skipped::flowTests);
        losses = registry.counter(ROOM + "losses");
        retries = registry.counter(ROOM + "retries");
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
        counter("skipped", told -> value.applyAsLong(told.worker().skipped()))
                .tag("kind", kind)
                .register(registry);
    }

    private FunctionCounter.Builder<List<Lane>> counter(
            String name, ToLongFunction<Lane.Told> value) {
        return FunctionCounter.builder(
                ROOM + name, lanes, all -> all.stream().map(Lane::told).mapToLong(value).sum());
    }

    /// Of the lane that does without most.
    private static double overload(List<Lane> lanes) {
        return lanes.stream().mapToInt(lane -> lane.told().overload().number()).max().orElse(0);
    }
}
