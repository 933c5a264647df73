package minewatch.collector.attribute;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong with one file. Bounded: after 10,000 problems only their number grows.
final class RegistryProblems {
    private static final int MAX_KEPT = 10_000;
    private static final int MAX_VALUE_LENGTH = 80;

    private final String file;
    private final List<String> problems = new ArrayList<>();
    private long more;

    RegistryProblems(String file) {
        this.file = file;
    }

    void add(long line, String column, String value, String expected) {
        addText(line, column + ": " + shown(value) + " (expected: " + expected + ")");
    }

    void addText(long line, String text) {
        if (problems.size() < MAX_KEPT) {
            problems.add(file + ":" + line + ": " + text);
        } else {
            more++;
        }
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    long count() {
        return problems.size() + more;
    }

    void throwIfAny() throws RegistryException {
        if (problems.isEmpty()) {
            return;
        }
        if (more > 0) {
            problems.add(file + ": " + more + " more problems");
        }
        throw new RegistryException(problems);
    }

    /// A value as it may be shown on a terminal: no control characters, bounded.
    private static String shown(String value) {
        String text = value.isEmpty() ? "(empty)" : value.replaceAll("\\p{Cntrl}", "\uFFFD");
        return text.length() <= MAX_VALUE_LENGTH ? text : text.substring(0, MAX_VALUE_LENGTH) + "…";
    }
}
