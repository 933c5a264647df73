package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import minewatch.collector.ledger.Hits;
import minewatch.config.HostPort;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.Gap;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hello;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.SensorMessage;
import minewatch.feed.v1.SigningRequest;
import minewatch.feed.v1.Welcome;
import minewatch.testkit.ThrowAwayCa;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real TLS and gRPC on loopback; the store is a list in memory that can be made to wait or fail.
@Timeout(60)
class FeedServerTest {
    private static final String SENSOR = "tap-1";
    private static final UUID BOOT = UUID.randomUUID();

    private static final ThrowAwayCa CA = ThrowAwayCa.named("Test authority");
    private static final SimpleMeterRegistry METRICS = new SimpleMeterRegistry();
    private static volatile Store current = new Store();

    @TempDir static Path folder;
    private static FeedServer server;

    private final Store store = new Store();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Map<Meter.Id, Double> baseline = new HashMap<>();

    /// One for all tests, since Netty rests for two seconds when it stops.
    @BeforeAll
    static void start() throws IOException {
        server = newServer(new HostPort("127.0.0.1", 0), new Delegate());
        server.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void useOwnStore() {
        current = store;
        METRICS.getMeters().stream()
                .filter(meter -> meter instanceof Counter)
                .forEach(meter -> baseline.put(meter.getId(), ((Counter) meter).count()));
    }

    @AfterEach
    void disconnect() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private static FeedServer newServer(HostPort listen, BatchHandler handler) {
        var files = CA.server("localhost", "127.0.0.1").writeTo(folder.resolve("server"));
        return new FeedServer(
                new FeedConfig(
                        listen,
                        new FeedConfig.Tls(files.ca(), files.certificate(), files.key(), null)),
                Issuer.none(),
                handler,
                METRICS);
    }

    @Test
    void batchesAreAcknowledgedInOrder() throws Exception {
        Peer peer = greeted(1);
        peer.send(batch(1));
        peer.send(batch(2));
        assertThat(peer.ack()).isEqualTo(1);
        assertThat(peer.ack()).isEqualTo(2);
        peer.complete();
        assertThat(peer.end()).isEqualTo(Status.Code.OK);
        assertThat(count("hits", "stored")).isEqualTo(2);
    }

    @Test
    void ackIsSentOnlyAfterCommit() throws Exception {
        store.gate = new CountDownLatch(1);
        Peer peer = greeted(1);
        peer.send(batch(1));
        store.entered.await();
        assertThat(peer.inbox.poll(200, TimeUnit.MILLISECONDS)).isNull();
        store.gate.countDown();
        assertThat(peer.ack()).isEqualTo(1);
    }

    @Test
    void failedCommitIsNotAcknowledged() throws Exception {
        store.failure = new BatchHandler.StoreException("database is away", false);
        Peer peer = greeted(1);
        peer.send(batch(1));
        assertThat(peer.end()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(count("batches", "failed")).isEqualTo(1);
    }

    @Test
    void repeatedBatchIsAcknowledgedAgain() throws Exception {
        store.durable = 5;
        Peer peer = greeted(5);
        peer.send(batch(5));
        assertThat(peer.ack()).isEqualTo(5);
        assertThat(count("batches", "repeated")).isEqualTo(1);
    }

    @Test
    void missingBatchEndsTheStreamAndSaysWhichIsExpected() throws Exception {
        Peer peer = greeted(1);
        peer.send(batch(1));
        assertThat(peer.ack()).isEqualTo(1);
        peer.send(batch(3));
        assertThat(peer.end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(peer.endMessage()).isEqualTo("batch: 3 (expected: 2)");
    }

    @Test
    void batchesToldLostMayBeMissing() throws Exception {
        Peer peer = greeted(1);
        peer.send(
                batch(6).toBuilder()
                        .addGaps(
                                Gap.newBuilder()
                                        .setReason("spool-full")
                                        .setFirstSeq(3)
                                        .setLastSeq(5))
                        .addGaps(
                                Gap.newBuilder()
                                        .setReason("quarantined")
                                        .setFirstSeq(1)
                                        .setLastSeq(2))
                        .build());
        assertThat(peer.ack()).isEqualTo(6);
        assertThat(store.batches.getFirst().gaps())
                .extracting(CheckedBatch.HitGap::reason)
                .containsExactly("spool-full", "quarantined");
    }

    @Test
    void gapsThatDoNotCoverTheHoleAreNotEnough() throws Exception {
        Peer peer = greeted(1);
        peer.send(
                batch(6).toBuilder()
                        .addGaps(
                                Gap.newBuilder()
                                        .setReason("spool-full")
                                        .setFirstSeq(1)
                                        .setLastSeq(3))
                        .addGaps(
                                Gap.newBuilder()
                                        .setReason("spool-full")
                                        .setFirstSeq(5)
                                        .setLastSeq(5))
                        .build());
        assertThat(peer.end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(peer.endMessage()).contains("expected: 4");
    }

    @Test
    void whatAnotherDatabaseAcknowledgedBecomesAGap() throws Exception {
        store.durable = 2;
        Peer peer = greeted(10);
        peer.send(batch(10));
        assertThat(peer.ack()).isEqualTo(10);
        assertThat(store.batches.getFirst().gaps())
                .containsExactly(new CheckedBatch.HitGap("not-held", "", 3, 9, 0));
    }

    @Test
    void impossibleHitBecomesAGapAndDoesNotStopTheOthers() throws Exception {
        Peer peer = greeted(1);
        Hit good = Hits.hit("10.0.0.1").build();
        peer.send(
                Batch.newBuilder()
                        .setSeq(1)
                        .addHits(good.toBuilder().setSourceIp(good.getSourceIp().substring(1)))
                        .addHits(good)
                        .addHits(good.toBuilder().putHashrate("sha256d", Hits.rate(1e300).build()))
                        .addHits(good.toBuilder().addProtocols("nul\u0000inside"))
                        .addHits(good.toBuilder().setSensor("somebody-else"))
                        .build());
        assertThat(peer.ack()).isEqualTo(1);
        assertThat(store.batches.getFirst().hits()).containsExactly(good);
        assertThat(store.batches.getFirst().gaps())
                .extracting(CheckedBatch.HitGap::detail)
                .satisfiesExactly(
                        detail -> assertThat(detail).startsWith("source_ip: "),
                        detail -> assertThat(detail).startsWith("hashrate: "),
                        detail -> assertThat(detail).startsWith("protocols: "),
                        detail -> assertThat(detail).startsWith("sensor: "));
        assertThat(count("hits", "rejected")).isEqualTo(4);
        assertThat(
                        METRICS.get("minewatch.collector.accept.anomalies")
                                .tag("kind", "hit.source_ip")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void anotherNameThanTheCertificatesIsRefused() throws Exception {
        Peer peer = connect(CA.sensor("tap-2"));
        peer.send(hello(1));
        assertThat(peer.end()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(peer.endMessage())
                .isEqualTo("sensor: tap-1 (expected: tap-2, as in its certificate)");
        assertThat(store.greeted).isZero();
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() throws Exception {
        var stranger = ThrowAwayCa.named("Another authority").sensor(SENSOR);
        Peer peer = connect(stranger);
        peer.trySend(hello(1));
        assertThat(peer.end()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(store.greeted).isZero();
    }

    @Test
    void serverCertificateIsNoSensors() throws Exception {
        Peer peer = connect(CA.server("localhost"));
        peer.trySend(hello(1));
        assertThat(peer.end()).isIn(Status.Code.PERMISSION_DENIED, Status.Code.UNAVAILABLE);
        assertThat(store.greeted).isZero();
    }

    @Test
    void tlsBeforeVersion13IsRefused() throws Exception {
        ThrowAwayCa.Identity identity = CA.sensor(SENSOR);
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                        .sslContext(
                                GrpcSslContexts.forClient()
                                        .trustManager(CA.certificate())
                                        .keyManager(identity.key(), identity.certificate())
                                        .protocols("TLSv1.2")
                                        .build())
                        .build();
        channels.add(channel);
        Peer peer = new Peer(channel);
        peer.trySend(hello(1));
        assertThat(peer.end()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(store.greeted).isZero();
    }

    @Test
    void noCertificateIsRefused() throws Exception {
        Peer peer = connect(null);
        peer.trySend(hello(1));
        assertThat(peer.end()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(store.greeted).isZero();
    }

    @Test
    void collectorWithoutAnAuthorityRenewsNothingAndSaysSo() throws Exception {
        Peer peer = greeted(1);
        var request = ByteString.copyFrom(SigningRequestFixture.ecRequest(SENSOR));
        assertThatThrownBy(() ->
                        FeedGrpc.newBlockingStub(channels.getFirst())
                                .withDeadlineAfter(20, TimeUnit.SECONDS)
                                .renew(SigningRequest.newBuilder().setPkcs10(request).build()))
                .hasMessageStartingWith(
                        "FAILED_PRECONDITION: this collector signs no certificates");
        peer.send(batch(1));
        assertThat(peer.ack()).isEqualTo(1); // the stream beside it goes on
    }

    @Test
    void compressedMessageIsRefusedUnread() throws Exception {
        greeted(1);
        var request = ByteString.copyFrom(SigningRequestFixture.ecRequest(SENSOR));
        assertThatThrownBy(() ->
                        FeedGrpc.newBlockingStub(channels.getFirst())
                                .withCompression("gzip")
                                .withDeadlineAfter(20, TimeUnit.SECONDS)
                                .renew(SigningRequest.newBuilder().setPkcs10(request).build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageNotContaining("this collector signs no certificates");
    }

    @Test
    void batchBeforeHelloIsRefused() throws Exception {
        Peer peer = connect(CA.sensor(SENSOR));
        peer.send(batch(1));
        assertThat(peer.end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    }

    @Test
    void bootIdThatIsNoUuidIsRefused() throws Exception {
        Peer peer = connect(CA.sensor(SENSOR));
        peer.send(changedHello(hello -> hello.setBootId("first boot")));
        assertThat(peer.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(peer.endMessage()).isEqualTo("boot_id: first boot (expected: a UUID)");
        assertThat(store.greeted).isZero();
    }

    @Test
    void anotherSchemaIsRefusedWithTheRemedy() throws Exception {
        Peer peer = connect(CA.sensor(SENSOR));
        peer.send(changedHello(hello -> hello.setSchema(2)));
        assertThat(peer.end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(peer.endMessage()).isEqualTo("schema: 2 (expected: 1); upgrade the older side");
        assertThat(store.greeted).isZero();
    }

    @Test
    void secondHelloIsRefused() throws Exception {
        Peer peer = greeted(1);
        peer.send(hello(1));
        assertThat(peer.end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(peer.endMessage()).isEqualTo("hello: a second one (expected: one a stream)");
        assertThat(store.greeted).isEqualTo(1);
    }

    @Test
    void numberThatNoBatchCanHaveIsRefused() throws Exception {
        for (long seq : List.of(0L, -1L)) {
            Peer peer = greeted(1);
            peer.send(batch(seq));
            assertThat(peer.end()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(peer.endMessage())
                    .isEqualTo(
                            "batch: " + Long.toUnsignedString(seq) + " (expected: 1 to 2^63 - 1)");
        }
        assertThat(store.batches).isEmpty();
    }

    @Test
    void heartbeatsReachTheStoreBetweenBatchesAndAreNotAnswered() throws Exception {
        Peer peer = greeted(1);
        peer.send(heartbeat(41));
        peer.send(batch(1));
        peer.send(heartbeat(42));
        peer.send(batch(2));
        assertThat(List.of(peer.ack(), peer.ack())).containsExactly(1L, 2L);
        assertThat(store.heartbeats).extracting(Heartbeat::getPackets).containsExactly(41L, 42L);
        assertThat(peer.inbox).isEmpty();
    }

    @Test
    void messageOfANewerSensorIsPassedOver() throws Exception {
        Peer peer = greeted(1);
        peer.send(SensorMessage.getDefaultInstance());
        peer.send(batch(1));
        assertThat(peer.ack()).isEqualTo(1);
    }

    @Test
    void revisionOfTheSignaturesReachesTheStore() throws Exception {
        Peer peer = connect(CA.sensor(SENSOR));
        peer.send(changedHello(hello -> hello.setPack("0123456789ab\u0000")));
        assertThat(peer.take().hasWelcome()).isTrue();
        assertThat(store.packs).containsExactly("0123456789ab\uFFFD");
    }

    /// What went wrong inside is the collector's log's, not every sensor's.
    @Test
    void passingFaultOfTheStoreIsToldWithoutItsInside() throws Exception {
        store.failure = new BatchHandler.StoreException("password of user minewatch", false);
        Peer peer = greeted(1);
        peer.send(batch(1));
        assertThat(peer.end()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(peer.endMessage()).isEqualTo("the collector cannot store at the moment");
    }

    @Test
    void finalFaultOfTheStoreIsToldAsItIs() throws Exception {
        store.failure = new BatchHandler.StoreException("batch 1: another one is here", true);
        Peer peer = greeted(1);
        peer.send(batch(1));
        assertThat(peer.end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(peer.endMessage()).isEqualTo("batch 1: another one is here");
        assertThat(peer.inbox).isEmpty();
    }

    @Test
    void messageBeyondFourMegabytesIsRefused() throws Exception {
        Peer peer = greeted(1);
        Batch.Builder large = Batch.newBuilder().setSeq(1);
        Hit hit = Hits.hit("10.0.0.1").addWorkers("w".repeat(4000)).build();
        for (int i = 0; i < 1200; i++) {
            large.addHits(hit);
        }
        peer.trySend(SensorMessage.newBuilder().setBatch(large).build());
        assertThat(peer.end()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(store.batches).isEmpty();
    }

    @Test
    void aSensorsNewStreamEndsItsOldOne() throws Exception {
        Peer old = greeted(1);
        Peer anew = greeted(1);
        assertThat(old.end()).isEqualTo(Status.Code.ABORTED);
        anew.send(batch(1));
        assertThat(anew.ack()).isEqualTo(1);
    }

    @Test
    void secondMachineIsToldWhyAndDoesNotEndTheFirstsStream() throws Exception {
        Peer first = greeted(1);
        store.helloFailure = new BatchHandler.StoreException("another machine is heard", true);
        Peer second = connect(CA.sensor(SENSOR));
        second.send(hello(1));
        assertThat(second.end()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(second.endMessage()).isEqualTo("another machine is heard");
        first.send(batch(1));
        assertThat(first.ack()).isEqualTo(1);
    }

    @Test
    void closingFinishesTheBatchInHand() throws Exception {
        store.gate = new CountDownLatch(1);
        try (var own = newServer(new HostPort("127.0.0.1", 0), store)) {
            own.start();
            Peer peer = connect(CA.sensor(SENSOR), own.port());
            peer.send(hello(1));
            assertThat(peer.take().hasWelcome()).isTrue();
            peer.send(batch(1));
            store.entered.await();
            Thread closing = Thread.ofVirtual().start(own::close);
            store.gate.countDown();
            assertThat(peer.ack()).isEqualTo(1);
            assertThat(peer.end()).isEqualTo(Status.Code.UNAVAILABLE);
            closing.join();
        }
        assertThat(store.batches).hasSize(1);
    }

    @Test
    void takenPortIsSaidSo() {
        var second = newServer(new HostPort("127.0.0.1", server.port()), store);
        assertThatThrownBy(second::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + server.port());
    }

    @Test
    void certificateThatIsNotThereIsSaidSo() {
        var second =
                new FeedServer(
                        new FeedConfig(
                                new HostPort("127.0.0.1", 0),
                                new FeedConfig.Tls(
                                        folder.resolve("a"),
                                        folder.resolve("b"),
                                        folder.resolve("c"),
                                        null)),
                        Issuer.none(),
                        store,
                        new SimpleMeterRegistry());
        assertThatThrownBy(second::start).hasMessageStartingWith("feed.tls.ca: ");
    }

    private Peer greeted(long nextSeq) throws Exception {
        Peer peer = connect(CA.sensor(SENSOR));
        peer.send(hello(nextSeq));
        Welcome welcome = peer.take().getWelcome();
        assertThat(welcome.getDurableThroughSeq()).isEqualTo(store.durable);
        assertThat(welcome.getDurableDigest().toStringUtf8()).isEqualTo("digest");
        return peer;
    }

    private Peer connect(ThrowAwayCa.@Nullable Identity identity) throws IOException {
        return connect(identity, server.port());
    }

    private Peer connect(ThrowAwayCa.@Nullable Identity identity, int port) throws IOException {
        SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(CA.certificate());
        if (identity != null) {
            tls.keyManager(identity.key(), identity.certificate());
        }
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).sslContext(tls.build()).build();
        channels.add(channel);
        return new Peer(channel);
    }

    private static SensorMessage hello(long nextSeq) {
        return SensorMessage.newBuilder()
                .setHello(
                        Hello.newBuilder()
                                .setSensor(SENSOR)
                                .setBootId(BOOT.toString())
                                .setNextSeq(nextSeq)
                                .setSchema(1))
                .build();
    }

    private static SensorMessage changedHello(UnaryOperator<Hello.Builder> change) {
        return SensorMessage.newBuilder()
                .setHello(change.apply(hello(1).getHello().toBuilder()))
                .build();
    }

    private static SensorMessage heartbeat(long packets) {
        return SensorMessage.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setPackets(packets))
                .build();
    }

    private static Batch batch(long seq) {
        return Batch.newBuilder().setSeq(seq).addHits(Hits.hit("10.0.0.1")).build();
    }

    /// Counted since this test began.
    private double count(String name, String result) {
        Counter counter =
                METRICS.get("minewatch.collector.accept." + name).tag("result", result).counter();
        return counter.count() - baseline.getOrDefault(counter.getId(), 0.0);
    }

    /// A sensor's end of a stream, as plain as can be.
    private static final class Peer implements StreamObserver<CollectorMessage> {
        final ClientCallStreamObserver<SensorMessage> requests;
        final BlockingQueue<CollectorMessage> inbox = new LinkedBlockingQueue<>();
        final BlockingQueue<Status> ended = new LinkedBlockingQueue<>();
        private Status status = Status.OK;

        Peer(ManagedChannel channel) {
            requests =
                    (ClientCallStreamObserver<SensorMessage>)
                            FeedGrpc.newStub(channel).exchange(this);
        }

        void send(SensorMessage message) {
            requests.onNext(message);
        }

        /// The other side may be gone before the message is.
        void trySend(SensorMessage message) {
            try {
                requests.onNext(message);
            } catch (IllegalStateException gone) {
                assertThat(gone).hasMessageContaining("call");
            }
        }

        void send(Batch batch) {
            send(SensorMessage.newBuilder().setBatch(batch).build());
        }

        void complete() {
            requests.onCompleted();
        }

        CollectorMessage take() throws InterruptedException {
            CollectorMessage message = inbox.poll(20, TimeUnit.SECONDS);
            assertThat(message).as("answer; stream ended with %s", ended.peek()).isNotNull();
            return message;
        }

        long ack() throws InterruptedException {
            return take().getAck().getDurableThroughSeq();
        }

        Status.Code end() throws InterruptedException {
            Status last = ended.poll(20, TimeUnit.SECONDS);
            assertThat(last).as("end of stream").isNotNull();
            status = last;
            return last.getCode();
        }

        String endMessage() {
            return String.valueOf(status.getDescription());
        }

        @Override
        public void onNext(CollectorMessage message) {
            inbox.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            ended.add(((StatusRuntimeException) failure).getStatus());
        }

        @Override
        public void onCompleted() {
            ended.add(Status.OK);
        }
    }

    /// Keeps batches in memory. Waits at the gate, if there is one, before it stores.
    static final class Store implements BatchHandler {
        final List<CheckedBatch> batches = new CopyOnWriteArrayList<>();
        final List<String> packs = new CopyOnWriteArrayList<>();
        final List<Heartbeat> heartbeats = new CopyOnWriteArrayList<>();
        final AtomicInteger greetings = new AtomicInteger();
        volatile CountDownLatch entered = new CountDownLatch(1);
        volatile CountDownLatch gate = new CountDownLatch(0);
        volatile @Nullable StoreException failure;
        volatile @Nullable StoreException helloFailure;
        volatile long durable;
        volatile int greeted;

        @Override
        public Held onHello(String sensor, UUID bootId, String version) throws StoreException {
            StoreException toThrow = helloFailure;
            if (toThrow != null) {
                throw toThrow;
            }
            greeted = greetings.incrementAndGet();
            return new Held(durable, com.google.protobuf.ByteString.copyFromUtf8("digest"));
        }

        @Override
        public boolean onBatch(String sensor, UUID bootId, CheckedBatch batch)
                throws StoreException {
            entered.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new StoreException("interrupted", false, e);
            }
            StoreException toThrow = failure;
            if (toThrow != null) {
                throw toThrow;
            }
            if (batch.seq() <= durable) {
                return false;
            }
            batches.add(batch);
            return true;
        }

        @Override
        public void onPack(String sensor, String revision) {
            packs.add(revision);
        }

        @Override
        public void onHeartbeat(String sensor, Heartbeat heartbeat) {
            heartbeats.add(heartbeat);
        }
    }

    /// The running test's store.
    private static final class Delegate implements BatchHandler {
        @Override
        public Held onHello(String sensor, UUID bootId, String version) throws StoreException {
            return current.onHello(sensor, bootId, version);
        }

        @Override
        public boolean onBatch(String sensor, UUID bootId, CheckedBatch batch)
                throws StoreException {
            return current.onBatch(sensor, bootId, batch);
        }

        @Override
        public void onPack(String sensor, String revision) {
            current.onPack(sensor, revision);
        }

        @Override
        public void onHeartbeat(String sensor, Heartbeat heartbeat) {
            current.onHeartbeat(sensor, heartbeat);
        }
    }
}
