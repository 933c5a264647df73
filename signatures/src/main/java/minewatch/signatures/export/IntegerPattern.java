package minewatch.signatures.export;

import java.util.ArrayList;
import java.util.List;

/// A JSON integer between two bounds as a pattern: no sign but `-`, no leading zeros.
final class IntegerPattern {
    private IntegerPattern() {}

    /// @param low whole, or negative infinity
    /// @param high whole, or infinity
    static String between(double low, double high) {
        List<String> forms = new ArrayList<>();
        if (high >= 0) {
            addMagnitudes("", Math.max(0, low), high, forms);
        }
        if (low <= 0) { // -0 is 0
            addMagnitudes("-", Math.max(0, -high), -low, forms);
        }
        return forms.isEmpty() ? "(?!)" : "(?:" + String.join("|", forms) + ")";
    }

    private static void addMagnitudes(String sign, double low, double high, List<String> forms) {
        if (low > high) {
            return;
        }
        List<String> digits = new ArrayList<>();
        if (Double.isInfinite(high)) {
            String lowest = Long.toString((long) low);
            addSameLength(lowest, "9".repeat(lowest.length()), digits);
            digits.add("[1-9][0-9]{" + lowest.length() + ",}");
        } else {
            addRange((long) low, (long) high, digits);
        }
        forms.add(sign + "(?:" + String.join("|", digits) + ")");
    }

    private static void addRange(long low, long high, List<String> forms) {
        String lowest = Long.toString(low);
        String highest = Long.toString(high);
        if (lowest.length() == highest.length()) {
            addSameLength(lowest, highest, forms);
            return;
        }
        addSameLength(lowest, "9".repeat(lowest.length()), forms);
        for (int length = lowest.length() + 1; length < highest.length(); length++) {
            forms.add("[1-9][0-9]{" + (length - 1) + "}");
        }
        addSameLength("1" + "0".repeat(highest.length() - 1), highest, forms);
    }

    /// Numbers of one length, as few forms as there are digits at which the bounds part.
    private static void addSameLength(String low, String high, List<String> forms) {
        if (low.equals(high)) {
            forms.add(low);
            return;
        }
        int same = 0;
        while (low.charAt(same) == high.charAt(same)) {
            same++;
        }
        String head = low.substring(0, same);
        String rest = low.substring(same);
        int free = rest.length() - 1;
        boolean fromZero = rest.substring(1).equals("0".repeat(free));
        boolean toNine = high.substring(same + 1).equals("9".repeat(free));
        char first = (char) (low.charAt(same) + (fromZero ? 0 : 1));
        char last = (char) (high.charAt(same) - (toNine ? 0 : 1));
        if (!fromZero) {
            addTail(head + low.charAt(same), low.substring(same + 1), "9".repeat(free), forms);
        }
        if (first <= last) {
            forms.add(
                    head
                            + "["
                            + first
                            + "-"
                            + last
                            + "]"
                            + (free == 0 ? "" : "[0-9]{" + free + "}"));
        }
        if (!toNine) {
            addTail(head + high.charAt(same), "0".repeat(free), high.substring(same + 1), forms);
        }
    }

    private static void addTail(String head, String low, String high, List<String> forms) {
        List<String> tails = new ArrayList<>();
        addSameLength(low, high, tails);
        tails.forEach(tail -> forms.add(head + tail));
    }
}
