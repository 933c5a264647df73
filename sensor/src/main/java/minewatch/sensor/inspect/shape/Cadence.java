package minewatch.sensor.inspect.shape;

import java.util.Arrays;

/// The sizes and times of the last messages of one session, both directions.
///
/// - **Memory:** 12 bytes a message, [#MOST] messages at most.
/// - **Thread:** the worker's own.
public final class Cadence {
    public static final int MOST = 256;
    private static final int FIRST = 16;
    private static final int FULL_SEGMENT = 1_000; // bytes: less is no path's most
    private static final long SAME_MESSAGE_NANOS = 20_000_000;

    private int[] sizes = new int[FIRST]; // below 0: the responder's
    private long[] times = new long[FIRST];
    private long added;
    private int lastSegment;

    /// @param size bytes, 1 and more
    /// @param nanos packet time
    public void add(boolean fromOriginator, int size, long nanos) {
        if (added == sizes.length && sizes.length < MOST) {
            sizes = Arrays.copyOf(sizes, sizes.length * 2);
            times = Arrays.copyOf(times, times.length * 2);
        }
        int at = (int) (added++ % sizes.length);
        sizes[at] = fromOriginator ? size : -size;
        times[at] = nanos;
    }

    /// A segment of a protocol whose messages show no bounds: it goes on with the message before it
    /// where that came from the same side just now and filled its segment.
    public void addSegment(boolean fromOriginator, int size, long nanos) {
        int last = (int) ((added - 1) % sizes.length);
        boolean goesOn =
                added > 0
                        && (sizes[last] > 0) == fromOriginator
                        && lastSegment >= FULL_SEGMENT
                        && nanos - times[last] < SAME_MESSAGE_NANOS;
        lastSegment = size;
        if (goesOn) {
            sizes[last] += fromOriginator ? size : -size;
        } else {
            add(fromOriginator, size, nanos);
        }
    }

    /// Messages there were.
    public long added() {
        return added;
    }

    int kept() {
        return (int) Math.min(added, sizes.length);
    }

    /// @param index from the oldest that is kept, from 0
    boolean fromOriginator(int index) {
        return sizes[slot(index)] > 0;
    }

    int size(int index) {
        return Math.abs(sizes[slot(index)]);
    }

    long nanos(int index) {
        return times[slot(index)];
    }

    private int slot(int index) {
        return (int) ((added - kept() + index) % sizes.length);
    }
}
