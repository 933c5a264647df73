package minewatch.sensor.output;

import java.io.IOException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import minewatch.feed.v1.Batch;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/// One producer of Kafka's client, as long as nothing it was given fails. Batches reach several
/// partitions, so they are acknowledged in any order; settled is the last batch that has none
/// before it that is not. A number without a batch is lost, and the batch after it tells: it
/// settles with that one.
final class KafkaStream implements Output.Connection {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final int IN_FLIGHT = 512; // batches

    private final Producer<byte[], byte[]> producer;
    private final Function<Batch, ProducerRecord<byte[], byte[]>> records;
    private final Runnable changed;

    /// Batches handed on, and whether each is acknowledged; this and the next two under this
    /// object's lock.
    private final SortedMap<Long, Boolean> handed = new TreeMap<>();

    private @Nullable Exception failure;
    private long settled;

    KafkaStream(
            Producer<byte[], byte[]> producer,
            Function<Batch, ProducerRecord<byte[], byte[]>> records,
            Runnable changed) {
        this.producer = producer;
        this.records = records;
        this.changed = changed;
    }

    @Override
    public synchronized boolean hasRoom() {
        return handed.size() < IN_FLIGHT;
    }

    @Override
    public void send(Batch batch) throws IOException {
        synchronized (this) {
            handed.put(batch.getSeq(), false);
        }
        hand(batch);
    }

    private void hand(Batch batch) throws IOException {
        try {
            var _ = producer.send(records.apply(batch), (_, problem) -> answered(batch, problem));
        } catch (KafkaException | IllegalStateException e) {
            throw new IOException(reason(e), e);
        }
    }

    /// On the client's own thread, which must not be kept. A batch that is too large for a broker
    /// would be so for ever.
    private void answered(Batch batch, @Nullable Exception problem) {
        if (problem instanceof RecordTooLargeException && batch.getHitsCount() > 0) {
            Thread.ofVirtual().start(() -> replace(batch));
            return;
        }
        synchronized (this) {
            if (problem == null) {
                handed.put(batch.getSeq(), true);
            } else if (failure == null) {
                failure = problem;
            }
        }
        changed.run();
    }

    private void replace(Batch batch) {
        try {
            hand(KafkaOutput.withoutHits(batch));
        } catch (IOException e) {
            answered(KafkaOutput.withoutHits(batch), e);
        }
    }

    @Override
    public synchronized long settled() throws IOException {
        if (failure != null) {
            throw new IOException(reason(failure), failure);
        }
        while (!handed.isEmpty() && handed.firstEntry().getValue()) {
            settled = handed.pollFirstEntry().getKey();
        }
        return settled;
    }

    @Override
    public long idleNanos() {
        return TimeUnit.MINUTES.toNanos(1);
    }

    @Override
    public void finish() {
        producer.close(CLOSE_WITHIN); // sends what it still holds
    }

    @Override
    public void abort() {
        producer.close(Duration.ZERO);
    }

    @Override
    public void close() {
        abort();
    }

    /// The message of the innermost cause: Kafka's outermost says next to nothing.
    static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
