package minewatch.collector.accept;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// What is particular to batches that come through Kafka.
final class KafkaMetrics {
    private static final String ROOM = "minewatch.collector.kafka.";

    final Counter refused;
    final Counter conflicting;
    final Counter missing;
    final Counter failures;
    private final AtomicInteger partitions = new AtomicInteger();
    private final AtomicLong lag = new AtomicLong();

    KafkaMetrics(MeterRegistry registry) {
        refused = registry.counter(ROOM + "refused.records");
        conflicting = registry.counter(ROOM + "conflicting.batches");
        missing = registry.counter(ROOM + "missing.batches");
        failures = registry.counter(ROOM + "failures");
        registry.gauge(ROOM + "partitions", partitions);
        registry.gauge(ROOM + "lag.records", lag);
    }

    void reading(Consumer<byte[], byte[]> consumer) {
        long behind = 0;
        for (TopicPartition partition : consumer.assignment()) {
            OptionalLong one = consumer.currentLag(partition);
            behind += one.orElse(0);
        }
        partitions.set(consumer.assignment().size());
        lag.set(behind);
    }

    void notReading() {
        partitions.set(0);
        lag.set(0);
    }
}
