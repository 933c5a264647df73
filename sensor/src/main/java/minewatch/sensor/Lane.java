package minewatch.sensor;

import java.lang.foreign.MemorySegment;
import minewatch.sensor.capture.CaptureCounts;
import minewatch.sensor.capture.FrameHandler;

/// One worker and the books of what it is fed. Several share the traffic of an interface, each on a
/// thread of its own, and nothing else.
///
/// - **Thread:** one, from the first frame to [#finish]; any may ask [#told].
final class Lane implements FrameHandler, AutoCloseable {
    private static final long TELL_EVERY_NANOS = 1_000_000_000;

    /// What a lane has done.
    ///
    /// @param octets on the wire
    /// @param overload what it does without now
    record Told(
            Worker.Counters worker, long octets, CaptureCounts capture, Overload.Level overload) {}

    private final Worker worker;
    private final Overload overload = new Overload();
    private Overload.Level level = Overload.Level.NONE;
    private boolean dropped;
    private long octets;
    private long toldNanos = System.nanoTime();
    private volatile boolean fed;
    private volatile Told told;

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
        told = new Told(worker.counters(), octets, capture, level);
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
    }

    @Override
    public void close() {
        worker.close();
    }
}
