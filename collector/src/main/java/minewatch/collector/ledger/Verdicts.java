package minewatch.collector.ledger;

import java.util.Locale;
import minewatch.feed.v1.Verdict;

/// Verdicts as the ledger stores and ranks them.
///
/// The rank orders by how sure it is that somebody at the address mines: a relay or an in-page
/// miner is proof of mining, though not of whose; `possible` is one weak sign and `node` is none.
public final class Verdicts {
    private Verdicts() {}

    /// Name of the contract, lower case.
    public static String name(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    /// 1 (node) to 6 (miner).
    public static int strength(Verdict verdict) {
        return switch (verdict) {
            case MINER -> 6;
            case PROBABLE -> 5;
            case RELAY -> 4;
            case BROWSER -> 3;
            case POSSIBLE -> 2;
            case NODE -> 1;
            case VERDICT_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IllegalArgumentException("verdict: " + verdict);
        };
    }

    /// The verdict of a rank that [#strength(Verdict)] gave.
    public static Verdict ofStrength(int strength) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict != Verdict.VERDICT_UNSPECIFIED
                    && verdict != Verdict.UNRECOGNIZED
                    && strength(verdict) == strength) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("strength: " + strength);
    }

    /// Whether the source IP counts as a miner.
    static boolean mines(Verdict verdict) {
        return verdict == Verdict.MINER
                || verdict == Verdict.PROBABLE
                || verdict == Verdict.BROWSER;
    }
}
