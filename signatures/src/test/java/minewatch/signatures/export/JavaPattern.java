package minewatch.signatures.export;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// A generated pattern for `java.util.regex`, which has all its constructs but recursive groups:
/// those are written out, to values of [#DEPTH] levels.
final class JavaPattern {
    private static final int DEPTH = 6;

    private JavaPattern() {}

    /// To be held against bytes decoded as ISO 8859-1.
    static Pattern of(String perl) {
        Map<Character, String> groups = new HashMap<>();
        int end = "(?(DEFINE)".length();
        while (perl.startsWith("(?<", end)) {
            int close = closing(perl, end);
            groups.put(perl.charAt(end + 3), "(?:" + perl.substring(end + 5, close) + ")");
            end = close + 1;
        }
        return Pattern.compile(expand(perl.substring(end + 1), groups, DEPTH));
    }

    private static String expand(String pattern, Map<Character, String> groups, int depth) {
        StringBuilder expanded = new StringBuilder();
        int at = 0;
        for (int call = pattern.indexOf("(?&"); call >= 0; call = pattern.indexOf("(?&", at)) {
            char name = pattern.charAt(call + 3);
            boolean nests = name == 'a' || name == 'o';
            expanded.append(pattern, at, call)
                    .append(
                            nests && depth == 0
                                    ? "(?!)"
                                    : expand(
                                            groups.getOrDefault(name, "(?!)"),
                                            groups,
                                            nests ? depth - 1 : depth));
            at = call + "(?&x)".length();
        }
        return expanded.append(pattern.substring(at)).toString();
    }

    private static int closing(String pattern, int open) {
        int depth = 0;
        boolean inClass = false;
        for (int i = open; ; i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (inClass) {
                inClass = c != ']';
            } else if (c == '[') {
                inClass = true;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i;
            }
        }
    }
}
