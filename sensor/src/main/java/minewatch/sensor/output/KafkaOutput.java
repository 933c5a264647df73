package minewatch.sensor.output;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import minewatch.feed.kafka.KafkaBatch;
import minewatch.feed.kafka.KafkaConfig;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Gap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Batches → records of a Kafka topic ([KafkaBatch] says how one looks).
///
/// A record is stored on all replicas in step before it counts (`acks=all`), and what the client
/// sends again is stored once (`enable.idempotence`). What a new client sends again, after a broken
/// connection or a restart, comes twice, under the same number.
final class KafkaOutput implements Output {
    /// Its name in the spool's state.
    static final String NAME = "kafka";

    private static final String OVERSIZED = "oversized";

    private static final Map<String, String> PROPERTIES =
            Map.of(
                    ProducerConfig.ACKS_CONFIG, "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
                    ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd",
                    // Above what brokers take by default, since they count compressed bytes.
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(4 << 20),
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000",
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000",
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");

    private final KafkaConfig config;
    private final String sensor;
    private final UUID bootId;
    private final String version;

    KafkaOutput(KafkaConfig config, String sensor, UUID bootId, String version) {
        this.config = config;
        this.sensor = sensor;
        this.bootId = bootId;
        this.version = version;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String target() {
        return "topic " + config.topic() + " of Kafka at " + config.serverList();
    }

    @Override
    public String remedy() {
        return "see to it that the brokers run, the topic is there, and outputs.kafka is right";
    }

    @Override
    public Connection connect(Runnable changed) throws IOException {
        try {
            var producer =
                    new KafkaProducer<>(
                            config.clientProperties(PROPERTIES),
                            new ByteArraySerializer(),
                            new ByteArraySerializer());
            return new KafkaStream(producer, this::record, changed);
        } catch (KafkaException e) {
            throw new IOException(KafkaStream.reason(e), e);
        }
    }

    /// A producer would have a topic made where brokers do that.
    @Override
    public void probe(Duration within) throws IOException, InterruptedException {
        String millis = String.valueOf(within.toMillis());
        Map<String, String> hurry =
                Map.of(
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis,
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        try (Admin admin = Admin.create(config.clientProperties(hurry))) {
            admin.describeTopics(List.of(config.topic())).allTopicNames().get();
        } catch (KafkaException | ExecutionException e) {
            throw new IOException(KafkaStream.reason(e), e);
        }
    }

    private ProducerRecord<byte[], byte[]> record(Batch batch) {
        return new KafkaBatch(sensor, bootId, version, batch).toRecord(config.topic());
    }

    /// The same batch with its hits as a gap.
    static Batch withoutHits(Batch batch) {
        return batch.toBuilder()
                .clearHits()
                .addGaps(
                        Gap.newBuilder()
                                .setReason(OVERSIZED)
                                .setFirstSeq(batch.getSeq())
                                .setLastSeq(batch.getSeq())
                                .setHits(batch.getHitsCount()))
                .build();
    }
}
