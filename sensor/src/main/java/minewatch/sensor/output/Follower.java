package minewatch.sensor.output;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import minewatch.feed.v1.Batch;
import minewatch.sensor.spool.QuietLog;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolReader;
import minewatch.sensor.uplink.Backoff;
import minewatch.sensor.uplink.Wakeup;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Brings every batch of the spool to one output, in order; connects again for as long as it takes.
/// The spool keeps a batch until it has settled there, so what was on its way when a connection
/// broke, or the sensor died, comes again.
public final class Follower implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(8);

    private final Output output;
    private final Spool spool;
    private final boolean acknowledges;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private final Wakeup wakeup = new Wakeup();
    private final QuietLog trouble = new QuietLog(LoggerFactory.getLogger(Follower.class));
    private final Counter sent;
    private final Counter missed;
    private final Counter failures;
    private volatile Output.@Nullable Connection open;
    private @Nullable Thread thread;
    private long seen; // the greatest number there was; only the thread's own

    /// @param acknowledges whether what has settled is in the collector's way, so that nothing else
    ///   need keep it
    Follower(Output output, Spool spool, boolean acknowledges, MeterRegistry registry) {
        this.output = output;
        this.spool = spool;
        this.acknowledges = acknowledges;
        Tags tags = Tags.of("output", output.name());
        sent = registry.counter("minewatch.sensor.output.sent.batches", tags);
        missed = registry.counter("minewatch.sensor.output.missed.batches", tags);
        failures = registry.counter("minewatch.sensor.output.failures", tags);
        registry.gauge("minewatch.sensor.output.waiting.batches", tags, this, Follower::waiting);
    }

    /// Begins to connect. Returns at once.
    public void start() {
        spool.onChange(wakeup::signal);
        thread = Thread.ofPlatform().name(output.name()).daemon().start(this::run);
    }

    /// Batches that have not settled.
    public long waiting() {
        return spool.lastSeq() - spool.followed(output.name());
    }

    /// Waits until all that is spooled has been handed on.
    ///
    /// @return false if the time was over first
    public boolean awaitDrained(Duration timeout) throws InterruptedException {
        return wakeup.awaitUntil(() -> waiting() == 0, timeout);
    }

    /// Ends in order where the other side permits; what has not settled stays in the spool. Returns
    /// within 10 s.
    @Override
    public void close() {
        wakeup.close();
        Thread running = thread;
        try {
            if (running != null && !running.join(CLOSE_WITHIN)) {
                Output.Connection connection = open;
                if (connection != null) {
                    connection.abort();
                }
                running.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!wakeup.isClosed()) {
                follow();
                wakeup.pause(backoff.pause(false));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// One connection. Its end is logged here and nowhere else.
    private void follow() throws InterruptedException {
        try (Output.Connection connection = output.connect(wakeup::signal);
                SpoolReader reader = spool.follower(output.name())) {
            open = connection;
            long after = spool.followed(output.name());
            while (!wakeup.isClosed()) {
                long ticket = wakeup.ticket();
                settle(connection);
                Optional<Batch> batch = connection.hasRoom() ? reader.next() : Optional.empty();
                if (batch.isPresent()) {
                    long seq = batch.get().getSeq();
                    missed.increment((double) Math.max(0, seq - 1 - Math.max(after, seen)));
                    after = seq;
                    seen = Math.max(seen, seq);
                    connection.send(batch.get());
                    sent.increment();
                } else {
                    wakeup.await(ticket, connection.idleNanos());
                }
            }
            connection.finish();
            settle(connection);
        } catch (IOException
                | RuntimeException e) { // a bug in one output ends no other, nor itself
            failures.increment();
            trouble.log(
                    Level.WARN,
                    "cannot write to "
                            + output.target()
                            + ": "
                            + e.getMessage()
                            + "; "
                            + output.remedy()
                            + "; "
                            + waiting()
                            + " batches wait");
        } finally {
            open = null;
        }
    }

    private void settle(Output.Connection connection) throws IOException {
        long settled = connection.settled();
        if (settled > spool.followed(output.name())) {
            spool.followed(output.name(), settled);
            if (acknowledges) {
                spool.ack(settled);
            }
            backoff.reset();
            wakeup.signal(); // for awaitDrained
        }
    }
}
