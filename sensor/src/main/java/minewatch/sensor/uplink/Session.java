package minewatch.sensor.uplink;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import minewatch.feed.BatchDigest;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.Heartbeat;
import minewatch.feed.v1.Hello;
import minewatch.feed.v1.ReleaseOffer;
import minewatch.feed.v1.SensorMessage;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolReader;
import minewatch.sensor.uplink.UplinkException.Kind;
import org.jspecify.annotations.Nullable;

/// One stream, from Hello until it ends. Runs on the uplink's thread alone.
final class Session {
    static final int LONGEST_PAUSE_MILLIS = 60_000;
    static final int SCHEMA = 1;

    private static final Duration WELCOME_WITHIN = Duration.ofSeconds(30);

    private final UplinkConfig config;
    private final Spool spool;
    private final boolean carriesHits;
    private final Supplier<Heartbeat> health;
    private final Wakeup wakeup;
    private final UplinkMetrics metrics;
    private final ManagedChannel channel;
    private final @Nullable ReleaseFetch releases;
    private final Inbox inbox;
    private final ClientCallStreamObserver<SensorMessage> requests;
    private final Window window = new Window();
    private long heartbeatAtNanos = System.nanoTime();
    private boolean progressed;

    Session(
            UplinkConfig config,
            Spool spool,
            boolean carriesHits,
            Supplier<Heartbeat> health,
            Wakeup wakeup,
            UplinkMetrics metrics,
            ManagedChannel channel,
            @Nullable ReleaseFetch releases) {
        this.releases = releases;
        this.config = config;
        this.spool = spool;
        this.carriesHits = carriesHits;
        this.health = health;
        this.wakeup = wakeup;
        this.metrics = metrics;
        this.channel = channel;
        this.inbox = new Inbox(wakeup::signal);
        var stub = FeedGrpc.newStub(channel);
        this.requests = (ClientCallStreamObserver<SensorMessage>) stub.exchange(inbox);
    }

    /// Whether the collector made anything durable during this stream: a sign that all is well.
    boolean hasProgressed() {
        return progressed;
    }

    /// Returns when the uplink is closed, or a new connection is to be made: with a renewed
    /// certificate, or to say what runs here now; otherwise the stream's end is an exception.
    void run(Supplier<Uplink.Program> program)
            throws UplinkException, IOException, InterruptedException {
        Uplink.Program told = program.get();
        requests.onNext(hello(told));
        long resumeAfter = awaitWelcome();
        metrics.connects.increment();
        metrics.connected.set(1);
        Renewal renewal = Renewal.of(config, spool.sensor(), metrics);
        try (SpoolReader reader = spool.reader(resumeAfter)) {
            while (!wakeup.isClosed()) {
                long ticket = wakeup.ticket();
                throwIfEnded();
                acknowledge();
                if ((renewal.isDue() && renewal.renew(channel)) || !program.get().equals(told)) {
                    break; // what is not acknowledged yet is known at the next welcome
                }
                lookAtRelease();
                boolean beat = heartbeat();
                boolean sent = carriesHits && send(reader);
                if (!beat && !sent) {
                    wakeup.await(ticket, idleNanos());
                }
            }
            requests.onCompleted();
        } finally {
            metrics.connected.set(0);
            metrics.inFlight.set(0);
            acknowledge();
        }
    }

    private void lookAtRelease() {
        ReleaseOffer offer = inbox.offer();
        if (offer != null && releases != null) {
            releases.offered(offer, channel);
        }
    }

    private long awaitWelcome() throws UplinkException, IOException, InterruptedException {
        long until = System.nanoTime() + WELCOME_WITHIN.toNanos();
        while (!wakeup.isClosed()) {
            long ticket = wakeup.ticket();
            if (inbox.isWelcomed()) {
                return resumeAfter(inbox.durableThrough());
            }
            throwIfEnded();
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new UplinkException(
                        Kind.NETWORK,
                        "cannot reach collector "
                                + config.collector()
                                + ": no answer in "
                                + WELCOME_WITHIN.toSeconds()
                                + " s");
            }
            wakeup.await(ticket, left);
        }
        return spool.lastSeq();
    }

    /// A collector that holds more than this spool ever sent, or another batch under the same
    /// number, knows a later state of it. To believe it would delete batches that were never sent.
    private long resumeAfter(long durable) throws UplinkException, IOException {
        if (durable > spool.lastSeq()) {
            throw olderCopy("batches up to " + durable, "the spool ends at " + spool.lastSeq());
        }
        if (durable > spool.ackedSeq() && !isSame(durable, inbox.welcomeDigest())) {
            throw olderCopy("batch " + durable, "the spool has other hits under this number");
        }
        acknowledge();
        return durable;
    }

    /// Whether the spool has this batch too; true if that cannot be told.
    private boolean isSame(long seq, ByteString digest) throws IOException {
        if (digest.isEmpty()) {
            return true; // of an older collector
        }
        try (SpoolReader reader = spool.reader(seq - 1)) {
            Optional<Batch> own = reader.next();
            return own.isEmpty()
                    || own.get().getSeq() != seq
                    || BatchDigest.of(own.get()).equals(digest);
        }
    }

    private static UplinkException olderCopy(String held, String own) {
        return new UplinkException(
                Kind.REFUSED,
                "the collector holds "
                        + held
                        + " of this sensor, "
                        + own
                        + ": the spool directory is an older copy; stop the sensor, print what"
                        + " waits with `minewatch sensor spool export`, and move the directory"
                        + " away, so that the sensor begins a new one");
    }

    private void throwIfEnded() throws UplinkException {
        Optional<Throwable> end = inbox.end();
        if (end.isPresent()) {
            throw new Failures(config).of(end.get());
        }
    }

    private void acknowledge() throws UplinkException {
        if (!carriesHits) {
            return; // what the collector holds may have holes that are still on their other way
        }
        long durable = inbox.durableThrough();
        if (durable <= spool.ackedSeq()) {
            return;
        }
        if (durable > spool.lastSeq()) {
            throw new UplinkException(
                    Kind.REFUSED,
                    "the collector acknowledged batch " + durable + ", which was never sent");
        }
        // Counted first: who waits for the spool to drain may read the counters then.
        metrics.ackedBatches.increment(window.acked(durable));
        if (inbox.pauseNanos() > 0) {
            window.narrow();
        } else {
            window.widen();
        }
        metrics.inFlight.set(window.size());
        spool.ack(durable);
        progressed = true;
        wakeup.signal(); // for awaitDrained
    }

    private boolean send(SpoolReader reader) throws IOException {
        if (!window.hasRoom() || !requests.isReady() || inbox.pauseNanos() > 0) {
            return false;
        }
        Optional<Batch> batch = reader.next();
        if (batch.isEmpty()) {
            return false;
        }
        int bytes = batch.get().getSerializedSize();
        requests.onNext(SensorMessage.newBuilder().setBatch(batch.get()).build());
        window.sent(batch.get().getSeq(), bytes);
        metrics.inFlight.set(window.size());
        metrics.sentBatches.increment();
        metrics.sentBytes.increment(bytes);
        return true;
    }

    private boolean heartbeat() {
        if (heartbeatAtNanos - System.nanoTime() > 0 || !requests.isReady()) {
            return false;
        }
        heartbeatAtNanos = System.nanoTime() + config.heartbeat().toNanos();
        spool.reportLosses();
        Heartbeat heartbeat =
                health.get().toBuilder()
                        .setWallNanos(wallNanos())
                        .setSpoolBatches(spool.waitingBatches())
                        .setSpoolBytes(spool.usedBytes())
                        .setCpuNanos(ProcessUse.cpuNanos())
                        .setMemoryBytes(ProcessUse.memoryBytes())
                        .build();
        requests.onNext(SensorMessage.newBuilder().setHeartbeat(heartbeat).build());
        metrics.heartbeats.increment();
        return true;
    }

    /// How long there is nothing to do unless something is signalled.
    private long idleNanos() {
        long pause = inbox.pauseNanos();
        long heartbeat = heartbeatAtNanos - System.nanoTime();
        return pause > 0 ? Math.min(pause, heartbeat) : heartbeat;
    }

    private SensorMessage hello(Uplink.Program program) {
        return SensorMessage.newBuilder()
                .setHello(
                        Hello.newBuilder()
                                .setSensor(spool.sensor())
                                .setBootId(spool.bootId().toString())
                                .setNextSeq(spool.ackedSeq() + 1)
                                .setSchema(SCHEMA)
                                .setVersion(program.version())
                                .setPack(program.pack()))
                .build();
    }

    private static long wallNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}
