package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minewatch.sensor.inspect.endpoint.KnownPool;
import minewatch.sensor.inspect.shape.Shape;
import minewatch.signatures.Weights;
import org.jspecify.annotations.Nullable;

/// Weighs what is known of a session that cannot be read. Of each independence group the strongest
/// counts. It is `possible` at most, unless something that is not the session's own shape speaks
/// for mining too: a known pool, the block clock of other sessions, or a miner in the clear at the
/// same source. More than `probable` it never is.
final class Judgement {
    private static final double CLEAR_STEP = 2; // log-odds from which on the block clock convinces

    private final Weights weights;
    private final long nowNanos;
    private final boolean minerIsOriginator;
    private final List<Finding.Evidence> evidence = new ArrayList<>();
    private final Map<String, Double> strongest = new HashMap<>();
    private boolean endpoint;
    private boolean shares;
    private boolean witness;

    Judgement(Weights weights, long nowNanos, boolean minerIsOriginator) {
        this.weights = weights;
        this.nowNanos = nowNanos;
        this.minerIsOriginator = minerIsOriginator;
    }

    List<Finding.Evidence> evidence() {
        return List.copyOf(evidence);
    }

    Verdict verdict() {
        return Verdict.of(sum(), most());
    }

    double confidence() {
        return Verdict.confidence(sum(), most());
    }

    /// A pool's name that one side said.
    void name(@Nullable KnownPool pool, String id, double weight, String fingerprint) {
        if (pool != null) {
            endpoint = true;
            add(id, weight, pool.host() + " " + fingerprint, id.equals("endpoint.sni"));
        }
    }

    /// A pool known by the address.
    void address(@Nullable KnownPool pool) {
        if (pool != null) {
            endpoint = true;
            boolean learned = pool.by().contains("dns");
            String id = learned ? "endpoint.dns" : "endpoint.address";
            add(id, weights.get(id).weight(), pool.host(), true);
        }
    }

    /// Only a shape that has shares.
    ///
    /// @param inStep log-odds that its jobs follow the block clock
    void shape(Shape shape, double inStep) {
        shares = true;
        add(
                "shape.shares",
                String.format(
                        Locale.ROOT,
                        "%d messages of up to %d bytes in %.0f s, %d answered by up to %d",
                        shape.shares(),
                        shape.shareSize(),
                        shape.seconds(),
                        shape.answered(),
                        shape.replySize()));
        if (shape.isRandom()) {
            add(
                    "shape.random",
                    String.format(
                            Locale.ROOT,
                            "of two gaps the smaller is %.2f of the greater",
                            shape.evenness()));
        }
        if (shape.hasJobs()) {
            add("shape.jobs", shape.jobs() + " larger messages unasked", false);
        }
        if (inStep > 0) {
            witness |= inStep >= CLEAR_STEP && shape.hasJobs();
            add("shape.blocks", inStep, "in step with new blocks", false);
        }
    }

    /// @param dialect what the same source speaks in the clear; empty if nothing
    void leak(String dialect) {
        if (!dialect.isEmpty()) {
            witness = true;
            add("shape.leak", "beside " + dialect + " in the clear");
        }
    }

    void hello(boolean bare, @Nullable String client, String fingerprint) {
        if (client != null) {
            add("tls.known", client + " " + fingerprint);
        } else if (bare) {
            add("tls.bare", fingerprint);
        }
    }

    private Verdict most() {
        return shares && (endpoint || witness) ? Verdict.PROBABLE : Verdict.POSSIBLE;
    }

    private double sum() {
        return strongest.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private void add(String id, String excerpt) {
        add(id, weights.get(id).weight(), excerpt, true);
    }

    private void add(String id, String excerpt, boolean byMiner) {
        add(id, weights.get(id).weight(), excerpt, byMiner);
    }

    private void add(String id, double weight, String excerpt, boolean byMiner) {
        strongest.merge(weights.get(id).group(), weight, Math::max);
        evidence.add(
                new Finding.Evidence(
                        id, 1, weight, 1, nowNanos, byMiner == minerIsOriginator, excerpt.strip()));
    }
}
