package minewatch.collector.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.PowerWatts;

/// The work of several hits of one source IP, by one algorithm and as one sensor saw it.
///
/// - Hashes are the rate of a hit times its seconds. ΣH²/n, with n the effective shares of each
///   hit, gives those of the sum: (ΣH)²/Σ(H²/n).
/// - Energy is what the hashes take at the efficiency of the hit's own power band: a narrower rate
///   then gives a narrower band. Only of hits with one algorithm, whose power is all its own.
/// - Time is kept as stretches, for hits of parallel workers cover the same time once.
final class PooledWork {
    private static final double NANOS = 1e9;

    private final List<Stretch> stretches = new ArrayList<>();
    private double hashes;
    private double squares;
    private long shares;
    private double powered;
    private double energyLow;
    private double energyBest;
    private double energyHigh;

    /// Nanoseconds since the Unix epoch.
    private record Stretch(long first, long last) {
        boolean touches(Stretch other) {
            return first <= other.last && other.first <= last;
        }

        Stretch and(Stretch other) {
            return new Stretch(Math.min(first, other.first), Math.max(last, other.last));
        }

        @Override
        public String toString() {
            return "[" + Times.column(first) + "," + Times.column(last) + ")";
        }
    }

    /// Whether a rate rests on shares: one that miners state themselves is no work seen.
    static boolean isWork(Hashrate rate, Hit hit) {
        return rate.getBasis().startsWith("shares")
                && rate.getShares() > 0
                && rate.getLow() > 0
                && seconds(rate, hit) > 0;
    }

    /// @param rate one of the hit's, for which [#isWork] holds
    void add(Hashrate rate, Hit hit) {
        double seconds = seconds(rate, hit);
        double work = rate.getBest() * seconds;
        double effective =
                rate.getEffectiveShares() >= 1
                        ? rate.getEffectiveShares()
                        : (double) rate.getShares();
        hashes += work;
        squares += work * work / effective;
        shares += rate.getShares();
        if (hit.hasPowerWatts() && hit.getHashrateCount() == 1) {
            addEnergy(work, rate, hit.getPowerWatts());
        }
        long last = hit.getLastSeenNanos();
        addStretch(new Stretch(last - (long) (seconds * NANOS), last));
    }

    /// One interval follows the other, mostly.
    private void addStretch(Stretch added) {
        if (!stretches.isEmpty() && stretches.getLast().touches(added)) {
            stretches.set(stretches.size() - 1, stretches.getLast().and(added));
        } else {
            stretches.add(added);
        }
    }

    double hashes() {
        return hashes;
    }

    double squares() {
        return squares;
    }

    long shares() {
        return shares;
    }

    /// Hashes whose energy is known.
    double powered() {
        return powered;
    }

    double energyLow() {
        return energyLow;
    }

    double energyBest() {
        return energyBest;
    }

    double energyHigh() {
        return energyHigh;
    }

    /// As PostgreSQL reads a `tstzmultirange`.
    String seen() {
        return stretches.stream().map(Stretch::toString).collect(Collectors.joining(",", "{", "}"));
    }

    private void addEnergy(double work, Hashrate rate, PowerWatts power) {
        powered += work;
        energyLow += work * power.getLow() / rate.getLow();
        energyBest += work * power.getBest() / rate.getBest();
        energyHigh += work * power.getHigh() / rate.getHigh();
    }

    /// No more than passed between the hit's first and last packet.
    private static double seconds(Hashrate rate, Hit hit) {
        double passed = (double) (hit.getLastSeenNanos() - hit.getFirstSeenNanos()) / NANOS;
        return Math.min(rate.getSeconds(), passed);
    }
}
