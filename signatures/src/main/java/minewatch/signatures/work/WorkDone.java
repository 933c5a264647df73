package minewatch.signatures.work;

import org.jspecify.annotations.Nullable;

/// Adds up what the shares of a time cost, and says at what rate that was hashed. Mutable, one
/// thread; adding allocates nothing.
public final class WorkDone {
    private static final double MOST = 0x1p256; // hashes; no share costs more

    private long shares;
    private double hashes;
    private double squares;

    /// @param shareHashes expected hashes of one share, above 0, at most 2^256; others are ignored,
    ///   since nothing can be said of a share whose difficulty is not known
    public void add(double shareHashes) {
        if (shareHashes > 0 && shareHashes <= MOST) {
            shares++;
            hashes += shareHashes;
            squares += shareHashes * shareHashes;
        }
    }

    /// Adds another's shares to these.
    public void add(WorkDone other) {
        shares += other.shares;
        hashes += other.hashes;
        squares += other.squares;
    }

    public void clear() {
        shares = 0;
        hashes = 0;
        squares = 0;
    }

    /// Shares that count.
    public long shares() {
        return shares;
    }

    /// Expected hashes of all of them.
    public double hashes() {
        return hashes;
    }

    /// The rate over `seconds`; null where no share was seen or no time passed, for then there is
    /// no estimate.
    ///
    /// Shares of unlike difficulty count as (ΣH)²/ΣH² shares of their mean work.
    public @Nullable Rate rate(double seconds) {
        if (shares == 0 || !(seconds > 0)) {
            return null;
        }
        double effective = Math.min((double) shares, hashes / squares * hashes);
        PoissonInterval interval = PoissonInterval.of(effective);
        double best = hashes / seconds;
        return new Rate(
                best * (interval.low() / effective),
                best,
                best * (interval.high() / effective),
                shares,
                seconds);
    }
}
