package minewatch.sensor.spool;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/// A log for failures that repeat: one line at most every ten seconds, with the number held back
/// since. Thread-safe.
public final class QuietLog {
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Logger log;
    private final LongSupplier nanoTime;
    private long heldBack;
    private long nextAt;
    private boolean begun;

    public QuietLog(Logger log) {
        this(log, System::nanoTime);
    }

    QuietLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /// Logs the message, or counts it.
    public void log(Level level, String message) {
        long held = pass();
        if (held == 0) {
            log.atLevel(level).log(message);
        } else if (held > 0) {
            log.atLevel(level)
                    .log(message + " (" + held + " more failures in " + PAUSE.toSeconds() + " s)");
        }
    }

    /// -1 if the line is to be held back, else the number of those that were.
    private synchronized long pass() {
        long now = nanoTime.getAsLong();
        if (begun && now - nextAt < 0) {
            heldBack++;
            return -1;
        }
        begun = true;
        nextAt = now + PAUSE.toNanos();
        long held = heldBack;
        heldBack = 0;
        return held;
    }
}
