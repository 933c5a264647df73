package minewatch.sensor.inspect.endpoint;

/// Name servers that ask on behalf of others: whoever was seen to answer with RA set (RFC 1035
/// §4.1.1). A small table in which a newcomer takes the place of another.
///
/// - **Thread:** the worker's own.
final class Resolvers {
    private static final int SLOTS = 1 << 10;

    private final long[] highs = new long[SLOTS];
    private final long[] lows = new long[SLOTS]; // 0: empty

    void add(long high, long low) {
        int slot = slot(high, low);
        highs[slot] = high;
        lows[slot] = low;
    }

    boolean contains(long high, long low) {
        int slot = slot(high, low);
        return lows[slot] == low && highs[slot] == high;
    }

    private static int slot(long high, long low) {
        long mixed = (high * 0x9E3779B97F4A7C15L ^ low) * 0xD6E8FEB86659FD93L;
        return (int) (mixed >>> 54);
    }
}
