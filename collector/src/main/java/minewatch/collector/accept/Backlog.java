package minewatch.collector.accept;

import java.util.concurrent.TimeUnit;

/// The batches of all streams that have come and are not committed yet, and what sensors are asked
/// to do about it.
///
/// Each stream holds back its own sensor (HTTP/2 flow control), but thousands of streams with a few
/// batches each are a queue that no stream sees. While it is longer than keeps the database busy,
/// every acknowledgement asks for a pause as long as the excess takes to commit, at the rate of the
/// last commits. So the queue is brought down, and never to nothing. Any thread.
final class Backlog {
    /// So many waiting batches keep the database busy.
    static final int ENOUGH = 64;

    private static final long LONGEST_MILLIS = 10_000;
    private static final int SMOOTHING = 16; // commits the rate is taken over

    private int waiting;
    private long lastCommitNanos;
    private double nanosPerCommit; // smoothed; while batches wait

    synchronized void came() {
        if (waiting++ == 0) {
            lastCommitNanos = System.nanoTime(); // idle until now: no measure of the rate
        }
    }

    /// So many will not be committed by the streams they came with.
    synchronized void left(int batches) {
        waiting -= batches;
    }

    void committed() {
        committed(System.nanoTime());
    }

    synchronized void committed(long now) {
        waiting--;
        nanosPerCommit += (now - lastCommitNanos - nanosPerCommit) / SMOOTHING;
        lastCommitNanos = now;
    }

    synchronized int waiting() {
        return waiting;
    }

    /// How long a sensor is to send nothing; 0 while all is well.
    synchronized int pauseMillis() {
        int excess = waiting - ENOUGH;
        long millis = (long) (excess * nanosPerCommit / TimeUnit.MILLISECONDS.toNanos(1));
        return (int) Math.clamp(millis, 0, LONGEST_MILLIS);
    }
}
