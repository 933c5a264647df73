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
    record Told(Worker.Counters worker, long octets, CaptureCounts capture) {}

    private final Worker worker;
    private long octets;
    private long toldNanos = System.nanoTime();
    private volatile boolean fed;
    private volatile Told told;

    Lane(Worker worker) {
        this.worker = worker;
        told = new Told(worker.counters(), 0, CaptureCounts.NONE);
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

    /// Often enough for a heartbeat, and seldom enough to cost the packets nothing.
    boolean isTellingDue() {
        return System.nanoTime() - toldNanos >= TELL_EVERY_NANOS;
    }

    /// Makes the books public.
    void tell(CaptureCounts capture) {
        toldNanos = System.nanoTime();
        told = new Told(worker.counters(), octets, capture);
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
