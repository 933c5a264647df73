package minewatch.collector.accept;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import minewatch.collector.accept.BatchHandler.StoreException;
import minewatch.collector.accept.KafkaHandler.Outcome;
import minewatch.collector.accept.KafkaHandler.Received;
import minewatch.feed.kafka.KafkaBatch;
import minewatch.feed.kafka.KafkaConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads batches from a Kafka topic, as one of a group of collectors that share its partitions.
///
/// Where each partition is read on is in the database, written in the transaction of the batches
/// themselves: whichever collector has the partition next begins exactly there. What Kafka itself
/// is told of it is for its own tools. A collector that lost a partition and does not know it yet
/// writes batches that are there already, which changes nothing.
///
/// One thread, which polls and stores in turn; a database that is away stops the reading.
public final class KafkaFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaFeed.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final Duration CHECK_EVERY = Duration.ofMinutes(1);

    private static final Map<String, String> PROPERTIES =
            Map.of(
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "200",
                    ConsumerConfig.FETCH_MAX_BYTES_CONFIG, String.valueOf(8 << 20),
                    ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, String.valueOf(1 << 20));

    private final KafkaConfig config;
    private final KafkaHandler store;
    private final Duration missingAfter;
    private final KafkaMetrics metrics;
    private final AcceptMetrics accepted;
    private final QuietLog trouble = new QuietLog(LOG);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> open;
    private @Nullable Thread thread;
    private long checkedAtNanos = System.nanoTime();

    /// @param missingAfter how long a batch may be behind later ones of its sensor
    public KafkaFeed(
            KafkaConfig config, KafkaHandler store, Duration missingAfter, MeterRegistry registry) {
        this.config = config;
        this.store = store;
        this.missingAfter = missingAfter;
        this.metrics = new KafkaMetrics(registry);
        this.accepted = new AcceptMetrics(registry);
    }

    /// Begins to read. Returns at once.
    public void start() {
        thread = Thread.ofPlatform().name("kafka").daemon().start(this::run);
    }

    /// Ends once what is being stored is stored; within 10 s.
    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> consumer = open;
        if (consumer != null) {
            consumer.wakeup();
        }
        Thread running = thread;
        if (running != null) {
            try {
                running.join(CLOSE_WITHIN.multipliedBy(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        try {
            do {
                read();
            } while (!closing.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// One membership in the group. Its end is logged here and nowhere else.
    private void read() {
        try (var consumer =
                new KafkaConsumer<>(
                        config.clientProperties(own()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            open = consumer;
            consumer.subscribe(List.of(config.topic()), new Places(consumer));
            while (!isClosing()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (TopicPartition partition : records.partitions()) {
                    store(partition, records.records(partition));
                }
                if (!records.isEmpty()) {
                    consumer.commitAsync();
                }
                metrics.reading(consumer);
                nameMissing();
            }
        } catch (WakeupException e) {
            LOG.debug("closing", e);
        } catch (StoreException e) {
            failed("cannot store what comes from topic " + config.topic() + ": " + e.getMessage());
        } catch (IOException e) {
            failed("cannot read the files of the kafka settings: " + e.getMessage());
        } catch (KafkaException e) {
            failed(
                    "cannot read topic "
                            + config.topic()
                            + " of Kafka at "
                            + config.serverList()
                            + ": "
                            + reason(e)
                            + "; see to it that the brokers run and the kafka settings are right");
        } catch (RuntimeException e) {
            LOG.error("a bug in reading topic {}; it is read again", config.topic(), e);
            metrics.failures.increment();
        } finally {
            open = null;
            metrics.notReading();
        }
    }

    private Map<String, String> own() {
        var own = new java.util.HashMap<>(PROPERTIES);
        own.put(ConsumerConfig.GROUP_ID_CONFIG, config.topic() + "-collectors");
        return own;
    }

    private void failed(String message) {
        metrics.failures.increment();
        trouble.warn(message);
    }

    private void store(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records)
            throws StoreException {
        List<Received> batches = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                batches.add(received(KafkaBatch.of(record)));
            } catch (IllegalArgumentException e) {
                metrics.refused.increment();
                trouble.warn(
                        partition
                                + " at "
                                + record.offset()
                                + " is no batch and is passed over: "
                                + ForeignText.line(String.valueOf(e.getMessage()), 200));
            }
        }
        long next = records.getLast().offset() + 1;
        long begun = System.nanoTime();
        List<Outcome> outcomes =
                store.onRecords(partition.topic(), partition.partition(), next, batches);
        accepted.commit.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        for (int i = 0; i < outcomes.size(); i++) {
            count(partition, batches.get(i), outcomes.get(i));
        }
    }

    private Received received(KafkaBatch.Read sent) {
        var check = new BatchCheck(sent.sensor(), accepted::rejectedHit);
        return new Received(
                sent.sensor(),
                sent.bootId(),
                ForeignText.line(sent.version(), 100),
                check.check(sent.batch(), List.of()));
    }

    private void count(TopicPartition partition, Received received, Outcome outcome) {
        int hits = received.batch().hits().size();
        switch (outcome) {
            case NEW -> {
                accepted.newBatches.increment();
                accepted.storedHits.increment(hits);
                received.batch().gaps().stream()
                        .filter(gap -> !gap.reason().equals(CheckedBatch.REJECTED))
                        .forEach(gap -> accepted.lostHits.increment((double) gap.hits()));
            }
            case REPEATED -> {
                accepted.repeatedBatches.increment();
                accepted.repeatedHits.increment(hits);
            }
            case REFUSED -> metrics.refused.increment();
            case CONFLICTING -> {
                metrics.conflicting.increment();
                trouble.warn(
                        partition
                                + ": batch "
                                + received.batch().seq()
                                + " of "
                                + received.sensor()
                                + " has other hits than the ledger holds under this number; its "
                                + hits
                                + " hits are in a gap. Its spool was set back to an older copy, or"
                                + " two machines have one name: stop the sensor and move its spool"
                                + " directory away");
            }
        }
    }

    private void nameMissing() throws StoreException {
        long now = System.nanoTime();
        long every = Math.min(CHECK_EVERY.toNanos(), missingAfter.toNanos());
        if (now - checkedAtNanos < every) {
            return;
        }
        checkedAtNanos = now;
        long missing = store.nameMissing(missingAfter);
        if (missing > 0) {
            metrics.missing.increment((double) missing);
            trouble.warn(
                    missing
                            + " batches have not come through topic "
                            + config.topic()
                            + " although later ones have; they are gaps now, until they come");
        }
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    /// Goes on in each partition where the database says.
    private final class Places implements ConsumerRebalanceListener {
        private final KafkaConsumer<byte[], byte[]> consumer;

        Places(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            try {
                Map<Integer, Long> offsets = store.offsets(config.topic());
                for (TopicPartition partition : partitions) {
                    Long offset = offsets.get(partition.partition());
                    if (offset == null) {
                        consumer.seekToBeginning(List.of(partition));
                    } else {
                        consumer.seek(partition, offset);
                    }
                }
            } catch (StoreException e) {
                throw new KafkaException("cannot tell where to read on: " + e.getMessage(), e);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // Nothing is left undone: each poll's records are stored before the next.
        }
    }
}
