package minewatch.sensor.uplink;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import minewatch.config.HostPort;
import minewatch.feed.BatchDigest;
import minewatch.feed.v1.Ack;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hello;
import minewatch.feed.v1.ReleaseOffer;
import minewatch.feed.v1.ReleasePart;
import minewatch.feed.v1.ReleaseRequest;
import minewatch.feed.v1.SensorMessage;
import minewatch.feed.v1.Welcome;
import minewatch.testkit.ThrowAwayCa;
import org.jspecify.annotations.Nullable;

/// The collector's side of the protocol over real mutual TLS on loopback, with the misbehaviour a
/// test asks for. What it calls durable outlives its streams and, given the same store, itself.
public final class TestCollector implements AutoCloseable {
    /// What a collector holds, as its database would.
    public static final class Store {
        final TreeMap<Long, Batch> durable = new TreeMap<>();
        final List<Long> received =
                new ArrayList<>(); // every batch in order of arrival, also repeats
        final List<Hello> hellos = new ArrayList<>();
        final List<Heartbeat> heartbeats = new ArrayList<>();

        public synchronized List<Long> received() {
            return List.copyOf(received);
        }

        synchronized List<Batch> durable() {
            return List.copyOf(durable.values());
        }

        synchronized List<Hello> hellos() {
            return List.copyOf(hellos);
        }

        public synchronized List<Heartbeat> heartbeats() {
            return List.copyOf(heartbeats);
        }

        synchronized long durableThrough() {
            return durable.isEmpty() ? 0 : durable.lastKey();
        }
    }

    final Store store;
    final AtomicInteger cutAfter = new AtomicInteger(Integer.MAX_VALUE); // batches, on any stream
    final AtomicLong pauseMillis = new AtomicLong();
    volatile boolean acks = true;
    volatile long claimedDurable = -1; // -1: the truth
    volatile @Nullable Status refusal;
    volatile @Nullable ReleaseOffer offer; // made after the welcome
    volatile @Nullable Parts parts; // null: of a version that knows no releases

    /// The parts of a release it hands out.
    interface Parts {
        /// @return null: it never answers
        @Nullable ByteString at(ReleaseRequest request);
    }

    private final Server server;
    private final HostPort address;

    public TestCollector(Store store, ThrowAwayCa trusted, ThrowAwayCa.PemFiles own, int port)
            throws Exception {
        this.store = store;
        Path ca = own.ca().resolveSibling("trusted.pem");
        java.nio.file.Files.writeString(ca, ThrowAwayCa.pem(trusted.certificate()));
        this.server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .sslContext(
                                GrpcSslContexts.forServer(
                                                own.certificate().toFile(), own.key().toFile())
                                        .trustManager(ca.toFile())
                                        .clientAuth(ClientAuth.REQUIRE)
                                        .build())
                        .addService(new Feed())
                        .build()
                        .start();
        this.address = new HostPort("127.0.0.1", server.getPort());
    }

    public HostPort address() {
        return address;
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Feed extends FeedGrpc.FeedImplBase {
        @Override
        public StreamObserver<SensorMessage> exchange(StreamObserver<CollectorMessage> answers) {
            return new Stream(answers);
        }

        @Override
        public void fetchRelease(ReleaseRequest request, StreamObserver<ReleasePart> answer) {
            Parts known = parts;
            if (known == null) {
                super.fetchRelease(request, answer);
                return;
            }
            ByteString part = known.at(request);
            if (part != null) {
                answer.onNext(ReleasePart.newBuilder().setData(part).build());
                answer.onCompleted();
            }
        }
    }

    private final class Stream implements StreamObserver<SensorMessage> {
        private final StreamObserver<CollectorMessage> answers;
        private boolean over;

        Stream(StreamObserver<CollectorMessage> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(SensorMessage message) {
            synchronized (store) {
                if (over) {
                    return;
                }
                switch (message.getBodyCase()) {
                    case HELLO -> hello(message.getHello());
                    case BATCH -> batch(message.getBatch());
                    case HEARTBEAT -> store.heartbeats.add(message.getHeartbeat());
                    case BODY_NOT_SET -> end(Status.INVALID_ARGUMENT);
                }
            }
        }

        private void hello(Hello hello) {
            store.hellos.add(hello);
            Status refused = refusal;
            if (refused != null) {
                end(refused);
                return;
            }
            long durable = claimedDurable >= 0 ? claimedDurable : store.durableThrough();
            Batch last = store.durable.get(durable);
            answers.onNext(
                    CollectorMessage.newBuilder()
                            .setWelcome(
                                    Welcome.newBuilder()
                                            .setDurableThroughSeq(durable)
                                            .setDurableDigest(
                                                    last == null
                                                            ? ByteString.EMPTY
                                                            : BatchDigest.of(last)))
                            .build());
            ReleaseOffer made = offer;
            if (made != null) {
                answers.onNext(CollectorMessage.newBuilder().setRelease(made).build());
            }
        }

        private void batch(Batch batch) {
            if (cutAfter.getAndDecrement() <= 0) {
                end(Status.UNAVAILABLE.withDescription("cut by the test"));
                return;
            }
            store.received.add(batch.getSeq());
            store.durable.putIfAbsent(batch.getSeq(), batch);
            if (acks) {
                answers.onNext(
                        CollectorMessage.newBuilder()
                                .setAck(
                                        Ack.newBuilder()
                                                .setDurableThroughSeq(batch.getSeq())
                                                .setPauseMillis((int) pauseMillis.get()))
                                .build());
            }
        }

        private void end(Status status) {
            over = true;
            answers.onError(status.asRuntimeException());
        }

        @Override
        public void onError(Throwable failure) {
            over = true;
        }

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }
}
