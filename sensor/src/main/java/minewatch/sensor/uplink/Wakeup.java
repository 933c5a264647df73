package minewatch.sensor.uplink;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// A doorbell: those who wait are woken when something may have changed, and once and for all when
/// it is closed. A signal between taking a ticket and waiting is not missed.
public final class Wakeup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long signals;
    private boolean closed;

    /// To be taken before looking whether there is anything to do.
    public long ticket() {
        lock.lock();
        try {
            return signals;
        } finally {
            lock.unlock();
        }
    }

    public void signal() {
        lock.lock();
        try {
            signals++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Returns when there was a signal since the ticket, after the time, or when closed.
    public void await(long ticket, long nanos) throws InterruptedException {
        long until = System.nanoTime() + nanos;
        lock.lock();
        try {
            while (!closed && signals == ticket) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                changed.awaitNanos(Math.min(left, TimeUnit.MINUTES.toNanos(1)));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until something holds that a signal tells of.
    ///
    /// @return false if the time was over first, or this was closed
    public boolean awaitUntil(BooleanSupplier holds, Duration timeout) throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        while (true) {
            long ticket = ticket();
            if (holds.getAsBoolean()) {
                return true;
            }
            long left = until - System.nanoTime();
            if (left <= 0 || isClosed()) {
                return false;
            }
            await(ticket, left);
        }
    }

    /// Waits for so long, whatever is signalled, or until closed.
    public void pause(Duration pause) throws InterruptedException {
        awaitUntil(() -> false, pause);
    }
}
