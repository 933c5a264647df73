package minewatch.sensor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
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
        FunctionCounter.builder(
                        ROOM + name,
                        lanes,
                        all -> all.stream().map(Lane::told).mapToLong(value).sum())
                .register(registry);
    }
}
