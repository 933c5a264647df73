package minewatch.feed;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Nanoseconds since the Unix epoch ↔ RFC 3339 in UTC with nine fractional digits.
public final class Times {
    private static final long NANOS = 1_000_000_000L;
    private static final DateTimeFormatter RFC_3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
                    .withZone(ZoneOffset.UTC);

    private Times() {}

    public static String text(long nanos) {
        return RFC_3339.format(
                Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS)));
    }

    /// Any number of fractional digits up to nine is understood.
    ///
    /// @throws IllegalArgumentException if the text is no time in UTC, or outside 1677 to 2262
    public static long parse(String text) {
        try {
            if (text.endsWith("Z") && text.length() <= 30) {
                return nanos(Instant.parse(text));
            }
        } catch (DateTimeException | ArithmeticException e) {
            // falls through: the message below says it all
        }
        throw new IllegalArgumentException(
                text + " (expected: RFC 3339 in UTC, such as 2026-11-23T08:00:00.000000000Z)");
    }

    /// The last second before the epoch is -1 s + nanoseconds, so the earliest instants fit a long
    /// only when seconds and nanoseconds have the same sign.
    private static long nanos(Instant instant) {
        long seconds = instant.getEpochSecond();
        long nanos = instant.getNano();
        return seconds < 0
                ? Math.addExact(Math.multiplyExact(seconds + 1, NANOS), nanos - NANOS)
                : Math.addExact(Math.multiplyExact(seconds, NANOS), nanos);
    }
}
