package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import minewatch.collector.ledger.Hits;
import minewatch.feed.trust.RevocationList;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.Hello;
import minewatch.feed.v1.ReceivedMessage;
import minewatch.testkit.ThrowAwayCa;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SensorStreamTest {
    /// gRPC delivers a message only when one is asked for. While the store stands still, no more
    /// are asked for than may wait in memory, however many the sensor would like to send.
    @Test
    void noMoreAreAskedForThanMayWaitInMemory() throws Exception {
        var store = new FeedServerTest.Store();
        var call = new Call();
        var stream =
                new SensorStream(
                        new PeerCertificate(
                                ThrowAwayCa.named("Test authority").sensor("tap-1").certificate(),
                                RevocationList.none()),
                        store,
                        new Backlog(),
                        new ActiveStreams(),
                        new ReleaseFolder(null, List.of(), new SimpleMeterRegistry()),
                        new AcceptMetrics(new SimpleMeterRegistry()),
                        call);
        stream.begin();
        call.deliver(stream, hello());
        assertThat(call.answers.take().hasWelcome()).isTrue();

        store.gate = new CountDownLatch(1);
        int delivered = 0;
        while (delivered < SensorStream.IN_MEMORY) {
            call.deliver(stream, batch(++delivered)); // waits until asked for
        }
        store.entered.await();
        assertThat(call.asked.availablePermits()).isZero();

        store.gate.countDown();
        for (int seq = 1; seq <= delivered; seq++) {
            assertThat(call.answers.take().getAck().getDurableThroughSeq()).isEqualTo(seq);
        }
        call.asked.acquire(SensorStream.IN_MEMORY);
        stream.onCompleted();
        call.completed.await();
        assertThat(call.asked.availablePermits()).isZero();
    }

    private static ReceivedMessage hello() {
        return ReceivedMessage.newBuilder()
                .setHello(
                        Hello.newBuilder()
                                .setSensor("tap-1")
                                .setBootId(UUID.randomUUID().toString())
                                .setNextSeq(1)
                                .setSchema(1))
                .build();
    }

    private static ReceivedMessage batch(long seq) {
        return ReceivedMessage.newBuilder()
                .setBatch(
                        Hits.received(
                                Batch.newBuilder()
                                        .setSeq(seq)
                                        .addHits(Hits.hit("10.0.0.1"))
                                        .build()))
                .build();
    }

    /// gRPC's side of a call, by hand.
    private static final class Call extends ServerCallStreamObserver<CollectorMessage> {
        final Semaphore asked = new Semaphore(0);
        final BlockingQueue<CollectorMessage> answers = new LinkedBlockingQueue<>();
        final CountDownLatch completed = new CountDownLatch(1);

        void deliver(SensorStream stream, ReceivedMessage message) throws InterruptedException {
            asked.acquire();
            stream.onNext(message);
        }

        @Override
        public void request(int count) {
            asked.release(count);
        }

        @Override
        public void onNext(CollectorMessage message) {
            answers.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onCompleted() {
            completed.countDown();
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void disableAutoRequest() {}
    }
}
