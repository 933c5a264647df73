package minewatch.sensor.inspect.endpoint;

import minewatch.sensor.inspect.Finding;
import minewatch.sensor.inspect.Verdict;
import minewatch.signatures.Weights;
import minewatch.signatures.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/// A source that asked for a pool's name, or began to connect to a pool's address, and how often
/// since the last report.
final class Sighting {
    final Clue clue;
    final long sourceHigh;
    final long sourceLow;
    private final Endpoint endpoint;
    private final String name;
    private final long firstNanos;
    long poolHigh;
    long poolLow;
    int poolPort;
    long lastNanos;
    long count;
    boolean byBrowser;

    /// @param name the name that was asked for, lower case; empty if it was an address
    Sighting(
            Clue clue,
            long sourceHigh,
            long sourceLow,
            Endpoint endpoint,
            String name,
            long nanos) {
        this.clue = clue;
        this.sourceHigh = sourceHigh;
        this.sourceLow = sourceLow;
        this.endpoint = endpoint;
        this.name = name;
        this.firstNanos = nanos;
        this.lastNanos = nanos;
    }

    /// Both together: the name is that of the earlier, the pool's address that of the later.
    Sighting and(Sighting other) {
        boolean first =
                firstNanos != other.firstNanos
                        ? firstNanos < other.firstNanos
                        : name.compareTo(other.name) <= 0;
        Sighting earlier = first ? this : other;
        Sighting later = lastNanos > other.lastNanos ? this : other;
        Sighting both =
                new Sighting(
                        clue, sourceHigh, sourceLow, endpoint, earlier.name, earlier.firstNanos);
        both.poolHigh = later.poolHigh;
        both.poolLow = later.poolLow;
        both.poolPort = later.poolPort;
        both.lastNanos = later.lastNanos;
        both.count = count + other.count;
        both.byBrowser = byBrowser || other.byBrowser;
        return both;
    }

    /// What it amounts to: `possible`, or null where it is too little.
    @Nullable Finding finding(Weights weights) {
        double weight = weight(endpoint, clue, weights);
        Verdict verdict = Verdict.of(weight, Verdict.POSSIBLE);
        if (verdict == Verdict.NONE) {
            return null;
        }
        Finding.Evidence evidence =
                new Finding.Evidence(
                        clue.evidence(), 1, weight, count, firstNanos, true, excerpt());
        return Finding.ofEndpoint(
                new Finding.Parties(0, sourceHigh, sourceLow, 0, poolHigh, poolLow, poolPort, true),
                verdict,
                Verdict.confidence(weight, Verdict.POSSIBLE),
                evidence,
                firstNanos,
                lastNanos,
                KnownPool.of(endpoint, name, clue));
    }

    /// What a clue to this endpoint weighs, with what is to be said against the row.
    static double weight(Endpoint endpoint, Clue clue, Weights weights) {
        double weight = weights.get(clue.evidence()).weight();
        if (endpoint.has(Endpoint.Flag.UNVERIFIED)) {
            weight += weights.get("endpoint.unverified").weight();
        }
        if (endpoint.has(Endpoint.Flag.SHARED) && clue == Clue.ADDRESS) {
            weight += weights.get("endpoint.shared").weight();
        }
        return weight;
    }

    private String excerpt() {
        return (name.isEmpty() ? endpoint.host() : name) + " (" + endpoint.source() + ")";
    }
}
