package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Distinct names a dialogue has told (agents, accounts, workers), in order of appearance, bounded
/// in number and length: they are foreign text. The hash of the latest name saves making a string
/// of each repetition.
final class Names {
    static final int MAX_NAMES = 256;
    static final int MAX_LENGTH = 128;

    private final Set<String> names = new LinkedHashSet<>();
    private long latest;

    /// @return whether a name with this hash may be new, so that it is worth making a string
    boolean isNew(long hash) {
        if (hash == 0 || hash == latest) {
            return false;
        }
        latest = hash;
        return names.size() < MAX_NAMES;
    }

    void add(@Nullable String name) {
        if (name == null || name.isBlank() || names.size() >= MAX_NAMES) {
            return;
        }
        String printable = name.strip();
        if (printable.length() > MAX_LENGTH) {
            printable = printable.substring(0, MAX_LENGTH);
        }
        names.add(
                printable.chars().anyMatch(Character::isISOControl)
                        ? escape(printable)
                        : printable);
    }

    List<String> list() {
        return new ArrayList<>(names);
    }

    private static String escape(String name) {
        StringBuilder text = new StringBuilder();
        name.chars().forEach(c -> text.append(Character.isISOControl(c) ? '\uFFFD' : (char) c));
        return text.toString();
    }
}
