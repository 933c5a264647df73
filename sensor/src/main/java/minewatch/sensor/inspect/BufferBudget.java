package minewatch.sensor.inspect;

/// The bytes all sessions of one worker may hold back together: unfinished messages and segments
/// that came before their turn. A flow that asks for more than is left loses what it held, and that
/// is counted.
///
/// - **Thread:** the worker's own.
final class BufferBudget {
    private final long limitBytes;
    private long usedBytes;
    private long refusals;

    BufferBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    boolean reserve(int bytes) {
        if (usedBytes + bytes > limitBytes) {
            refusals++;
            return false;
        }
        usedBytes += bytes;
        return true;
    }

    void release(int bytes) {
        usedBytes -= bytes;
    }

    long usedBytes() {
        return usedBytes;
    }

    long refusals() {
        return refusals;
    }
}
