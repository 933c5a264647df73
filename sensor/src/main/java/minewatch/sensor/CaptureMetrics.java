package minewatch.sensor;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToLongFunction;

/// What capture counts, over all lanes (docs/reference/metrics.md).
final class CaptureMetrics {
    private static final String ROOM = "minewatch.sensor.capture.";

    private CaptureMetrics() {}

    /// @param lanes kept alive by whoever asks: meters hold them weakly
    static void register(List<Lane> lanes, MeterRegistry registry) {
        count(lanes, registry, "frames", told -> told.worker().packets());
        count(lanes, registry, "octets", Lane.Told::octets);
        count(lanes, registry, "kernel.packets", told -> told.capture().kernelPackets());
        count(lanes, registry, "kernel.drops", told -> told.capture().kernelDrops());
        count(lanes, registry, "kernel.freezes", told -> told.capture().freezes());
        count(lanes, registry, "malformed", told -> told.capture().malformed());
    }

    private static void count(
            List<Lane> lanes,
            MeterRegistry registry,
            String name,
            ToLongFunction<Lane.Told> value) {
        FunctionCounter.builder(
                        ROOM + name,
                        lanes,
                        all -> all.stream().map(Lane::told).mapToLong(value).sum())
                .register(registry);
    }
}
