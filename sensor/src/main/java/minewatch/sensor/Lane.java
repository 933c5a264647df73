package minewatch.sensor;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import minewatch.sensor.capture.CaptureCounts;
import minewatch.sensor.capture.FrameHandler;
import org.jspecify.annotations.Nullable;

/// One worker and the books of what it is fed; another may take over. Several share the traffic of
/// an interface, each on a thread of its own, and nothing else.
///
/// - **Thread:** one, from the first frame to [#finish]; any may ask [#told].
final class Lane implements FrameHandler, AutoCloseable {
    private static final long TELL_EVERY_NANOS = 1_000_000_000;
    private static final long CHANGE_WITHIN_NANOS = Duration.ofMinutes(10).toNanos();

    /// What a lane has done.
    ///
    /// @param octets on the wire
    /// @param overload what it does without now
    record Told(
            Worker.Counters worker, long octets, CaptureCounts capture, Overload.Level overload) {}

    private Worker worker;
    private Worker.Counters before = Worker.Counters.NOTHING; // of workers that have left
    private @Nullable RuntimeException faultBefore; // of the last that has left
    private final Overload overload = new Overload();
    private Overload.Level level = Overload.Level.NONE;
    private boolean dropped;
    private long octets;
    private long toldNanos = System.nanoTime();
    private boolean finished; // guarded by this
    private long changeSeenNanos;
    private long changeSeenIntervals = -1; // no change is waited for
    private volatile @Nullable Successor successor;
    private volatile boolean fed;
    private volatile Told told;

    private record Successor(Worker worker, Handover handover) {}

    Lane(Worker worker) {
        this.worker = worker;
        told = new Told(worker.counters(), 0, CaptureCounts.NONE, level);
    }

    @Override
    public void onFrame(
            MemorySegment block,
            long offset,
            int capturedLength,
            int wireLength,
            long timestampNanos,
            int linkType) {
        octets += wireLength;
        worker.onFrame(block, offset, capturedLength, wireLength, timestampNanos, linkType);
    }

    @Override
    public void onBatchEnd() {
        worker.onBatchEnd();
    }

    @Override
    public void onSilence(long nowNanos) {
        worker.onSilence(nowNanos);
    }

    /// Has another worker take over at the end of the interval, so that each hit is of one worker,
    /// or after ten minutes. Flows begin anew there: what goes on is recognised midway. From any
    /// thread.
    synchronized void succeed(Worker next, Handover handover) {
        if (finished) { // and will not change any more
            next.close();
            return;
        }
        successor = new Successor(next, handover);
    }

    /// To be asked often, but not for each packet.
    void changeIfDue() {
        Successor next = successor;
        if (next == null) {
            return;
        }
        long now = System.nanoTime();
        if (changeSeenIntervals < 0) {
            changeSeenIntervals = worker.intervals();
            changeSeenNanos = now;
        }
        if (worker.packets() == 0
                || worker.intervals() > changeSeenIntervals
                || now - changeSeenNanos > CHANGE_WITHIN_NANOS) {
            change(next, now);
        }
    }

    private void change(Successor next, long beganNanos) {
        worker.finish();
        before = before.plus(worker.counters());
        faultBefore = worker.takeFault();
        worker.close();
        worker = next.worker();
        worker.spare(level);
        changeSeenIntervals = -1;
        successor = null;
        next.handover().done(System.nanoTime() - beganNanos);
    }

    /// How far the worker is behind: what it does without follows from that.
    ///
    /// @param backlog share of the capture's buffer that waits to be read, 0 to 1
    /// @return whether that has changed
    boolean keepUp(double backlog) {
        Overload.Level next = overload.next(backlog, dropped, System.nanoTime());
        dropped = false;
        if (next == level) {
            return false;
        }
        level = next;
        worker.spare(next);
        return true;
    }

    /// What the worker does without now.
    Overload.Level overload() {
        return level;
    }

    /// Often enough for a heartbeat, and seldom enough to cost the packets nothing.
    boolean isTellingDue() {
        return System.nanoTime() - toldNanos >= TELL_EVERY_NANOS;
    }

    /// Makes the books public.
    void tell(CaptureCounts capture) {
        toldNanos = System.nanoTime();
        dropped |= capture.kernelDrops() > told.capture().kernelDrops();
        told = new Told(before.plus(worker.counters()), octets, capture, level);
    }

    /// See [Worker#takeFault].
    @Nullable RuntimeException takeFault() {
        RuntimeException earlier = faultBefore;
        faultBefore = null;
        RuntimeException fault = worker.takeFault();
        return fault != null ? fault : earlier;
    }

    /// From now on what passes the interface comes here.
    void feeds() {
        fed = true;
    }

    /// Whether it does.
    boolean isFed() {
        return fed;
    }

    /// As of the last [#tell].
    Told told() {
        return told;
    }

    /// No more frames: what was found is handed on.
    void finish() {
        worker.finish();
        tell(told.capture());
        dismissSuccessor();
    }

    private synchronized void dismissSuccessor() {
        finished = true;
        Successor next = successor;
        if (next != null) {
            successor = null;
            next.worker().close();
        }
    }

    @Override
    public void close() {
        dismissSuccessor();
        worker.close();
    }
}
