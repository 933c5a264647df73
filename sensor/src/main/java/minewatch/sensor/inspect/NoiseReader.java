package minewatch.sensor.inspect;

/// Reads one direction of an opaque connection as nothing but the sizes of its segments, if it
/// begins with as many random bytes as a Noise handshake of Stratum V2 does.
///
/// - **Memory:** none: no byte is looked at twice.
final class NoiseReader implements StreamReader {
    private static final int DISTINCT_OF_64 = 46;

    private final NoiseSizes sizes;
    private final MessageFramer.Handler handler;
    private boolean untouched;
    private boolean miner;
    private boolean reading;

    /// @param fromStart whether the connection was seen from its first segment on
    NoiseReader(NoiseSizes sizes, MessageFramer.Handler handler, boolean fromStart) {
        this.sizes = sizes;
        this.handler = handler;
        this.untouched = fromStart;
    }

    /// Only the first bytes of a direction are ever tried, and only in one piece.
    @Override
    public Start starts(byte[] data, int at, int to) {
        if (!untouched) {
            return Start.NO;
        }
        untouched = false;
        int size = to - at;
        boolean first =
                size == NoiseSizes.FIRST_OF_MINER
                        || size == NoiseSizes.FIRST_OF_POOL
                        || size == NoiseSizes.FIRST_OF_POOL_SHORT;
        return first && Wire.distinct(data, at, at + 64) >= DISTINCT_OF_64 ? Start.YES : Start.NO;
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        int size = to - at;
        if (!reading) {
            reading = true;
            miner = size == NoiseSizes.FIRST_OF_MINER;
        }
        if (miner) {
            sizes.onMiner(size, handler, timeNanos);
        } else {
            sizes.onPool(size, handler, timeNanos);
        }
        return to;
    }

    @Override
    public boolean isAtBoundary() {
        return !reading || sizes.isRefuted();
    }

    /// A lost segment is a size not seen: those that follow still fit, or do not.
    @Override
    public void onGap() {}
}
