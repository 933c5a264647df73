package minewatch.bench.feed;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import minewatch.feed.ReceivedFeed;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hello;
import minewatch.feed.v1.ReceivedBatch;
import minewatch.feed.v1.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/// One sensor of a run: its stream, and what it has sent and not yet heard of. It sends what is
/// due, or, where nothing is ever due, as much as its window and the collector's pauses permit: a
/// spool that is emptied after days without a collector. For any number of threads.
final class LoadSensor implements AutoCloseable {
    private static final int WINDOW = 64; // batches, as a real sensor
    private static final long INTERVAL_NANOS = 300_000_000_000L; // rollup.interval
    private static final long BACKLOG_NANOS = 10 * 86_400_000_000_000L;

    private final FeedLoad.Plan plan;
    private final HitPatterns patterns;
    private final Latencies latencies;
    private final String name;
    private final int number;
    private final ManagedChannel channel;
    private final ScheduledExecutorService timer;
    private final Deque<Long> due = new ArrayDeque<>(); // by System.nanoTime()
    private final Deque<Sent> inFlight = new ArrayDeque<>();
    private @Nullable ClientCallStreamObserver<ReceivedMessage> requests;
    private @Nullable Status end;
    private boolean welcome;
    private boolean unlimited;
    private long pausedUntil = System.nanoTime();
    private long seq;
    private long hits;
    private long packets;
    private int nextSource;
    private long intervalEnd = nowNanos() - BACKLOG_NANOS;

    private record Sent(long seq, int hits, long dueNanos) {}

    LoadSensor(
            FeedLoad.Plan plan,
            int number,
            HitPatterns patterns,
            Latencies latencies,
            ManagedChannel channel,
            ScheduledExecutorService timer) {
        this.plan = plan;
        this.number = number;
        this.name = name(number);
        this.patterns = patterns;
        this.latencies = latencies;
        this.channel = channel;
        this.timer = timer;
    }

    static String name(int number) {
        return "load-" + number;
    }

    void open() {
        var _ =
                ClientCalls.asyncBidiStreamingCall(
                        channel.newCall(ReceivedFeed.exchange(), CallOptions.DEFAULT),
                        new Answers());
    }

    /// One batch is due now. If the sensor cannot send it yet, its wait counts.
    synchronized void batchIsDue() {
        due.add(System.nanoTime());
        pump();
    }

    /// From now on as much as the window permits.
    synchronized void unlimited(boolean on) {
        unlimited = on;
        pump();
    }

    synchronized void heartbeat() {
        ClientCallStreamObserver<ReceivedMessage> to = requests;
        if (to != null && welcome && end == null) {
            packets += 1000;
            to.onNext(
                    ReceivedMessage.newBuilder()
                            .setHeartbeat(
                                    Heartbeat.newBuilder()
                                            .setWallNanos(nowNanos())
                                            .setPackets(packets)
                                            .setSpoolBatches(inFlight.size()))
                            .build());
        }
    }

    synchronized boolean isWelcome() {
        return welcome;
    }

    synchronized boolean isIdle() {
        return due.isEmpty() && inFlight.isEmpty();
    }

    /// Why the stream ended; null while it is open.
    synchronized @Nullable Status end() {
        return end;
    }

    private synchronized void pump() {
        ClientCallStreamObserver<ReceivedMessage> to = requests;
        if (to == null || !welcome || end != null || pausedUntil - System.nanoTime() > 0) {
            return;
        }
        while (to.isReady() && inFlight.size() < WINDOW && (unlimited || !due.isEmpty())) {
            Long asked = due.poll();
            long dueNanos = asked == null ? System.nanoTime() : asked;
            List<ByteString> batch = nextHits();
            seq++;
            to.onNext(
                    ReceivedMessage.newBuilder()
                            .setBatch(
                                    ReceivedBatch.newBuilder()
                                            .setSeq(seq)
                                            .setCreatedNanos(nowNanos())
                                            .addAllHits(batch)
                                            .setHitsBefore(hits))
                            .build());
            hits += batch.size();
            inFlight.add(new Sent(seq, batch.size(), dueNanos));
        }
    }

    /// The next sources in turn; when all had theirs, the next interval begins.
    private List<ByteString> nextHits() {
        if (nextSource + plan.batch() > plan.sources()) {
            nextSource = 0;
            intervalEnd += INTERVAL_NANOS;
        }
        int first = nextSource;
        nextSource += plan.batch();
        return patterns.hits(
                name, number, first, plan.batch(), unlimited ? intervalEnd : nowNanos());
    }

    private static long nowNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private synchronized void answered(CollectorMessage message) {
        if (message.hasWelcome()) {
            welcome = true;
        } else {
            long now = System.nanoTime();
            long through = message.getAck().getDurableThroughSeq();
            for (Sent sent = inFlight.peek();
                    sent != null && sent.seq() <= through;
                    sent = inFlight.peek()) {
                inFlight.remove();
                latencies.add(now - sent.dueNanos(), sent.hits());
            }
            pause(message.getAck().getPauseMillis());
        }
        pump();
    }

    /// As a sensor does: the collector has more than it can store.
    private void pause(int millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        if (millis > 0 && until - pausedUntil > 0) {
            pausedUntil = until;
            var _ = timer.schedule(this::pump, millis + 1, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private final class Answers
            implements ClientResponseObserver<ReceivedMessage, CollectorMessage> {
        @Override
        public void beforeStart(ClientCallStreamObserver<ReceivedMessage> stream) {
            stream.setOnReadyHandler(this::ready);
            synchronized (LoadSensor.this) {
                requests = stream;
            }
        }

        private void ready() {
            synchronized (LoadSensor.this) {
                if (seq == 0 && !welcome && requests != null) {
                    requests.onNext(
                            ReceivedMessage.newBuilder()
                                    .setHello(
                                            Hello.newBuilder()
                                                    .setSensor(name)
                                                    .setBootId(UUID.randomUUID().toString())
                                                    .setNextSeq(1)
                                                    .setSchema(1)
                                                    .setVersion("load"))
                                    .build());
                }
            }
            pump();
        }

        @Override
        public void onNext(CollectorMessage message) {
            answered(message);
        }

        @Override
        public void onError(Throwable failure) {
            ended(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            ended(Status.OK);
        }

        private void ended(Status status) {
            synchronized (LoadSensor.this) {
                end = status;
            }
        }
    }
}
