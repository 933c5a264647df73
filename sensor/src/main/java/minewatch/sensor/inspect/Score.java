package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import minewatch.signatures.Dialect;
import minewatch.signatures.Side;
import minewatch.signatures.Template;

/// The evidence for one dialect in one dialogue, weighed.
///
/// Every message shape carries a weight in log-odds; of those in one independence group only the
/// strongest counts, a little more when it repeats (a message seen twice is not two witnesses). Of
/// peers, who say the same, each is a witness. From the sum goes the prior (mining is rare) and a
/// penalty for a dialogue most of whose messages are foreign to the dialect. What is known to be
/// something else speaks against every dialect, in the same way, but never so much that a miner
/// could hide behind it. A verdict needs its threshold, and proof needs two independent groups or
/// both directions besides (contract of verdicts).
///
/// @param dialect index into the pack
/// @param logOdds evidence and prior, summed
/// @param groups independent groups with a match
/// @param bothDirections whether messages of both sides matched
/// @param messages messages that matched
public record Score(
        int dialect, double logOdds, int groups, boolean bothDirections, long messages) {
    /// Log-odds before any evidence that a flow whose first bytes look like JSON is mining.
    public static final double PRIOR = -7.0;

    /// Nothing that is seen on a wire is certain: whoever wants to can act a miner.
    public static final double MOST = 0.9999;

    public static final double PROOF = 0.99;
    public static final double PROBABLE = 0.9;
    public static final double POSSIBLE = 0.3;
    private static final double REPETITION = 0.3;
    private static final int MAX_DOUBLINGS = 4;
    private static final double MOST_AGAINST = 6.0;
    private static final double FOREIGN_PENALTY = 8.0;
    private static final double FOREIGN_TOLERATED = 0.2;

    static Score of(int dialect, List<Tally> tallies, long messagesInAll) {
        Map<String, Double> strongest = new HashMap<>();
        Map<String, Double> against = new HashMap<>();
        Set<Side> sides = EnumSet.noneOf(Side.class);
        long matched = 0;
        for (Tally tally : tallies) {
            Template template = tally.template;
            if (template.dialect() == dialect) {
                strongest.merge(witness(tally), weight(tally), Math::max);
                sides.add(speaker(tally));
                matched += tally.total;
            } else if (template.weight() < 0) {
                against.merge(template.group(), template.weight(), Math::min);
            }
        }
        double sum = PRIOR;
        for (double weight : strongest.values()) {
            sum += weight;
        }
        sum -= Math.min(MOST_AGAINST, -against.values().stream().mapToDouble(w -> w).sum());
        double foreign = messagesInAll == 0 ? 0 : 1 - Math.min(1, (double) matched / messagesInAll);
        sum -= FOREIGN_PENALTY * Math.max(0, foreign - FOREIGN_TOLERATED);
        return new Score(dialect, sum, strongest.size(), sides.size() > 1, matched);
    }

    /// What counts once, however often it is said: a group; of peers, a group for each of the two.
    private static String witness(Tally tally) {
        Template template = tally.template;
        boolean peer = template.from() == Side.EITHER && tally.fromOriginator;
        return peer ? template.group() + " of originator" : template.group();
    }

    /// Peers are alike, so of two that say the same only the direction tells one from the other.
    private static Side speaker(Tally tally) {
        Side from = tally.template.from();
        return from != Side.EITHER ? from : tally.fromOriginator ? Side.MINER : Side.POOL;
    }

    /// What one message shape adds where it is the strongest of its group.
    static double weight(Tally tally) {
        double doublings = Math.log((double) Math.max(1, tally.total)) / Math.log(2);
        return tally.template.weight() < 2
                ? tally.template.weight()
                : tally.template.weight() + REPETITION * Math.min(MAX_DOUBLINGS, doublings);
    }

    /// 0 to [#MOST], the logistic function of the log-odds.
    public double confidence() {
        return Math.min(MOST, 1 / (1 + Math.exp(-logOdds)));
    }

    public boolean isProof() {
        return confidence() >= PROOF && (groups >= 2 || bothDirections);
    }

    /// @param claim of the dialect: what proof of it is proof of. Short of proof, a coin's peer is
    ///   nothing, as it is no suspicion of mining.
    public Verdict verdict(Dialect.Claim claim) {
        return switch (claim) {
            case NODE -> isProof() ? Verdict.NODE : Verdict.NONE;
            case MINER -> isProof() ? Verdict.MINER : suspicion();
            case RELAY -> isProof() ? Verdict.RELAY : suspicion();
            case BROWSER -> isProof() ? Verdict.BROWSER : suspicion();
            case PROBABLE -> suspicion();
            case POSSIBLE -> suspicion() == Verdict.NONE ? Verdict.NONE : Verdict.POSSIBLE;
            case NONE -> Verdict.NONE;
        };
    }

    private Verdict suspicion() {
        if (confidence() >= PROBABLE) {
            return Verdict.PROBABLE;
        }
        return confidence() >= POSSIBLE ? Verdict.POSSIBLE : Verdict.NONE;
    }

    /// What proof would still need, for people.
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (confidence() < PROOF) {
            missing.add(
                    String.format(
                            Locale.ROOT,
                            "log-odds %.1f (expected: at least %.1f)",
                            logOdds,
                            Math.log(PROOF / (1 - PROOF))));
        }
        if (groups < 2 && !bothDirections) {
            missing.add("a second independent field or direction");
        }
        return missing;
    }
}
