package minewatch.sensor.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import minewatch.feed.v1.Batch;
import minewatch.sensor.spool.SpoolFixture;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// In which order a broker's answers come is for the test to say; what a real broker does is tested
/// with one (KafkaFaultsTest).
class KafkaStreamTest {
    private final Answers answers = new Answers();
    private final KafkaStream stream =
            new KafkaStream(
                    answers, batch -> new ProducerRecord<>("t", batch.toByteArray()), () -> {});

    @Test
    void batchSettlesWithAllBeforeItAndNoNumberWithoutABatchDoes() throws Exception {
        stream.send(batch(5));
        stream.send(batch(10)); // tells of the loss of 6 to 9
        stream.send(batch(11));
        answers.second();
        assertThat(stream.settled()).isZero();
        answers.first();
        assertThat(stream.settled()).isEqualTo(10);
        answers.first();
        assertThat(stream.settled()).isEqualTo(11);
    }

    @Test
    void numberBeforeAnUnansweredBatchIsNotSettled() throws Exception {
        stream.send(batch(5));
        stream.send(batch(10));
        answers.first();
        assertThat(stream.settled()).isEqualTo(5);
    }

    @Test
    void failureBreaksTheStream() throws Exception {
        stream.send(batch(1));
        answers.fail(new TimeoutException("30 s"));
        assertThatThrownBy(stream::settled)
                .isInstanceOf(IOException.class)
                .hasMessage("TimeoutException: 30 s");
    }

    @Test
    void batchThatNoBrokerTakesGoesAsAGap() throws Exception {
        stream.send(batch(4));
        answers.fail(new RecordTooLargeException("2 MB"));
        await().until(() -> answers.sent.size() == 2);
        assertThat(stream.settled()).isZero();
        Batch instead = answers.sent.getLast();
        assertThat(instead.getSeq()).isEqualTo(4);
        assertThat(instead.getHitsCount()).isZero();
        assertThat(instead.getGaps(0).getReason()).isEqualTo("oversized");
        assertThat(instead.getGaps(0).getHits()).isEqualTo(1);
        answers.first();
        assertThat(stream.settled()).isEqualTo(4);
    }

    private static Batch batch(long seq) {
        return Batch.newBuilder().setSeq(seq).addHits(SpoolFixture.hit(seq, 10)).build();
    }

    /// Keeps what it is given until it is told how to answer.
    private static final class Answers extends MockProducer<byte[], byte[]> {
        private final List<Batch> sent = new ArrayList<>();
        private final Deque<Callback> open = new ArrayDeque<>();

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            try {
                sent.add(Batch.parseFrom(record.value()));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException(e);
            }
            open.add(callback);
            return new CompletableFuture<>();
        }

        void first() {
            answer(open.removeFirst(), null);
        }

        void second() {
            Callback first = open.removeFirst();
            answer(open.removeFirst(), null);
            open.addFirst(first);
        }

        void fail(Exception problem) {
            answer(open.removeFirst(), problem);
        }

        private static void answer(Callback callback, @Nullable Exception problem) {
            callback.onCompletion(null, problem);
        }
    }
}
