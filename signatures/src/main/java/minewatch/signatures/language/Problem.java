package minewatch.signatures.language;

/// What is wrong with a signature file, and where.
///
/// @param line from 1
/// @param column from 1
/// @param name path of the key, `messages.submit.weight`
/// @param value what was found there, shortened
/// @param expected the rule it breaks
public record Problem(
        String file, int line, int column, String name, String value, String expected) {
    @Override
    public String toString() {
        return file
                + ":"
                + line
                + ":"
                + column
                + ": "
                + name
                + ": "
                + value
                + " (expected: "
                + expected
                + ")";
    }
}
