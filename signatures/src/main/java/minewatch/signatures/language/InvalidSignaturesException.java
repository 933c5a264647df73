package minewatch.signatures.language;

import java.util.List;
import java.util.stream.Collectors;

/// Signature files that cannot be used, with every problem found in them; the message has one a
/// line.
public final class InvalidSignaturesException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    public InvalidSignaturesException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
