package minewatch.sensor.inspect.shape;

import java.util.Arrays;

/// When new blocks were found, as plaintext pool sessions on this tap tell (jobs that void earlier
/// ones), and how well the jobs of another session keep in step with it. The same times give the
/// same clock in whatever order they come.
///
/// - **Memory:** the latest [#KEPT] quarters of a second in which a pool told of one.
/// - **Thread:** the worker's own.
public final class BlockClock {
    static final int KEPT = 2048;
    private static final long SECOND = 1_000_000_000L; // ns
    private static final long UNIT = SECOND / 4;
    private static final long SAME_BLOCK =
            3 * SECOND; // pools tell of one block one after the other
    private static final long BEFORE = 3 * SECOND;
    private static final long AFTER = 3 * SECOND;
    private static final int LEAST_BLOCKS = 5;
    private static final double IN_STEP = 0.85; // blocks that a session of the same coin tells of
    private static final double MOST = 4; // log-odds: it says which coin, not that it is mined

    private final long[] ticks = new long[KEPT]; // packet time, ns, ascending
    private int told;

    /// A pool told of a new block.
    public void tick(long nanos) {
        add(nanos - Math.floorMod(nanos, UNIT));
    }

    /// What another clock was told.
    public void add(BlockClock other) {
        for (int i = 0; i < other.told; i++) {
            add(other.ticks[i]);
        }
    }

    private void add(long tick) {
        int found = Arrays.binarySearch(ticks, 0, told, tick);
        int at = -1 - found;
        if (found >= 0 || (told == KEPT && at == 0)) {
            return;
        }
        if (told < KEPT) {
            System.arraycopy(ticks, at, ticks, at + 1, told++ - at);
            ticks[at] = tick;
        } else {
            System.arraycopy(ticks, 1, ticks, 0, at - 1);
            ticks[at - 1] = tick;
        }
    }

    /// Log-odds that jobs at these times follow the clock, against jobs as often at any time: of n
    /// blocks in the session's time, k with a job nearby, where chance gives each a probability p,
    /// it is k ln(0.85/p) + (n - k) ln(0.15/(1 - p)).
    ///
    /// @param times packet time, ns, in order
    /// @return 0 where there are too few blocks to tell or it is out of step; at most 4
    public double inStep(long[] times) {
        if (times.length < LEAST_BLOCKS) {
            return 0;
        }
        long from = times[0];
        long to = times[times.length - 1];
        double seconds = Math.max(1, (to - from) / 1e9);
        double window = (BEFORE + AFTER) / 1e9;
        double chance = Math.min(0.95, 1 - Math.exp(-times.length * window / seconds));
        int blocksThen = 0;
        int near = 0;
        long block = Long.MIN_VALUE / 2;
        for (int i = 0; i < told; i++) {
            if (ticks[i] - block <= SAME_BLOCK) {
                continue;
            }
            block = ticks[i];
            if (block >= from && block <= to) {
                blocksThen++;
                near += isNear(block, times) ? 1 : 0;
            }
        }
        double odds =
                near * Math.log(IN_STEP / chance)
                        + (blocksThen - near) * Math.log((1 - IN_STEP) / (1 - chance));
        return blocksThen < LEAST_BLOCKS ? 0 : Math.clamp(odds, 0, MOST);
    }

    private static boolean isNear(long block, long[] times) {
        for (long time : times) {
            if (time >= block - BEFORE && time <= block + AFTER) {
                return true;
            }
        }
        return false;
    }
}
