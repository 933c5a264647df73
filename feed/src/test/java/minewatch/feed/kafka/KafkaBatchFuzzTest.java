package minewatch.feed.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import java.util.UUID;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Hit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class KafkaBatchFuzzTest {
    private static final UUID BOOT_ID = UUID.randomUUID();
    private static final Batch BATCH = batch(new byte[] {10, 77, 3, 4});

    @Test
    void recordIsKeyedByItsSourcePrefixAndReadsTheSame() {
        assertThat(key(batch(new byte[] {10, 77, 3, 4}))).isEqualTo("10.77.0.0/16");
        assertThat(
                        key(
                                batch(
                                        new byte[] {
                                            0x20,
                                            1,
                                            0xd,
                                            (byte) 0xb8,
                                            5,
                                            6,
                                            7,
                                            8,
                                            9,
                                            1,
                                            2,
                                            3,
                                            4,
                                            5,
                                            6,
                                            7
                                        })))
                .isEqualTo("2001:db8::/32");
        assertThat(key(Batch.newBuilder().setSeq(3).build())).isEmpty();
        var sent = new KafkaBatch("s-1", BOOT_ID, "1.0", BATCH);
        KafkaBatch.Read read = KafkaBatch.of(received(sent.toRecord("t")));
        assertThat(read.sensor()).isEqualTo(sent.sensor());
        assertThat(read.bootId()).isEqualTo(sent.bootId());
        assertThat(read.version()).isEqualTo(sent.version());
        assertThat(read.batch().toByteString()).isEqualTo(BATCH.toByteString());
    }

    @Test
    void recordOfAnotherMakeIsRefused() {
        var plain = new ConsumerRecord<byte[], byte[]>("t", 0, 0, null, BATCH.toByteArray());
        assertThatThrownBy(() -> KafkaBatch.of(plain)).hasMessageStartingWith("header sensor: ");
        var unnumbered = new KafkaBatch("s-1", BOOT_ID, "", Batch.getDefaultInstance());
        assertThatThrownBy(() -> KafkaBatch.of(received(unnumbered.toRecord("t"))))
                .hasMessage("seq: 0 (expected: 1 to 2^63 - 1)");
    }

    /// Any record is a batch of a sensor, or refused with a reason.
    @FuzzTest(maxDuration = "10s")
    void anyRecordIsABatchOrRefused(FuzzedDataProvider data) {
        var record =
                new ConsumerRecord<byte[], byte[]>(
                        "t",
                        0,
                        0,
                        null,
                        data.consumeBoolean() ? BATCH.toByteArray() : data.consumeBytes(2000));
        for (String name : new String[] {"sensor", "boot-id", "version"}) {
            if (data.consumeBoolean()) {
                record.headers().add(name, data.consumeString(120).getBytes(UTF_8));
            } else {
                record.headers()
                        .add(
                                name,
                                (name.equals("sensor") ? "s-1" : BOOT_ID.toString())
                                        .getBytes(UTF_8));
            }
        }
        KafkaBatch.Read read;
        try {
            read = KafkaBatch.of(record);
        } catch (IllegalArgumentException e) {
            return;
        }
        assertThat(read.batch().getSeq()).isPositive();
        assertThat(read.sensor()).matches("[a-z0-9.-]{1,63}");
    }

    private static Batch batch(byte[] source) {
        return Batch.newBuilder()
                .setSeq(7)
                .addHits(Hit.newBuilder().setSourceIp(ByteString.copyFrom(source)))
                .build();
    }

    private static String key(Batch batch) {
        return new String(new KafkaBatch("s-1", BOOT_ID, "1.0", batch).toRecord("t").key(), UTF_8);
    }

    private static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> sent) {
        var record = new ConsumerRecord<>("t", 0, 0, sent.key(), sent.value());
        sent.headers().forEach(record.headers()::add);
        return record;
    }
}
