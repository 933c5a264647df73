package minewatch.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as people write them: `250ms`, `60s`, `5m`, `1h`, `7d`.
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(-?\\d{1,12})(ms|s|m|h|d)");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final String[] LARGEST_FIRST = {"d", "h", "m", "s", "ms"};

    private Durations() {}

    /// @throws IllegalArgumentException if the text has another form
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    text + " (expected: a duration such as 250ms, 60s, 5m, 1h, 7d)");
        }
        return Duration.ofMillis(
                Math.multiplyExact(Long.parseLong(matcher.group(1)), millisOf(matcher.group(2))));
    }

    /// The largest unit that gives a whole number; parts below a millisecond are dropped.
    public static String print(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : LARGEST_FIRST) {
            if (millis != 0 && millis % millisOf(unit) == 0) {
                return millis / millisOf(unit) + unit;
            }
        }
        return "0s";
    }

    private static long millisOf(String unit) {
        return MILLIS.getOrDefault(unit, 1L);
    }
}
