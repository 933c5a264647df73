package minewatch.sensor.inspect;

/// The bytes all sessions of one worker may hold back together: unfinished messages and segments
/// that came before their turn. A flow that asks for more than is left loses what it held. What was
/// lost, for this or another reason, is counted here.
///
/// - **Thread:** the worker's own.
final class BufferBudget {
    private final long limitBytes;
    private long usedBytes;
    private final CheckBudget checks = new CheckBudget(this);
    private long refusals;
    private long tooLong;
    private long compressed;

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

    /// Reserves only what leaves half of the budget to others; a refusal is not counted here.
    boolean reserveSpare(int bytes) {
        if (usedBytes + bytes > limitBytes / 2) {
            return false;
        }
        usedBytes += bytes;
        return true;
    }

    /// What recomputing shares may cost.
    CheckBudget checks() {
        return checks;
    }

    void release(int bytes) {
        usedBytes -= bytes;
    }

    /// A message was longer than any that is held back.
    void countTooLong() {
        tooLong++;
    }

    /// A WebSocket message was compressed (RFC 7692) and not read.
    void countCompressed() {
        compressed++;
    }

    long usedBytes() {
        return usedBytes;
    }

    /// Messages and segments given up because all flows together held too much.
    long refusals() {
        return refusals;
    }

    long tooLong() {
        return tooLong;
    }

    long compressed() {
        return compressed;
    }
}
