package minewatch.sensor.workbench;

/// Foreign text made fit for a terminal and for XML.
final class Printable {
    private Printable() {}

    /// Without control characters and what is no character at all.
    static String text(String foreign) {
        StringBuilder text = new StringBuilder(foreign.length());
        foreign.codePoints().forEach(c -> text.appendCodePoint(isPrintable(c) ? c : '\uFFFD'));
        return text.toString();
    }

    private static boolean isPrintable(int c) {
        return !Character.isISOControl(c)
                && Character.getType(c) != Character.SURROGATE
                && (c & 0xFFFE) != 0xFFFE;
    }
}
