package minewatch.sensor.inspect;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import minewatch.signatures.Dialect;
import minewatch.signatures.Template;
import minewatch.signatures.coinbase.PoolTable;

/// What recomputing shares may cost all sessions of one worker together, so that a flood of
/// dialogues that look like mining slows nothing: [#MICROS_PER_SECOND] of work a second of packet
/// time, and of the bytes of [BufferBudget] what leaves half of them to messages.
///
/// - **Thread:** the worker's own.
final class CheckBudget {
    static final int SHA256D_MICROS = 50;
    static final int SCRYPT_MICROS = 1_000;
    static final long MICROS_PER_SECOND = 20_000; // 2 % of a core
    static final long MOST_MICROS = 500_000;

    private final BufferBudget buffers;
    private final PoolTable pools = PoolTable.builtIn();
    private final Map<Integer, Optional<Template>> proofs = new HashMap<>();
    private double micros = MOST_MICROS;
    private long latestNanos = Long.MIN_VALUE;
    private long refusals;
    private boolean paused;
    private long skipped;

    CheckBudget(BufferBudget buffers) {
        this.buffers = buffers;
    }

    /// Pools by their coinbase transactions.
    PoolTable pools() {
        return pools;
    }

    /// What a recomputed share is evidence of; empty in a dialect whose shares cannot be hashed
    /// again. Found out once for all dialogues.
    ///
    /// @param index of the dialect in the pack
    Optional<Template> proof(Dialect dialect, int index) {
        return proofs.computeIfAbsent(index, _ -> ShareCheck.proof(dialect, index));
    }

    /// @param nanos packet time
    boolean spend(int cost, long nanos) {
        if (paused) {
            skipped++;
            return false;
        }
        if (latestNanos == Long.MIN_VALUE) {
            latestNanos = nanos;
        } else if (nanos > latestNanos) {
            double earned = (nanos - latestNanos) / 1e9 * MICROS_PER_SECOND;
            micros = Math.min(MOST_MICROS, micros + earned);
            latestNanos = nanos;
        }
        if (micros < cost) {
            refusals++;
            return false;
        }
        micros -= cost;
        return true;
    }

    /// Whether nothing is to be spent for now: a share is then not recomputed, and later ones are.
    void pause(boolean paused) {
        this.paused = paused;
    }

    /// Shares not recomputed since it was paused.
    long skipped() {
        return skipped;
    }

    boolean keep(int bytes) {
        boolean fits = buffers.reserveSpare(bytes);
        refusals += fits ? 0 : 1;
        return fits;
    }

    void release(int bytes) {
        buffers.release(bytes);
    }

    /// Jobs not kept and shares not recomputed because it would have cost too much.
    long refusals() {
        return refusals;
    }
}
