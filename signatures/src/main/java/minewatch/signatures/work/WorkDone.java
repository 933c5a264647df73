package minewatch.signatures.work;

import org.jspecify.annotations.Nullable;

/// Adds up what the shares of a time cost, and says at what rate that was hashed. Mutable, one
/// thread; adding allocates nothing.
public final class WorkDone {
    private static final double MOST = 0x1p256; // hashes; no share costs more

    private long shares;
    private long unknown;
    private double hashes;
    private double squares;

    /// @param shareHashes expected hashes of one share, above 0, at most 2^256; with any other
    ///   value, as NaN, it is a share of unknown difficulty, and counts like the mean of the others
    public void add(double shareHashes) {
        if (shareHashes > 0 && shareHashes <= MOST) {
            shares++;
            hashes += shareHashes;
            squares += shareHashes * shareHashes;
        } else {
            unknown++;
        }
    }

    /// Adds another's shares to these.
    public void add(WorkDone other) {
        shares += other.shares;
        unknown += other.unknown;
        hashes += other.hashes;
        squares += other.squares;
    }

    /// The same shares, where each costs `factor` times as much.
    public WorkDone times(double factor) {
        WorkDone scaled = new WorkDone();
        scaled.shares = shares;
        scaled.unknown = unknown;
        scaled.hashes = hashes * factor;
        scaled.squares = squares * factor * factor;
        return scaled;
    }

    public void clear() {
        shares = 0;
        unknown = 0;
        hashes = 0;
        squares = 0;
    }

    /// Shares, of known and unknown difficulty.
    public long shares() {
        return shares + unknown;
    }

    /// Expected hashes of all of them; 0 where no difficulty is known.
    public double hashes() {
        return shares == 0 ? 0 : hashes * shares() / shares;
    }

    /// The rate over `seconds`; null where no share of known difficulty was seen or no time passed,
    /// for then there is no estimate.
    ///
    /// Shares of unlike difficulty count as (ΣH)²/ΣH² shares of their mean work.
    public @Nullable Rate rate(double seconds) {
        if (shares == 0 || !(seconds > 0)) {
            return null;
        }
        double known = Math.min((double) shares, hashes / squares * hashes);
        double effective = known * shares() / shares;
        PoissonInterval interval = PoissonInterval.of(effective);
        double best = hashes() / seconds;
        return new Rate(
                best * (interval.low() / effective),
                best,
                best * (interval.high() / effective),
                shares(),
                effective,
                seconds);
    }
}
