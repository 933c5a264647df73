package minewatch.collector.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.PowerWatts;
import org.jspecify.annotations.Nullable;

/// What one source IP adds to one project, folded from its hits. Folding hits in several portions
/// and merging those in the database gives the same as folding all at once.
///
/// - Estimates (hashrate, power) are rates: the latest one counts, they are never added up over
///   time.
/// - Sessions overlap between intervals: the most seen in one interval counts.
final class SourceTotals {
    long hits;
    long firstSeenNanos = Long.MAX_VALUE;
    long lastSeenNanos = Long.MIN_VALUE;
    int strength;
    double confidence;
    boolean mines;
    int sessions;
    final TreeSet<String> protocols = new TreeSet<>();
    long powerSeenNanos;
    @Nullable PowerWatts power;
    final Map<String, Estimate> hashrates = new HashMap<>();

    /// The latest estimate for one algorithm and unit.
    record Estimate(String algorithm, long seenNanos, Hashrate rate) {}

    void add(Hit hit) {
        hits++;
        firstSeenNanos = Math.min(firstSeenNanos, hit.getFirstSeenNanos());
        lastSeenNanos = Math.max(lastSeenNanos, hit.getLastSeenNanos());
        int hitStrength = Verdicts.strength(hit.getVerdict());
        if (hitStrength > strength) {
            strength = hitStrength;
            confidence = hit.getConfidence();
        } else if (hitStrength == strength) {
            confidence = Math.max(confidence, hit.getConfidence());
        }
        mines |= Verdicts.mines(hit.getVerdict());
        sessions = Math.max(sessions, hit.getSessions());
        protocols.addAll(hit.getProtocolsList());
        if (hit.hasPowerWatts() && (power == null || hit.getLastSeenNanos() >= powerSeenNanos)) {
            power = hit.getPowerWatts();
            powerSeenNanos = hit.getLastSeenNanos();
        }
        hit.getHashrateMap().forEach((algorithm, rate) -> add(algorithm, rate, hit));
    }

    private void add(String algorithm, Hashrate rate, Hit hit) {
        var estimate = new Estimate(algorithm, hit.getLastSeenNanos(), rate);
        hashrates.merge(
                algorithm + " " + rate.getUnit(),
                estimate,
                (old, latest) -> latest.seenNanos() >= old.seenNanos() ? latest : old);
    }
}
