package minewatch.sensor.inspect;

/// What one dialogue keeps of what it has told: its books and message shapes, or its names. The
/// first bytes are its own, and as many as mining needs; what a dialogue asks for beyond, as one
/// that is made to, comes out of [BufferBudget], which all share.
///
/// - **Thread:** the worker's own.
final class Allowance {
    /// The books that a dialogue of the Bitcoin family opens until it is known which dialect it
    /// speaks: of nine dialects, and 35 message shapes.
    static final int BOOKS = 16 << 10;

    /// Some names in each of these, or fifty of a proxy's workers.
    static final int NAMES = 6 << 10;

    private final BufferBudget budget;
    private final int own;
    private int used;

    /// @param own bytes that are the dialogue's own
    Allowance(BufferBudget budget, int own) {
        this.budget = budget;
        this.own = own;
    }

    /// @return whether so much more may be kept; a refusal is counted
    boolean take(int bytes) {
        int more = excess(used + bytes) - excess(used);
        if (more > 0 && !budget.reserveKept(more)) {
            return false;
        }
        used += bytes;
        return true;
    }

    void give(int bytes) {
        budget.releaseKept(excess(used) - excess(used - bytes));
        used -= bytes;
    }

    /// The dialogue is over.
    void release() {
        give(used);
    }

    private int excess(int bytes) {
        return Math.max(0, bytes - own);
    }
}
