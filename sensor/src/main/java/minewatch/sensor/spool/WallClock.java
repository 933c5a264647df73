package minewatch.sensor.spool;

import java.time.Instant;
import java.util.function.LongSupplier;

/// The time of day, watched by a clock that nobody sets: a jump between two readings is told, since
/// a hit must be joined with logs of other machines. Not thread-safe.
final class WallClock {
    private static final long NANOS = 1_000_000_000L;

    /// Less is measurement and slewing: NTP turns a clock by at most 500 ppm.
    private static final long LEAST_JUMP = NANOS;

    private static final long SLEW = 1000; // one part in so many

    private final LongSupplier wall;
    private final LongSupplier monotonic;
    private long lastWall;
    private long lastMonotonic;

    /// @param wallNanos since the Unix epoch
    /// @param jumpNanos how far the clock was set since the reading before; 0: it was not
    record Reading(long wallNanos, long jumpNanos) {}

    WallClock() {
        this(WallClock::systemNanos, System::nanoTime);
    }

    WallClock(LongSupplier wall, LongSupplier monotonic) {
        this.wall = wall;
        this.monotonic = monotonic;
        this.lastWall = wall.getAsLong();
        this.lastMonotonic = monotonic.getAsLong();
    }

    Reading read() {
        long wallNow = wall.getAsLong();
        long monotonicNow = monotonic.getAsLong();
        long passed = monotonicNow - lastMonotonic;
        long jump = wallNow - lastWall - passed;
        lastWall = wallNow;
        lastMonotonic = monotonicNow;
        return new Reading(wallNow, Math.abs(jump) > LEAST_JUMP + passed / SLEW ? jump : 0);
    }

    private static long systemNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NANOS + now.getNano();
    }
}
