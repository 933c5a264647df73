package minewatch.sensor;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import minewatch.sensor.capture.CaptureCounts;
import minewatch.sensor.capture.InterfaceLostException;
import minewatch.sensor.capture.LiveCapture;
import minewatch.sensor.capture.linux.Affinity;
import minewatch.sensor.inspect.Faults;
import minewatch.sensor.spool.QuietLog;
import minewatch.sensor.uplink.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One lane at the network interfaces, which may go down or away and come back.
///
/// One that is down is waited for. Once one is gone all are opened again, at first soon, then at
/// most ten seconds apart; intervals end meanwhile as they do when it is silent.
///
/// - **Thread:** made and closed by any, [#run] on the lane's.
final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Lane lane;
    private final LiveCaptures captures;
    private final OptionalInt core;
    private final LaneMetrics metrics;
    private final QuietLog quietLog;
    private final QuietLog overloadLog;
    private final QuietLog faultLog = new QuietLog(LOG);
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private LiveCapture capture;
    private CaptureCounts before = CaptureCounts.NONE; // of captures that are closed

    /// Opens the interface.
    ///
    /// @param core where the lane's thread is to run
    /// @param quietLog shared, for all lanes lose an interface together
    /// @param overloadLog shared by all lanes as well
    /// @throws IOException with cause and remedy in one line
    Watch(
            Lane lane,
            LiveCaptures captures,
            OptionalInt core,
            LaneMetrics metrics,
            QuietLog quietLog,
            QuietLog overloadLog)
            throws IOException {
        this.lane = lane;
        this.captures = captures;
        this.core = core;
        this.metrics = metrics;
        this.quietLog = quietLog;
        this.overloadLog = overloadLog;
        this.capture = captures.open(lane);
    }

    /// Feeds the lane until `stopping` says so, and ends it.
    ///
    /// @throws IOException if the interface cannot be read any more, in one line
    void run(BooleanSupplier stopping) throws IOException {
        try {
            if (core.isPresent()) {
                Affinity.pin(core.getAsInt());
            }
            do {
                read(stopping);
            } while (!stopping.getAsBoolean());
        } finally {
            tell();
            lane.finish();
            tellFault();
        }
    }

    @Override
    public void close() {
        capture.close();
    }

    private void read(BooleanSupplier stopping) throws IOException {
        try {
            capture.run(() -> {
                lane.feeds();
                lane.changeIfDue();
                tellIfDue();
                keepUp();
                return stopping.getAsBoolean();
            });
        } catch (InterfaceLostException e) {
            metrics.lost();
            quietLog.log(Level.WARN, String.valueOf(e.getMessage()));
            if (e.isGone()) {
                capture.close();
                openAgain(stopping);
            }
        }
    }

    private void keepUp() {
        double backlog = capture.backlog();
        if (!lane.keepUp(backlog)) {
            return;
        }
        Overload.Level level = lane.overload();
        overloadLog.log(
                level == Overload.Level.NONE ? Level.INFO : Level.WARN,
                "%s: %.0f %% of the ring waits; its worker %s"
                        .formatted(captures.names(), 100 * backlog, level.consequence()));
    }

    private void openAgain(BooleanSupplier stopping) {
        backoff.reset();
        while (pause(backoff.pause(false), stopping)) {
            metrics.retried();
            try {
                LiveCapture opened = captures.open(lane);
                before = before.plus(capture.counts());
                capture = opened;
                LOG.info("watching {} again", captures.names());
                return;
            } catch (IOException e) {
                quietLog.log(Level.WARN, String.valueOf(e.getMessage()));
            }
        }
    }

    /// @return false if it is time to stop
    private boolean pause(Duration pause, BooleanSupplier stopping) {
        long until = System.nanoTime() + pause.toNanos();
        while (!stopping.getAsBoolean() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(STEP_NANOS);
            lane.onSilence(TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
            lane.changeIfDue();
            tellIfDue();
        }
        return !stopping.getAsBoolean();
    }

    private void tellIfDue() {
        if (lane.isTellingDue()) {
            tell();
            tellFault();
        }
    }

    private void tellFault() {
        RuntimeException fault = lane.takeFault();
        if (fault != null) {
            faultLog.log(Level.ERROR, "a flow could not be read: " + Faults.describe(fault));
        }
    }

    private void tell() {
        lane.tell(before.plus(capture.counts()));
    }
}
