package minewatch.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes in bytes as people write them: `512KiB`, `64MiB`, `10GiB`, or a plain number of bytes.
/// Only binary units: `MB` means two things, so it is refused.
public final class Sizes {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(B|KiB|MiB|GiB|TiB)?");
    private static final String[] UNITS = {"", "KiB", "MiB", "GiB", "TiB"};

    private Sizes() {}

    /// @throws IllegalArgumentException if the text has another form or is over 2^63 bytes
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            int shift = shift(matcher.group(2));
            if (number <= Long.MAX_VALUE >> shift) {
                return number << shift;
            }
        }
        throw new IllegalArgumentException(
                text + " (expected: a size such as 4096, 512KiB, 64MiB, 10GiB)");
    }

    /// The largest unit that gives a whole number.
    public static String print(long bytes) {
        int unit = 0;
        long number = bytes;
        while (number != 0 && number % 1024 == 0 && unit < UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        return number + UNITS[unit];
    }

    private static int shift(@org.jspecify.annotations.Nullable String unit) {
        for (int i = 1; i < UNITS.length; i++) {
            if (UNITS[i].equals(unit)) {
                return 10 * i;
            }
        }
        return 0;
    }
}
