package minewatch.sensor.inspect.endpoint;

import minewatch.signatures.endpoint.Endpoints;
import org.jspecify.annotations.Nullable;

/// Addresses that names of pools were seen to have, until their time is over. A flat table: a
/// look-up reads at most [#WAYS] neighbouring slots and allocates nothing; what is new takes the
/// place of what ends soonest.
///
/// - **Thread:** the worker's own.
final class LearnedAddresses {
    static final int WAYS = 8;
    private static final int SETS = 1 << 10;
    private static final int SLOTS = SETS * WAYS;
    private static final long SECOND = 1_000_000_000L; // ns

    /// An address is kept so long at least: a miner connects some time after it has asked.
    static final long LEAST_SECONDS = 300;

    static final long MOST_SECONDS = 86_400;

    private final long[] highs = new long[SLOTS];
    private final long[] lows = new long[SLOTS];
    private final long[] ends = new long[SLOTS]; // packet time, ns; 0: empty
    private final int[] endpoints = new int[SLOTS];
    private final @Nullable String[] names = new String[SLOTS];
    private boolean anyLearned;

    /// @param name as asked for, lower case
    void learn(long high, long low, int endpoint, String name, long seconds, long nowNanos) {
        long endNanos = nowNanos + Math.clamp(seconds, LEAST_SECONDS, MOST_SECONDS) * SECOND;
        anyLearned = true;
        int slot = slotFor(high, low);
        highs[slot] = high;
        lows[slot] = low;
        endpoints[slot] = endpoint;
        names[slot] = name;
        ends[slot] = endNanos;
    }

    /// @return a handle for [#endpoint] and [#name], or -1
    int find(long high, long low, long nowNanos) {
        if (!anyLearned) {
            return Endpoints.NONE;
        }
        int set = set(high, low);
        for (int slot = set; slot < set + WAYS; slot++) {
            if (lows[slot] == low && highs[slot] == high && ends[slot] > nowNanos) {
                return slot;
            }
        }
        return Endpoints.NONE;
    }

    int endpoint(int handle) {
        return endpoints[handle];
    }

    String name(int handle) {
        String name = names[handle];
        return name == null ? "" : name;
    }

    /// The address's own slot, or else the one that ends soonest.
    private int slotFor(long high, long low) {
        int set = set(high, low);
        int victim = set;
        for (int slot = set; slot < set + WAYS; slot++) {
            if (lows[slot] == low && highs[slot] == high) {
                return slot;
            }
            victim = ends[slot] < ends[victim] ? slot : victim;
        }
        return victim;
    }

    private static int set(long high, long low) {
        long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xD6E8FEB86659FD93L;
        return (int) (mixed >>> 54) * WAYS;
    }
}
