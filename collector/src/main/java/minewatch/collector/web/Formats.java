package minewatch.collector.web;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import minewatch.collector.report.Band;

/// Figures and times as people read them. Three significant digits; bounds in the unit of the best
/// value, so that they compare at a glance.
public final class Formats {
    private static final List<String> PREFIXES = List.of("", "k", "M", "G", "T", "P", "E", "Z");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final double HOURS_PER_DAY = 24;

    private final Language language;
    private final String zoneName;

    Formats(Messages messages) {
        this.language = messages.language();
        this.zoneName = messages.text("time.zone");
    }

    /// A band, ready to print: `best` with its unit, `bounds` as `low–high` in the same unit.
    public record Figure(String best, String bounds) {}

    /// A moment in the reader's time zone.
    ///
    /// @param iso RFC 3339, UTC, for machines
    /// @param zone always shown beside the time
    public record Stamp(String iso, String date, String time, String zone) {}

    /// @param unit `H/s`, `Sol/s` or `g/s` (graphs a second, which takes no prefix: `kg/s` would
    ///   mislead)
    public Figure hashrate(Band rate, String unit) {
        return unit.equals("g/s")
                ? figure(rate, "graph/s", 1)
                : figure(rate, unit, PREFIXES.size());
    }

    /// @param watts electrical power
    public Figure power(Band watts) {
        return figure(watts, "W", PREFIXES.size());
    }

    /// Energy of one day at this power.
    public Figure energyPerDay(Band watts) {
        return figure(
                new Band(
                        watts.low() * HOURS_PER_DAY,
                        watts.best() * HOURS_PER_DAY,
                        watts.high() * HOURS_PER_DAY),
                "Wh",
                PREFIXES.size());
    }

    private static Figure figure(Band band, String unit, int prefixes) {
        int power = 0;
        double scale = 1;
        while (power + 1 < prefixes && rounded(band.best() / scale) >= 1000) {
            power++;
            scale *= 1000;
        }
        return new Figure(
                digits(band.best() / scale) + " " + PREFIXES.get(power) + unit,
                digits(band.low() / scale) + "–" + digits(band.high() / scale));
    }

    /// To three significant digits, so that 999.7 counts as a thousand.
    private static double rounded(double value) {
        return value >= 100 ? Math.rint(value) : value;
    }

    static String digits(double value) {
        if (Double.isNaN(value)) {
            return "?";
        }
        if (Double.isInfinite(value)) {
            return "∞";
        }
        double size = Math.abs(value);
        if (size == 0) {
            return "0";
        }
        if (size >= 1e9) { // beyond every prefix: only a claim is ever that large
            return String.format(Locale.ROOT, "%.2e", value).replaceFirst("e\\+0?", "e");
        }
        int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /// A probability in percent; never rounded up to certainty.
    public String confidence(double probability) {
        if (probability >= 0.9995) {
            return ">99.9 %";
        }
        return String.format(Locale.ROOT, "%.1f %%", probability * 100);
    }

    /// Log-odds with their sign.
    public String weight(double logOdds) {
        return String.format(Locale.ROOT, "%+.1f", logOdds).replace('-', '−');
    }

    public String count(long number) {
        return String.format(language.locale(), "%,d", number);
    }

    public Stamp time(Instant instant) {
        ZonedDateTime local = instant.atZone(language.zone());
        return new Stamp(
                DateTimeFormatter.ISO_INSTANT.format(instant),
                DATE.format(local),
                TIME.format(local),
                zoneName);
    }

    /// @param nanos since the Unix epoch
    public Stamp time(long nanos) {
        return time(Instant.ofEpochSecond(0, nanos));
    }

    /// A span of time by its two largest units, without a zero.
    public String seconds(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 120) {
            return whole + " s";
        }
        return whole < 7200
                ? span(whole / 60, "min", whole % 60, "s")
                : span(whole / 3600, "h", whole % 3600 / 60, "min");
    }

    private static String span(long large, String largeUnit, long small, String smallUnit) {
        String first = large + " " + largeUnit;
        return small == 0 ? first : first + " " + small + " " + smallUnit;
    }
}
