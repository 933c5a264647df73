package minewatch.sensor.workbench;

/// How well one signature did.
///
/// @param signature protocol name
/// @param found of the labels (or match examples) that name it
/// @param missed the rest of them
/// @param falsely hits (or no-match examples) it has no right to
public record Accuracy(String signature, long found, long missed, long falsely) {
    /// Part of what it named that was right, 0 to 1; NaN where it named nothing.
    public double precision() {
        return found + falsely == 0 ? Double.NaN : (double) found / (found + falsely);
    }

    /// Part of what is labelled that it found, 0 to 1; NaN where nothing is.
    public double recall() {
        return found + missed == 0 ? Double.NaN : (double) found / (found + missed);
    }

    Accuracy plus(Accuracy other) {
        return new Accuracy(
                signature, found + other.found, missed + other.missed, falsely + other.falsely);
    }
}
