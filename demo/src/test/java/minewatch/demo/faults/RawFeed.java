package minewatch.demo.faults;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.Hello;
import minewatch.feed.v1.SensorMessage;

/// A sensor that keeps no order: says hello, then sends whatever batch it is told to.
final class RawFeed implements AutoCloseable {
    private final ManagedChannel channel;
    private final StreamObserver<SensorMessage> requests;
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    /// What the collector holds now, or why it ended the stream.
    private record Answer(long durableThrough, Status end) {}

    /// @param folder of the sensor's certificate
    RawFeed(Path folder, String sensor, UUID bootId, int port) throws IOException {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .sslContext(
                                GrpcSslContexts.forClient()
                                        .trustManager(folder.resolve("ca.pem").toFile())
                                        .keyManager(
                                                folder.resolve(sensor + ".pem").toFile(),
                                                folder.resolve(sensor + ".key").toFile())
                                        .build())
                        .build();
        requests = FeedGrpc.newStub(channel).exchange(new Inbox());
        requests.onNext(
                SensorMessage.newBuilder()
                        .setHello(
                                Hello.newBuilder()
                                        .setSensor(sensor)
                                        .setBootId(bootId.toString())
                                        .setNextSeq(1)
                                        .setSchema(1))
                        .build());
    }

    /// What the collector holds, once it says so.
    long durableThrough() throws InterruptedException {
        return answer().durableThrough();
    }

    /// @return whether the collector acknowledged it; otherwise the stream is over
    boolean send(Batch batch) throws InterruptedException {
        requests.onNext(SensorMessage.newBuilder().setBatch(batch).build());
        return answer().end().isOk();
    }

    private Answer answer() throws InterruptedException {
        Answer answer = answers.poll(30, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IllegalStateException("no answer within 30 s");
        }
        return answer;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private final class Inbox implements StreamObserver<CollectorMessage> {
        @Override
        public void onNext(CollectorMessage message) {
            answers.add(
                    new Answer(
                            message.hasWelcome()
                                    ? message.getWelcome().getDurableThroughSeq()
                                    : message.getAck().getDurableThroughSeq(),
                            Status.OK));
        }

        @Override
        public void onError(Throwable failure) {
            answers.add(new Answer(0, Status.fromThrowable(failure)));
        }

        @Override
        public void onCompleted() {
            answers.add(new Answer(0, Status.UNAVAILABLE));
        }
    }
}
