package minewatch.bench.feed;

import java.util.Arrays;

/// How long batches took from being due to being acknowledged. For any number of threads.
final class Latencies {
    private static final double MILLI = 1e6; // nanoseconds

    private long[] nanos = new long[1 << 12];
    private int count;
    private long hits;
    private long allHits;

    synchronized void add(long latencyNanos, int batchHits) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = latencyNanos;
        hits += batchHits;
        allHits += batchHits;
    }

    synchronized void forget() {
        count = 0;
        hits = 0;
    }

    synchronized long hits() {
        return hits;
    }

    /// Those that were forgotten included.
    synchronized long allHits() {
        return allHits;
    }

    /// @param part 0.5 for the median, 1 for the greatest
    synchronized double millis(double part) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(part * count) - 1)] / MILLI;
    }
}
