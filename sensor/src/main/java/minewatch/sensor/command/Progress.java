package minewatch.sensor.command;

import java.io.Console;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// A progress line on the terminal: captures done, and how far the latest one is. Silent elsewhere.
/// Thread-safe.
final class Progress implements AutoCloseable {
    private static final long EVERY_NANOS = 100_000_000L;
    private static final int BAR_WIDTH = 30;

    private final boolean shown;
    private final int captures;
    private final AtomicInteger done = new AtomicInteger();
    private long latestNanos;
    private boolean drawn;

    private Progress(boolean shown, int captures) {
        this.shown = shown;
        this.captures = captures;
    }

    static Progress onTerminal(int captures) {
        return new Progress(isTerminal(), captures);
    }

    @SuppressWarnings("SystemConsoleNull") // the platform's own annotation says it may be null
    static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// @param readBytes of `totalBytes`, or a negative total where it is not known
    synchronized void onBytes(String file, long readBytes, long totalBytes) {
        long now = System.nanoTime();
        if (!shown || now - latestNanos < EVERY_NANOS) {
            return;
        }
        latestNanos = now;
        drawn = true;
        System.err.print("\r\u001b[K" + bar(file, readBytes, totalBytes));
    }

    void onCaptureDone() {
        done.incrementAndGet();
    }

    synchronized void clear() {
        if (drawn) {
            drawn = false;
            System.err.print("\r\u001b[K");
        }
    }

    @Override
    public void close() {
        clear();
    }

    private String bar(String file, long readBytes, long totalBytes) {
        String counted = captures > 1 ? done.get() + "/" + captures + " captures  " : "";
        if (totalBytes <= 0) {
            return counted + file + "  " + (readBytes >> 20) + " MiB";
        }
        double part = Math.min(1, (double) readBytes / totalBytes);
        int filled = (int) (part * BAR_WIDTH);
        return String.format(
                Locale.ROOT,
                "%s[%s%s] %3.0f %%  %s",
                counted,
                "#".repeat(filled),
                ".".repeat(BAR_WIDTH - filled),
                part * 100,
                file);
    }
}
