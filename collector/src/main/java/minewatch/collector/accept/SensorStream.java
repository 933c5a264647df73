package minewatch.collector.accept;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import minewatch.collector.accept.BatchHandler.Held;
import minewatch.collector.accept.BatchHandler.StoreException;
import minewatch.collector.accept.CheckedBatch.HitGap;
import minewatch.feed.v1.Ack;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.Gap;
import minewatch.feed.v1.Hello;
import minewatch.feed.v1.ReceivedBatch;
import minewatch.feed.v1.ReceivedMessage;
import minewatch.feed.v1.ReleaseOffer;
import minewatch.feed.v1.Welcome;
import org.jspecify.annotations.Nullable;

/// One sensor's stream, from Hello until either side ends it.
///
/// gRPC's threads only put messages into a queue; one virtual thread takes them out, stores and
/// answers. The stream asks for the next message only when one has been dealt with, so at most
/// [#IN_MEMORY] are held here, and a slow database slows the sensor down by HTTP/2 flow control.
final class SensorStream implements StreamObserver<ReceivedMessage>, Runnable {
    /// Messages received and not yet dealt with.
    static final int IN_MEMORY = 8;

    private static final int SCHEMA = 1;
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(30);
    private static final int MAX_TOLD = 100; // characters of what a sensor wrote
    private static final String NOT_HELD = "not-held";

    private final PeerCertificate certificate;
    private final BatchHandler store;
    private final Backlog backlog;
    private final ActiveStreams active;
    private final ReleaseFolder releases;
    private final AcceptMetrics metrics;
    private final ServerCallStreamObserver<CollectorMessage> answers;
    private final BlockingQueue<Optional<ReceivedMessage>> inbox = new LinkedBlockingQueue<>();
    private final AtomicReference<Status> aborted = new AtomicReference<>();

    private String sensor = "";
    private boolean storing; // a batch has been taken out and is not committed
    private boolean over; // guarded by inbox
    private UUID bootId = new UUID(0, 0);
    private long durableThrough;
    private long sensorHoldsFrom;
    private @Nullable ReleaseOffer offered;

    /// @param certificate names the sensor
    SensorStream(
            PeerCertificate certificate,
            BatchHandler store,
            Backlog backlog,
            ActiveStreams active,
            ReleaseFolder releases,
            AcceptMetrics metrics,
            ServerCallStreamObserver<CollectorMessage> answers) {
        this.certificate = certificate;
        this.store = store;
        this.backlog = backlog;
        this.active = active;
        this.releases = releases;
        this.metrics = metrics;
        this.answers = answers;
    }

    /// Must be called before the call that opened the stream returns.
    void begin() {
        answers.setOnCancelHandler(() -> abort(Status.CANCELLED));
        answers.disableAutoRequest();
        answers.request(IN_MEMORY);
        Thread.ofVirtual().name("feed").start(this);
    }

    /// Ends the stream once the message in hand is dealt with.
    ///
    /// @return false if it was to end already
    boolean abort(Status status) {
        boolean first = aborted.compareAndSet(null, status);
        if (first) {
            inbox.add(Optional.empty());
        }
        return first;
    }

    /// Ends the stream if its certificate does not hold any more.
    void endIfLapsed() {
        certificate
                .lapse()
                .ifPresent(lapse -> {
                    if (abort(Status.UNAUTHENTICATED.withDescription(lapse.message()))) {
                        metrics.refusedStream(lapse.kind());
                        active.refused(sensor, lapse.message());
                    }
                });
    }

    @Override
    public void onNext(ReceivedMessage message) {
        synchronized (inbox) {
            if (!over) {
                inbox.add(Optional.of(message)); // bounded: only IN_MEMORY were asked for
                if (message.hasBatch()) {
                    backlog.came();
                }
            }
        }
    }

    @Override
    public void onError(Throwable failure) {
        abort(Status.CANCELLED);
    }

    @Override
    public void onCompleted() {
        inbox.add(Optional.empty());
    }

    @Override
    public void run() {
        metrics.streams.incrementAndGet();
        try {
            converse();
            end(null);
        } catch (StatusException e) {
            end(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(Status.UNAVAILABLE.withDescription("the collector stops").asException());
        } catch (RuntimeException e) {
            active.unexpected(e);
            end(Status.INTERNAL.withDescription("a bug; see the collector's log").asException());
        } finally {
            forgetWaiting();
            active.remove(sensor, this);
            metrics.streams.decrementAndGet();
        }
    }

    /// What will not be stored by this stream is no load any more.
    private void forgetWaiting() {
        synchronized (inbox) {
            over = true;
            long batches =
                    inbox.stream()
                            .flatMap(Optional::stream)
                            .filter(ReceivedMessage::hasBatch)
                            .count();
            backlog.left((int) batches + (storing ? 1 : 0));
        }
    }

    private void converse() throws StatusException, InterruptedException {
        Optional<ReceivedMessage> first = inbox.poll(HELLO_WITHIN.toSeconds(), TimeUnit.SECONDS);
        if (first == null) {
            throw refusal("no-hello", Status.DEADLINE_EXCEEDED, "no hello within 30 s");
        }
        if (first.isEmpty()) {
            throwIfAborted();
            return;
        }
        greet(first.get());
        offerRelease();
        answers.request(1);
        for (var next = inbox.take(); next.isPresent(); next = inbox.take()) {
            throwIfAborted();
            handle(next.get());
            offerRelease(); // at the latest with the next heartbeat
            answers.request(1);
        }
        throwIfAborted();
    }

    private void throwIfAborted() throws StatusException {
        Status status = aborted.get();
        if (status != null) {
            throw status.asException();
        }
    }

    private void greet(ReceivedMessage message) throws StatusException {
        if (!message.hasHello()) {
            throw refusal(
                    "no-hello", Status.FAILED_PRECONDITION, "first message: expected a hello");
        }
        Hello hello = message.getHello();
        sensor = identified(hello);
        bootId = bootId(hello);
        if (hello.getSchema() != SCHEMA) {
            throw refusal(
                    "schema",
                    Status.FAILED_PRECONDITION,
                    "schema: " + hello.getSchema() + " (expected: 1); upgrade the older side");
        }
        sensorHoldsFrom = hello.getNextSeq();
        Held held;
        try {
            held = store.onHello(sensor, bootId, ForeignText.line(hello.getVersion(), MAX_TOLD));
            if (!hello.getPack().isEmpty()) { // older sensors do not tell
                store.onPack(sensor, ForeignText.line(hello.getPack(), MAX_TOLD));
            }
        } catch (StoreException e) {
            throw e.isFinal()
                    ? refusal(
                            "two-machines",
                            Status.FAILED_PRECONDITION,
                            String.valueOf(e.getMessage()))
                    : failure(e);
        }
        active.put(sensor, this);
        durableThrough = held.throughSeq();
        answer(
                CollectorMessage.newBuilder()
                        .setWelcome(
                                Welcome.newBuilder()
                                        .setDurableThroughSeq(durableThrough)
                                        .setDurableDigest(held.digest()))
                        .build());
    }

    private String identified(Hello hello) throws StatusException {
        Optional<PeerCertificate.Lapse> lapse = certificate.lapse();
        if (lapse.isPresent()) { // a new stream over an old connection
            throw refusal(lapse.get().kind(), Status.UNAUTHENTICATED, lapse.get().message());
        }
        Optional<String> certified = certificate.sensor();
        if (certified.isEmpty()) {
            throw refusal(
                    "certificate",
                    Status.PERMISSION_DENIED,
                    "client certificate: names no sensor (expected: SAN URI "
                            + SensorIdentity.URI_PREFIX
                            + "ID)");
        }
        if (!certified.get().equals(hello.getSensor())) {
            throw refusal(
                    "certificate",
                    Status.PERMISSION_DENIED,
                    "sensor: "
                            + ForeignText.line(hello.getSensor(), MAX_TOLD)
                            + " (expected: "
                            + certified.get()
                            + ", as in its certificate)");
        }
        return certified.get();
    }

    private UUID bootId(Hello hello) throws StatusException {
        try {
            return UUID.fromString(hello.getBootId());
        } catch (IllegalArgumentException e) {
            throw refusal(
                    "boot-id",
                    Status.INVALID_ARGUMENT,
                    "boot_id: "
                            + ForeignText.line(hello.getBootId(), MAX_TOLD)
                            + " (expected: a UUID)");
        }
    }

    private void handle(ReceivedMessage message) throws StatusException {
        switch (message.getBodyCase()) {
            case BATCH -> store(message.getBatch());
            case HEARTBEAT -> {
                metrics.heartbeats.increment();
                try {
                    store.onHeartbeat(sensor, message.getHeartbeat());
                } catch (StoreException e) {
                    throw failure(e);
                }
            }
            case HELLO ->
                    throw refusal(
                            "second-hello",
                            Status.FAILED_PRECONDITION,
                            "hello: a second one (expected: one a stream)");
            case BODY_NOT_SET -> {} // of a newer sensor; nothing this collector knows
        }
    }

    private void store(ReceivedBatch batch) throws StatusException {
        storing = true;
        List<HitGap> holes = holesBefore(batch);
        CheckedBatch checked = new BatchCheck(sensor, metrics::rejectedHit).check(batch, holes);
        boolean added = commit(checked);
        (added ? metrics.newBatches : metrics.repeatedBatches).increment();
        (added ? metrics.storedHits : metrics.repeatedHits).increment(checked.hits().size());
        if (added) {
            checked.gaps().stream()
                    .filter(gap -> !gap.reason().equals(CheckedBatch.REJECTED))
                    .forEach(gap -> metrics.lostHits.increment((double) gap.hits()));
        }
        durableThrough = Math.max(durableThrough, batch.getSeq());
        storing = false;
        backlog.committed();
        int pauseMillis = backlog.pauseMillis();
        if (pauseMillis > 0) {
            metrics.pauses.increment();
        }
        answer(
                CollectorMessage.newBuilder()
                        .setAck(
                                Ack.newBuilder()
                                        .setDurableThroughSeq(durableThrough)
                                        .setPauseMillis(pauseMillis))
                        .build());
    }

    private boolean commit(CheckedBatch batch) throws StatusException {
        long begun = System.nanoTime();
        try {
            return store.onBatch(sensor, bootId, batch);
        } catch (StoreException e) {
            metrics.failedBatches.increment();
            throw failure(e);
        } finally {
            metrics.commit.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
        }
    }

    /// Numbers come without holes, except for batches the sensor says are lost, and for those it
    /// deleted because a collector acknowledged them whose database is another or an older one now.
    ///
    /// @return gaps for the latter
    private List<HitGap> holesBefore(ReceivedBatch batch) throws StatusException {
        long seq = batch.getSeq();
        if (seq <= 0) {
            throw refusal(
                    "sequence",
                    Status.INVALID_ARGUMENT,
                    "batch: " + Long.toUnsignedString(seq) + " (expected: 1 to 2^63 - 1)");
        }
        var holes = new ArrayList<HitGap>();
        long expected = durableThrough + 1;
        if (expected < sensorHoldsFrom && expected < seq) {
            long last = Math.min(sensorHoldsFrom, seq) - 1;
            holes.add(new HitGap(NOT_HELD, "", expected, last, 0));
            expected = last + 1;
        }
        long missing = firstMissing(expected, seq, batch.getGapsList());
        if (missing < seq) {
            throw refusal(
                    "sequence",
                    Status.FAILED_PRECONDITION,
                    "batch: " + seq + " (expected: " + missing + ")");
        }
        return holes;
    }

    /// The first number from `expected` on that is neither told lost nor the batch's own.
    private static long firstMissing(long expected, long seq, List<Gap> lost) {
        long next = expected;
        var inOrder = new ArrayList<>(lost);
        inOrder.sort(Comparator.comparingLong(Gap::getFirstSeq));
        for (Gap gap : inOrder) {
            if (gap.getFirstSeq() > 0 && gap.getFirstSeq() <= next && gap.getLastSeq() >= next) {
                next = Math.min(gap.getLastSeq(), seq - 1) + 1;
            }
        }
        return next;
    }

    private void offerRelease() {
        releases.newest(sensor)
                .filter(newest -> !newest.equals(offered))
                .ifPresent(newest -> {
                    offered = newest;
                    releases.told();
                    answer(CollectorMessage.newBuilder().setRelease(newest).build());
                });
    }

    private StatusException failure(StoreException e) {
        active.failed(sensor, e);
        return (e.isFinal() ? Status.FAILED_PRECONDITION : Status.UNAVAILABLE)
                .withDescription(
                        e.isFinal() ? e.getMessage() : "the collector cannot store at the moment")
                .asException();
    }

    private StatusException refusal(String kind, Status status, String message) {
        metrics.refusedStream(kind);
        active.refused(certificate.sensor().orElse("without a name"), message);
        return status.withDescription(message).asException();
    }

    private void answer(CollectorMessage message) {
        if (!answers.isCancelled()) {
            answers.onNext(message);
        }
    }

    private void end(@Nullable StatusException reason) {
        if (answers.isCancelled()) {
            return;
        }
        if (reason == null) {
            answers.onCompleted();
        } else {
            answers.onError(reason);
        }
    }
}
