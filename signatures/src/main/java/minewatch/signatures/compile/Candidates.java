package minewatch.signatures.compile;

import java.util.List;

/// Templates that a message may fit. Many dialects share the names of their methods, and all of
/// them the shape of a reply: what a [Glance] rules out is held side by side, so that little is
/// left to look at closely.
final class Candidates {
    static final Candidates NONE = new Candidates(List.of());

    private final Compiled[] compiled;
    private final long[] excluded; // Glance#WORDS of each

    Candidates(List<Compiled> candidates) {
        compiled = candidates.toArray(Compiled[]::new);
        excluded = new long[compiled.length * Glance.WORDS];
        for (int i = 0; i < compiled.length; i++) {
            Glance.exclude(compiled[i], excluded, i * Glance.WORDS);
        }
    }

    /// The first candidate from `index` on that a glance does not rule out; −1 if there is none.
    int next(int index, Glance message) {
        for (int i = index; i < compiled.length; i++) {
            if (!isExcluded(i * Glance.WORDS, message.words)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isExcluded(int at, long[] words) {
        long both = 0;
        for (int i = 0; i < Glance.WORDS && both == 0; i++) {
            both = words[i] & excluded[at + i];
        }
        return both != 0;
    }

    Compiled get(int index) {
        return compiled[index];
    }
}
