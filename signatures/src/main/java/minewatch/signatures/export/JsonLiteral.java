package minewatch.signatures.export;

import java.nio.charset.StandardCharsets;

/// A fixed text as it may stand in a JSON string: every character as itself or as one of its
/// escapes (RFC 8259 §7).
final class JsonLiteral {
    private static final String SHORT_ESCAPES = "\b\f\n\r\t";
    private static final String SHORT_NAMES = "bfnrt";

    private JsonLiteral() {}

    static String quoted(String text) {
        return "\\x22" + unquoted(text) + "\\x22";
    }

    static String unquoted(String text) {
        StringBuilder pattern = new StringBuilder();
        text.codePoints().forEach(c -> pattern.append(character(c)));
        return pattern.toString();
    }

    /// Bytes of UTF-8.
    static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// `0x` or `0X`.
    static String zeroX() {
        return character('0') + "(?:" + character('x') + "|" + character('X') + ")";
    }

    /// Hexadecimal digits, letters of either case.
    static String eitherCase(String digits) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            char upper = Character.toUpperCase(c);
            pattern.append(
                    c == upper
                            ? character(c)
                            : "(?:" + character(c) + "|" + character(upper) + ")");
        }
        return pattern.toString();
    }

    private static String character(int c) {
        StringBuilder forms = new StringBuilder("(?:");
        if (c >= ' ' && c != '"' && c != '\\') {
            forms.append(raw(c)).append('|');
        }
        if (c == '"' || c == '\\' || c == '/') {
            forms.append("\\x5c").append(raw(c)).append('|');
        }
        int named = SHORT_ESCAPES.indexOf(c);
        if (named >= 0) {
            forms.append("\\x5c").append(SHORT_NAMES.charAt(named)).append('|');
        }
        for (char unit : Character.toChars(c)) {
            forms.append("\\x5cu").append(anyCase(unit));
        }
        return forms.append(')').toString();
    }

    private static String raw(int c) {
        if (Character.isLetterOrDigit(c) && c < 128) {
            return Character.toString(c);
        }
        StringBuilder bytes = new StringBuilder();
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            bytes.append("\\x%02x".formatted(b));
        }
        return bytes.toString();
    }

    private static String anyCase(char unit) {
        StringBuilder digits = new StringBuilder();
        for (char digit : "%04x".formatted((int) unit).toCharArray()) {
            char upper = Character.toUpperCase(digit);
            digits.append(digit == upper ? "" + digit : "[" + digit + upper + "]");
        }
        return digits.toString();
    }
}
