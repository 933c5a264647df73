package minewatch.sensor.inspect;

import org.jspecify.annotations.Nullable;

/// Faults of this program that were met while flows were read. Whoever can send packets can look
/// for them: one costs its flow the session, and no other flow anything.
///
/// - **Thread:** the worker's own.
public final class Faults {
    /// Their name among the anomalies.
    public static final String COUNTED_AS = "session.failed";

    private static final String OURS = "minewatch.";

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
    public static String describe(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        for (StackTraceElement frame : root.getStackTrace()) {
            if (frame.getClassName().startsWith(OURS)) {
                return root + " at " + frame;
            }
        }
        return root + " at an unknown place";
    }
}
