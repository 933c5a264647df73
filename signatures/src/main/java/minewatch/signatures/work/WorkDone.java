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
    ///   value, as NaN, it is a share of unknown difficulty
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

    /// Forgets the shares of unknown difficulty.
    ///
    /// @return whether there were any
    public boolean dropUnknown() {
        boolean any = unknown > 0;
        unknown = 0;
        return any;
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

    /// Expected hashes of those of known difficulty.
    public double hashes() {
        return hashes;
    }

    /// The rate over `seconds`; null where no share of known difficulty was seen or no time passed,
    /// for then there is no estimate.
    ///
    /// Shares of unlike difficulty count as (ΣH)²/ΣH² shares of their mean work. One of unknown
    /// difficulty counts like the mean of the others, and not at all in the lower bound.
    public @Nullable Rate rate(double seconds) {
        if (shares == 0 || !(seconds > 0)) {
            return null;
        }
        double effective = Math.min((double) shares, hashes / squares * hashes);
        PoissonInterval interval = PoissonInterval.of(effective);
        double known = hashes / seconds;
        double best = known * shares() / shares;
        return new Rate(
                known * (interval.low() / effective),
                best,
                best * (interval.high() / effective),
                shares(),
                effective,
                seconds);
    }
}
