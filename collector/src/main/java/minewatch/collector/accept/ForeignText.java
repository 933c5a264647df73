package minewatch.collector.accept;

/// What a sensor wrote, fit for a log line, an answer or the ledger.
final class ForeignText {
    private ForeignText() {}

    /// The text without control characters, at most `length` UTF-16 units; never cut inside a
    /// character, since half of one is no text a database takes.
    static String line(String text, int length) {
        String plain = text.replaceAll("\\p{Cntrl}", "\uFFFD");
        if (plain.length() <= length) {
            return plain;
        }
        boolean splits = Character.isHighSurrogate(plain.charAt(length - 1));
        return plain.substring(0, splits ? length - 1 : length);
    }
}
