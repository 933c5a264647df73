package minewatch.collector.web;

import java.util.Locale;
import minewatch.collector.report.Band;

/// An estimate drawn as a bar from its low to its high bound with a mark at its best value, on a
/// linear scale from zero. Positions are in units of the drawing, 0 to [#WIDTH].
public record IntervalBar(String low, String best, String length) {
    public static final int WIDTH = 200;

    private static final double MINIMUM = 1.5; // units; an exact estimate is still visible

    /// @param full value at the right edge, in the unit of the band
    static IntervalBar of(Band band, double full) {
        double low = position(band.low(), full);
        double high = position(band.high(), full);
        double length = Math.max(high - low, MINIMUM);
        double start = Math.min(low, WIDTH - length);
        return new IntervalBar(number(start), number(position(band.best(), full)), number(length));
    }

    private static double position(double value, double full) {
        if (!(full > 0) || Double.isInfinite(full) || Double.isNaN(value)) {
            return 0;
        }
        return Math.clamp(value / full, 0, 1) * WIDTH;
    }

    private static String number(double units) {
        return String.format(Locale.ROOT, "%.1f", units);
    }
}
