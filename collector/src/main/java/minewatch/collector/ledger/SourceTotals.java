package minewatch.collector.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.PowerWatts;
import minewatch.feed.v1.Verdict;
import org.jspecify.annotations.Nullable;

/// What one source IP adds to one project, folded from its hits. Folding hits in several portions
/// and merging those in the database gives the same as folding all at once.
///
/// - Work is added up by the hour; a report makes rates of it.
/// - Power is a rate: the latest counts.
/// - Sessions overlap between intervals, and so do miners: the most seen in one interval counts.
final class SourceTotals {
    long hits;
    long firstSeenNanos = Long.MAX_VALUE;
    long lastSeenNanos = Long.MIN_VALUE;
    int strength;
    double confidence;
    boolean mines;
    int sessions;
    int miners; // behind the address, at least; 0: no hit says
    final TreeSet<String> protocols = new TreeSet<>();
    long powerSeenNanos;
    @Nullable PowerWatts power;
    final SortedMap<WorkKey, PooledWork> work = new TreeMap<>();

    /// What work is added up by; in the order of the table's key, for every transaction alike.
    record WorkKey(String algorithm, String unit, String sensor, Instant hour)
            implements Comparable<WorkKey> {
        private static final Comparator<WorkKey> ORDER =
                Comparator.comparing(WorkKey::algorithm)
                        .thenComparing(WorkKey::unit)
                        .thenComparing(WorkKey::sensor)
                        .thenComparing(WorkKey::hour);

        @Override
        public int compareTo(WorkKey other) {
            return ORDER.compare(this, other);
        }
    }

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
        if (Verdicts.mines(hit.getVerdict()) || hit.getVerdict() == Verdict.RELAY) {
            miners = Math.max(miners, hit.getMiners());
        }
        protocols.addAll(hit.getProtocolsList());
        if (hit.hasPowerWatts() && (power == null || hit.getLastSeenNanos() >= powerSeenNanos)) {
            power = hit.getPowerWatts();
            powerSeenNanos = hit.getLastSeenNanos();
        }
        hit.getHashrateMap().forEach((algorithm, rate) -> add(algorithm, rate, hit));
    }

    private void add(String algorithm, Hashrate rate, Hit hit) {
        if (PooledWork.isWork(rate, hit)) {
            Instant hour = Times.instant(hit.getLastSeenNanos()).truncatedTo(ChronoUnit.HOURS);
            var key = new WorkKey(algorithm, rate.getUnit(), hit.getSensor(), hour);
            work.computeIfAbsent(key, absent -> new PooledWork()).add(rate, hit);
        }
    }
}
