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
    private static final int MAX_SHOWN = 160; // characters

    /// Foreign text made fit for a terminal: no control characters, not too long.
    public static String shown(String value) {
        return shown(value, MAX_SHOWN);
    }

    static String shown(String value, int most) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.length() && i < most; i++) {
            char c = value.charAt(i);
            out.append(Character.isISOControl(c) ? '\uFFFD' : c);
        }
        return value.length() > most ? out + "…" : out.toString();
    }

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
