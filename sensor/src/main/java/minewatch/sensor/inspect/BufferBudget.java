package minewatch.sensor.inspect;

/// The bytes all sessions of one worker may hold back together: unfinished messages, segments that
/// came before their turn, and what dialogues tell beyond the usual. A flow that asks for more than
/// is left loses what it held. What was lost, for this or another reason, is counted here.
///
/// - **Thread:** the worker's own.
final class BufferBudget {
    private final long limitBytes;
    private long usedBytes;
    private long keptBytes; // of those
    private final CheckBudget checks = new CheckBudget(this);
    private long refusals;
    private long refusedKeeps;
    private long tooLong;
    private long unreadable;
    private long bombs;
    private long lost;
    private long cut;

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

    /// For what a dialogue keeps beyond its [Allowance]: a quarter of the budget at most.
    boolean reserveKept(int bytes) {
        if (keptBytes + bytes > limitBytes / 4 || usedBytes + bytes > limitBytes) {
            refusedKeeps++;
            return false;
        }
        usedBytes += bytes;
        keptBytes += bytes;
        return true;
    }

    void releaseKept(int bytes) {
        usedBytes -= bytes;
        keptBytes -= bytes;
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

    /// Compressed bytes could not be read: damaged, or they refer to what was not seen.
    void countUnreadable() {
        unreadable++;
    }

    /// Compressed bytes unfolded into far more than mining has to say.
    void countBomb() {
        bombs++;
    }

    /// A hole in a direction was given up: the tap missed what the receiver got.
    void countLost() {
        lost++;
    }

    /// The capture holds only the start of a segment.
    void countCut() {
        cut++;
    }

    long lost() {
        return lost;
    }

    long cut() {
        return cut;
    }

    long usedBytes() {
        return usedBytes;
    }

    /// Messages and segments given up because all flows together held too much.
    long refusals() {
        return refusals;
    }

    /// What dialogues told and was not kept, because all of them together kept too much.
    long refusedKeeps() {
        return refusedKeeps;
    }

    long tooLong() {
        return tooLong;
    }

    long unreadable() {
        return unreadable;
    }

    long bombs() {
        return bombs;
    }
}
