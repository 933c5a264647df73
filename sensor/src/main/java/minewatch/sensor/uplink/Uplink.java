package minewatch.sensor.uplink;

import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import minewatch.feed.v1.Heartbeat;
import minewatch.sensor.spool.QuietLog;
import minewatch.sensor.spool.Spool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Brings every batch of the spool to the collector, in order, until it is acknowledged; reconnects
/// for as long as it takes. The package description tells how.
public final class Uplink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Uplink.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final Duration RELEASE_PART_WITHIN = Duration.ofSeconds(30);
    private static final Duration FIRST_RELEASE_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_RELEASE_PAUSE = Duration.ofMinutes(10);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final UplinkConfig config;
    private final Spool spool;
    private volatile Program program;
    private final Supplier<Heartbeat> health;
    private final UplinkMetrics metrics;
    private final Backoff backoff;
    private final Wakeup wakeup = new Wakeup();
    private final QuietLog trouble = new QuietLog(LOG);
    private volatile boolean carriesHits = true;
    private @Nullable ReleaseFetch releases;
    private int attempt; // which collector is next; only the thread's own
    private @Nullable Thread thread;

    /// What runs here, for the collector's list of sensors.
    ///
    /// @param version of the program
    /// @param pack revision of its signatures
    public record Program(String version, String pack) {}

    /// @param health counters for the next heartbeat; wall clock and spool are filled in here.
    ///   Called by the uplink's thread
    public Uplink(
            UplinkConfig config,
            Spool spool,
            Program program,
            Supplier<Heartbeat> health,
            MeterRegistry registry) {
        this(config, spool, program, health, registry, new Backoff(FIRST_PAUSE, LONGEST_PAUSE));
    }

    Uplink(
            UplinkConfig config,
            Spool spool,
            Program program,
            Supplier<Heartbeat> health,
            MeterRegistry registry,
            Backoff backoff) {
        this.config = config;
        this.spool = spool;
        this.program = program;
        this.health = health;
        this.metrics = new UplinkMetrics(registry);
        this.backoff = backoff;
    }

    /// Batches go another way, which acknowledges them. To be called before [#start].
    public void heartbeatsOnly() {
        carriesHits = false;
    }

    /// Releases that a collector has for this sensor are fetched for `handler`. To be called before
    /// [#start].
    public void fetchReleases(ReleaseHandler handler) {
        releases =
                new ReleaseFetch(
                        handler,
                        RELEASE_PART_WITHIN,
                        new Backoff(FIRST_RELEASE_PAUSE, LONGEST_RELEASE_PAUSE),
                        metrics);
    }

    /// Something else runs here now, and the collector is told soon.
    public void changed(Program next) {
        program = next;
        wakeup.signal();
    }

    /// Begins to connect. Returns at once.
    public void start() {
        spool.onChange(wakeup::signal);
        thread = Thread.ofPlatform().name("uplink").daemon().start(this::run);
    }

    /// Waits until the collector holds every batch of the spool.
    ///
    /// @return false if the time was over first, or the uplink was closed
    public boolean awaitDrained(Duration timeout) throws InterruptedException {
        return wakeup.awaitUntil(() -> spool.waitingBatches() == 0, timeout);
    }

    /// Ends the stream; what is not acknowledged stays in the spool. Returns within 10 s.
    @Override
    public void close() {
        wakeup.close();
        if (releases != null) {
            releases.close();
        }
        Thread running = thread;
        if (running != null && running != Thread.currentThread()) {
            try {
                if (!running.join(CLOSE_WITHIN)) {
                    running.interrupt();
                }
            } catch (InterruptedException e) {
                running.interrupt();
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            while (!wakeup.isClosed()) {
                boolean needsOperator = connect();
                wakeup.pause(backoff.pause(needsOperator));
            }
        } catch (InterruptedException e) {
            LOG.debug("uplink interrupted; the spool keeps what is not acknowledged");
        }
    }

    /// One stream. Its end is logged here and nowhere else.
    ///
    /// @return whether a person must act before the next attempt can go well
    private boolean connect() throws InterruptedException {
        ManagedChannel channel = null;
        try {
            UplinkConfig target = config.at(attempt);
            completeRenewal();
            channel = new Dialer(target).dial();
            converse(target, channel);
            return false;
        } catch (UplinkException e) {
            attempt = (attempt + 1) % config.collectors();
            metrics.failed(e.kind());
            Level level = e.needsOperator() ? Level.ERROR : Level.WARN;
            trouble.log(level, e.getMessage() + "; " + spool.waitingBatches() + " batches wait");
            LOG.debug("uplink", e);
            return e.needsOperator() && attempt == 0; // all were tried
        } catch (IOException e) {
            trouble.log(
                    Level.ERROR, "cannot read the spool: " + e.getMessage() + "; check its disk");
            return true;
        } finally {
            if (channel != null) {
                channel.shutdownNow().awaitTermination(2, TimeUnit.SECONDS);
            }
        }
    }

    /// One that was cut short when the sensor was killed.
    private void completeRenewal() throws UplinkException {
        try {
            new Credentials(config.certificate(), config.key()).recover();
        } catch (IOException e) {
            throw new UplinkException(
                    UplinkException.Kind.CERTIFICATE,
                    "cannot end the renewal of "
                            + config.certificate()
                            + ": "
                            + e
                            + "; check its folder",
                    e);
        }
    }

    private void converse(UplinkConfig target, ManagedChannel channel)
            throws UplinkException, IOException, InterruptedException {
        var session =
                new Session(target, spool, carriesHits, health, wakeup, metrics, channel, releases);
        try {
            session.run(() -> program);
        } finally {
            if (session.hasProgressed()) {
                backoff.reset();
            }
        }
    }
}
