package minewatch.sensor.spool;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// What the spool counts (docs/reference/metrics.md). The books: appended = acknowledged + waiting
/// + gaps.
final class SpoolMetrics {
    private static final String ROOM = "minewatch.sensor.spool.";

    private final MeterRegistry registry;
    private final Counter batches;
    private final Counter hits;
    private final Counter bytes;
    private final Counter failures;
    private final Counter quarantined;

    SpoolMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.batches = registry.counter(ROOM + "appended.batches");
        this.hits = registry.counter(ROOM + "appended.hits");
        this.bytes = registry.counter(ROOM + "appended.bytes");
        this.failures = registry.counter(ROOM + "write.failures");
        this.quarantined = registry.counter(ROOM + "quarantined.bytes");
    }

    void watch(Spool spool) {
        gauge("waiting.batches", spool, Spool::waitingBatches);
        gauge("used.bytes", spool, Spool::usedBytes);
    }

    void appended(int hitCount, long byteCount) {
        batches.increment();
        hits.increment(hitCount);
        bytes.increment((double) byteCount);
    }

    void failed() {
        failures.increment();
    }

    void quarantined(long byteCount) {
        quarantined.increment((double) byteCount);
    }

    void gap(String reason, long batchCount, long hitCount) {
        registry.counter(ROOM + "gap.batches", "reason", reason).increment((double) batchCount);
        registry.counter(ROOM + "gap.hits", "reason", reason).increment((double) hitCount);
    }

    private void gauge(String name, Spool spool, ToDoubleFunction<Spool> value) {
        Gauge.builder(ROOM + name, spool, value).register(registry);
    }
}
