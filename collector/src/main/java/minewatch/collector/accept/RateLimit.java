package minewatch.collector.accept;

import java.util.concurrent.TimeUnit;

/// So many a second in the long run, and as many at once: a bucket that fills at a steady rate. Any
/// thread.
final class RateLimit {
    private final int perSecond;
    private final long intervalNanos;
    private long fullAtNanos; // when the bucket is full again

    RateLimit(int perSecond) {
        this.perSecond = perSecond;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.fullAtNanos = System.nanoTime();
    }

    boolean tryAcquire() {
        return tryAcquire(System.nanoTime());
    }

    synchronized boolean tryAcquire(long now) {
        long full = fullAtNanos - now > 0 ? fullAtNanos : now;
        if (full - now > (perSecond - 1) * intervalNanos) {
            return false;
        }
        fullAtNanos = full + intervalNanos;
        return true;
    }
}
