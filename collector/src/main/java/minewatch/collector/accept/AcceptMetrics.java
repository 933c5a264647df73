package minewatch.collector.accept;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.atomic.AtomicInteger;

/// What came in, and what became of it: received hits are stored, repeated or rejected.
final class AcceptMetrics {
    private static final String ROOM = "minewatch.collector.accept.";

    final Counter newBatches;
    final Counter repeatedBatches;
    final Counter failedBatches;
    final Counter storedHits;
    final Counter repeatedHits;
    final Counter lostHits;
    final Counter heartbeats;
    final Counter pauses;
    final Counter renewed;
    final Counter notRenewed;
    final Timer commit;
    final AtomicInteger streams;
    private final MeterRegistry registry;

    AcceptMetrics(MeterRegistry registry) {
        this.registry = registry;
        newBatches = registry.counter(ROOM + "batches", "result", "new");
        repeatedBatches = registry.counter(ROOM + "batches", "result", "repeated");
        failedBatches = registry.counter(ROOM + "batches", "result", "failed");
        storedHits = registry.counter(ROOM + "hits", "result", "stored");
        repeatedHits = registry.counter(ROOM + "hits", "result", "repeated");
        lostHits = registry.counter(ROOM + "lost.hits");
        heartbeats = registry.counter(ROOM + "heartbeats");
        pauses = registry.counter(ROOM + "pauses");
        renewed = registry.counter(ROOM + "renewals", "result", "issued");
        notRenewed = registry.counter(ROOM + "renewals", "result", "refused");
        commit = registry.timer(ROOM + "commit");
        streams = new AtomicInteger();
    }

    /// For the one server whose streams these are.
    void watchStreams() {
        registry.gauge(ROOM + "streams", streams);
    }

    /// @param field of the hit record; few and fixed
    void rejectedHit(String field) {
        registry.counter(ROOM + "hits", "result", "rejected").increment();
        registry.counter(ROOM + "anomalies", "kind", "hit." + field).increment();
    }

    /// @param kind why a stream was refused; few and fixed
    void refusedStream(String kind) {
        registry.counter(ROOM + "refused.streams", "kind", kind).increment();
    }
}
