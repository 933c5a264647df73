package minewatch.feed.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.UUID;
import minewatch.feed.SourcePrefix;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.ReceivedBatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// A batch with who sent it, as a record of the topic:
///
/// ```
/// key      10.77.0.0/16                      the source prefix of its hits; empty without hits
/// value    a serialized Batch
/// headers  sensor  boot-id  version          UTF-8
/// ```
///
/// @param sensor 1 to 63 characters, as its id is written in the settings
/// @param version of the sensor's program; may be empty
public record KafkaBatch(String sensor, UUID bootId, String version, Batch batch) {
    private static final String SENSOR = "sensor";
    private static final String BOOT_ID = "boot-id";
    private static final String VERSION = "version";
    private static final String SENSOR_ID = "[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?";
    private static final int MAX_HEADER = 100; // bytes

    public ProducerRecord<byte[], byte[]> toRecord(String topic) {
        var headers = new RecordHeaders();
        headers.add(SENSOR, sensor.getBytes(UTF_8));
        headers.add(BOOT_ID, bootId.toString().getBytes(UTF_8));
        headers.add(VERSION, version.getBytes(UTF_8));
        String key =
                batch.getHitsCount() == 0 ? "" : SourcePrefix.of(batch.getHits(0).getSourceIp());
        return new ProducerRecord<>(topic, null, key.getBytes(UTF_8), batch.toByteArray(), headers);
    }

    /// The same, as who reads it from the topic has it.
    public record Read(String sensor, UUID bootId, String version, ReceivedBatch batch) {}

    /// @throws IllegalArgumentException if it is not what [#toRecord] makes
    public static Read of(ConsumerRecord<byte[], byte[]> record) {
        String sensor = text(record.headers(), SENSOR);
        if (!sensor.matches(SENSOR_ID)) {
            throw new IllegalArgumentException("header sensor: (expected: a sensor's id)");
        }
        byte[] value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("value: none (expected: a batch)");
        }
        try {
            ReceivedBatch batch = ReceivedBatch.parseFrom(value);
            if (batch.getSeq() <= 0) {
                throw new IllegalArgumentException(
                        "seq: "
                                + Long.toUnsignedString(batch.getSeq())
                                + " (expected: 1 to 2^63 - 1)");
            }
            UUID bootId = UUID.fromString(text(record.headers(), BOOT_ID));
            return new Read(sensor, bootId, text(record.headers(), VERSION), batch);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("value: " + e.getMessage(), e);
        }
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null || header.value().length > MAX_HEADER) {
            throw new IllegalArgumentException(
                    "header " + name + ": (expected: at most " + MAX_HEADER + " bytes)");
        }
        return new String(header.value(), UTF_8);
    }
}
