package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Distinct names a dialogue has told (agents, accounts, workers), in order of appearance, bounded
/// in number and length: they are foreign text. The hash of the latest name saves making a string
/// of each repetition.
final class Names {
    static final int MAX_NAMES = 256;
    static final int MAX_LENGTH = 128;

    private final List<String> names = new ArrayList<>(1); // few: a search is as good as a hash
    private long latest;

    /// @return whether a name with this hash may be new, so that it is worth making a string
    boolean isNew(long hash) {
        if (hash == 0 || hash == latest) {
            return false;
        }
        latest = hash;
        return names.size() < MAX_NAMES;
    }

    /// See [Session#touch(boolean, int)].
    long touch() {
        return latest;
    }

    void add(@Nullable String name) {
        if (name == null || name.isBlank() || names.size() >= MAX_NAMES) {
            return;
        }
        String printable = shortened(escape(name.strip()));
        if (!names.contains(printable)) {
            names.add(printable);
        }
    }

    List<String> list() {
        return new ArrayList<>(names);
    }

    private static String escape(String name) {
        if (name.chars().noneMatch(Character::isISOControl)) {
            return name;
        }
        StringBuilder text = new StringBuilder();
        name.chars().forEach(c -> text.append(Character.isISOControl(c) ? '\uFFFD' : (char) c));
        return text.toString();
    }

    /// Never cut inside a character: half of one is no text.
    private static String shortened(String name) {
        if (name.length() <= MAX_LENGTH) {
            return name;
        }
        boolean splits = Character.isHighSurrogate(name.charAt(MAX_LENGTH - 1));
        return name.substring(0, splits ? MAX_LENGTH - 1 : MAX_LENGTH);
    }
}
