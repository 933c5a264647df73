package minewatch.sensor.command;

import java.io.File;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.inspect.Inspector;
import minewatch.signatures.SignaturePack;

/// Several captures read at the same time, each by itself; what came of them in the order asked
/// for. Where there are fewer captures than workers, several workers read each.
final class Scans {
    static final int MAX_WORKERS = 64;

    /// Below that a capture is read before a second worker is of use.
    private static final long LEAST_SHARED_BYTES = 32L << 20;

    /// Told of each capture once. What it has been told of is let go.
    @FunctionalInterface
    interface Handler {
        void onCapture(FileScan.Outcome outcome) throws IOException;
    }

    private Scans() {}

    static int defaultWorkers() {
        return Math.min(MAX_WORKERS, Runtime.getRuntime().availableProcessors());
    }

    /// One a core; where there are fewer captures half as many, for the reader and the compilers
    /// need cores as well.
    static int defaultWorkers(int captures) {
        return Math.max(Math.min(captures, defaultWorkers()), defaultWorkers() / 2);
    }

    /// @param intervalNanos of packet time between two reports, or
    ///   [minewatch.sensor.Worker#NO_INTERVAL]
    static void run(
            List<String> files,
            SignaturePack pack,
            int workers,
            long intervalNanos,
            Progress progress,
            Handler handler)
            throws IOException, InterruptedException {
        int atOnce = Math.max(1, Math.min(workers, files.size()));
        int workersOfOne = Math.max(1, workers / atOnce);
        Inspector.Limits limits =
                Inspector.Limits.fitting(Runtime.getRuntime().maxMemory(), atOnce * workersOfOne);
        try (ExecutorService executor = Executors.newFixedThreadPool(atOnce)) {
            Queue<Future<FileScan.Outcome>> pending = new ArrayDeque<>();
            for (String file : files) {
                pending.add(
                        executor.submit(() ->
                                workersOfOne > 1 && isWorthSharing(file)
                                        ? FileScan.runTeam(
                                                file,
                                                pack,
                                                limits,
                                                intervalNanos,
                                                workersOfOne,
                                                progress)
                                        : FileScan.run(
                                                file,
                                                pack,
                                                limits,
                                                intervalNanos,
                                                null,
                                                progress)));
            }
            while (!pending.isEmpty()) {
                handler.onCapture(outcome(pending.remove(), executor));
            }
        }
    }

    /// What is not there, or no file, is found out by reading it.
    private static boolean isWorthSharing(String file) {
        if (file.equals(CaptureReader.STANDARD_INPUT)) {
            return true;
        }
        long bytes = new File(file).length(); // 0 where there is none, and of a pipe
        return bytes == 0 || bytes >= LEAST_SHARED_BYTES;
    }

    private static FileScan.Outcome outcome(
            Future<FileScan.Outcome> future, ExecutorService executor) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            executor.shutdownNow();
            throw new IllegalStateException(e.getCause());
        }
    }
}
