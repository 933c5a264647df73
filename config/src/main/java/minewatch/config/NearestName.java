package minewatch.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what the user probably meant.
public final class NearestName {
    private static final int LONGEST =
            100; // characters; longer names are never a slip of the finger

    private NearestName() {}

    /// The known name with the fewest single-character edits (insert, delete, replace, swap of two
    /// neighbours) from the unknown one, if it is near enough to be a slip: at most a third of its
    /// length, and one edit at least.
    public static Optional<String> of(String unknown, Collection<String> known) {
        if (unknown.length() > LONGEST) {
            return Optional.empty();
        }
        int limit = Math.max(1, unknown.length() / 3);
        return known.stream()
                .filter(name -> Math.abs(name.length() - unknown.length()) <= limit)
                .min(
                        Comparator.<String>comparingInt(name -> edits(unknown, name))
                                .thenComparing(Comparator.naturalOrder()))
                .filter(name -> edits(unknown, name) <= limit);
    }

    /// Optimal string alignment distance, case ignored.
    static int edits(String left, String right) {
        String a = left.toLowerCase(java.util.Locale.ROOT);
        String b = right.toLowerCase(java.util.Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(a, b, i, j, cost);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(String a, String b, int i, int j, int[][] cost) {
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replace, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
