package minewatch.sensor.inspect.shape;

import java.util.Arrays;

/// The size most of some messages have, give or take [#TOLERANCE].
///
/// @param low smallest size of those
/// @param high largest
/// @param count how many they are
record SizeMode(int low, int high, int count) {
    /// Bytes: counters grow by a digit, names and nonces differ a little.
    static final int TOLERANCE = 16;

    static final SizeMode NONE = new SizeMode(0, 0, 0);

    /// @param sizes `sizes[0, count)`; sorted by this
    static SizeMode of(int[] sizes, int count) {
        Arrays.sort(sizes, 0, count);
        SizeMode best = NONE;
        int from = 0;
        for (int to = 0; to < count; to++) {
            while (sizes[to] - sizes[from] > TOLERANCE) {
                from++;
            }
            if (to - from + 1 > best.count) {
                best = new SizeMode(sizes[from], sizes[to], to - from + 1);
            }
        }
        return best;
    }

    boolean holds(int size) {
        return size >= low && size <= high;
    }
}
