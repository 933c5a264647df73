package minewatch.sensor;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// The change of all lanes to new workers, each at its own time.
///
/// - **Thread:** any.
final class Handover {
    private final CountDownLatch open;
    private final AtomicLong longestNanos = new AtomicLong();

    Handover(int lanes) {
        open = new CountDownLatch(lanes);
    }

    /// A lane has its new worker.
    ///
    /// @param nanos how long no packet was looked at; the capture's buffer held them meanwhile
    void done(long nanos) {
        longestNanos.accumulateAndGet(nanos, Math::max);
        open.countDown();
    }

    /// Returns when all lanes have; never, if one ended before.
    void await() throws InterruptedException {
        open.await();
    }

    /// Of the lane that took longest.
    long longestNanos() {
        return longestNanos.get();
    }
}
