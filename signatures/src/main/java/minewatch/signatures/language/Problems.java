package minewatch.signatures.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects the problems of one file, so that all are told at once.
final class Problems {
    private static final int MAX_PROBLEMS = 100;
    private static final int MAX_VALUE = 80; // characters shown of what was found

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    List<Problem> found() {
        return found;
    }

    void add(Yaml.Node at, String name, String value, String expected) {
        add(at.line(), at.column(), name, value, expected);
    }

    void add(int line, int column, String name, String value, String expected) {
        if (found.size() < MAX_PROBLEMS) {
            found.add(
                    new Problem(
                            file, line, column, name, Problem.shown(value, MAX_VALUE), expected));
        }
    }

    /// A name that is none of `known`: the rule names the nearest, or all if none is near.
    void unknown(Yaml.Node at, String name, String value, Collection<String> known) {
        add(at, name, value, suggestion(value, known));
    }

    static String suggestion(String value, Collection<String> known) {
        String nearest = nearest(value, known);
        return nearest == null
                ? "one of " + String.join(", ", known)
                : "a known name; did you mean " + nearest + "?";
    }

    private static @Nullable String nearest(String value, Collection<String> known) {
        String best = null;
        int bestDistance = Math.max(2, value.length() / 3) + 1;
        if (value.length() <= MAX_VALUE) {
            for (String candidate : known) {
                int distance = distance(value, candidate);
                if (distance < bestDistance) {
                    best = candidate;
                    bestDistance = distance;
                }
            }
        }
        return best;
    }

    /// Levenshtein distance.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], above) + 1, diagonal + change);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
