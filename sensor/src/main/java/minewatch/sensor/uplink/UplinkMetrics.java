package minewatch.sensor.uplink;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// What the uplink counts (docs/reference/metrics.md). Batches sent again after a broken stream
/// count again as sent.
final class UplinkMetrics {
    private static final String ROOM = "minewatch.sensor.uplink.";

    final Counter connects;
    final Counter sentBatches;
    final Counter sentBytes;
    final Counter ackedBatches;
    final Counter heartbeats;
    final Counter renewals;
    final Counter failedRenewals;
    final Counter fetchedReleases;
    final Counter failedReleases;
    final AtomicInteger connected = new AtomicInteger(); // 0 or 1
    final AtomicInteger inFlight = new AtomicInteger();

    private final MeterRegistry registry;

    UplinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.connects = registry.counter(ROOM + "connects");
        this.sentBatches = registry.counter(ROOM + "sent.batches");
        this.sentBytes = registry.counter(ROOM + "sent.bytes");
        this.ackedBatches = registry.counter(ROOM + "acked.batches");
        this.heartbeats = registry.counter(ROOM + "heartbeats");
        this.renewals = registry.counter(ROOM + "renewals", "result", "renewed");
        this.failedRenewals = registry.counter(ROOM + "renewals", "result", "failed");
        this.fetchedReleases = registry.counter(ROOM + "releases", "result", "fetched");
        this.failedReleases = registry.counter(ROOM + "releases", "result", "failed");
        Gauge.builder(ROOM + "connected", connected, AtomicInteger::get).register(registry);
        Gauge.builder(ROOM + "in.flight.batches", inFlight, AtomicInteger::get).register(registry);
    }

    void failed(UplinkException.Kind kind) {
        String label = kind.name().toLowerCase(Locale.ROOT);
        registry.counter(ROOM + "failures", "kind", label).increment();
    }
}
