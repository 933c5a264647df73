package minewatch.config;

import java.util.List;
import java.util.stream.Collectors;

/// A settings file that cannot be used, with all its problems at once. The message has one line a
/// problem and is meant for the user as it is.
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<Problem> problems;

    /// @param problems at least one
    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /// In the order of the file, as far as they have a line.
    public List<Problem> problems() {
        return problems;
    }
}
