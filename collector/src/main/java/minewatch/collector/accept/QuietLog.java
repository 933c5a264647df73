package minewatch.collector.accept;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// Logs at most one line every 10 seconds and says how many it held back: what a peer does wrong,
/// it may do very often. Safe for any number of threads.
final class QuietLog {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private boolean spoken;
    private long spokenAtNanos;
    private long heldBack;

    QuietLog(Logger log) {
        this.log = log;
    }

    synchronized void warn(String message) {
        long now = System.nanoTime();
        if (spoken && now - spokenAtNanos < INTERVAL_NANOS) {
            heldBack++;
            return;
        }
        log.warn(heldBack == 0 ? "{}" : "{} ({} more in 10 s)", message, heldBack);
        spoken = true;
        spokenAtNanos = now;
        heldBack = 0;
    }
}
