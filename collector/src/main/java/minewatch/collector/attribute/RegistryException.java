package minewatch.collector.attribute;

import java.util.List;

/// A registry file that was refused as a whole, with every problem found in it.
public final class RegistryException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /// @param problems `file:line: column: value (expected: rule)`, one each, in file order
    public RegistryException(List<String> problems) {
        super(problems.getFirst());
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
