package minewatch.sensor.inspect;

import org.jspecify.annotations.Nullable;

/// Faults of this program that were met while flows were read. Whoever can send packets can look
/// for them: one costs its flow the session, and no other flow anything.
///
/// - **Thread:** the worker's own.
public final class Faults {
    private static final String OURS = "minewatch.";
    private static final int MOST_SHOWN = 200;

    private long count;
    private @Nullable RuntimeException latest;

    Faults() {}

    void add(RuntimeException fault) {
        count++;
        latest = fault;
    }

    long count() {
        return count;
    }

    /// The last since this was asked, or null.
    @Nullable RuntimeException takeLatest() {
        RuntimeException fault = latest;
        latest = null;
        return fault;
    }

    /// What a report of it must say, in one line: the fault, and where in this program it was met.
    /// What it says of itself may be foreign bytes, so it is cut and has no control characters.
    public static String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = root.toString().replaceAll("\\p{Cntrl}", "?");
        String shown = said.length() > MOST_SHOWN ? said.substring(0, MOST_SHOWN) + "…" : said;
        for (StackTraceElement frame : root.getStackTrace()) {
            if (frame.getClassName().startsWith(OURS)) {
                return shown + " at " + frame;
            }
        }
        return shown + " at an unknown place";
    }
}
