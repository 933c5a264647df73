package minewatch.sensor.capture;

/// One interface description (draft-ietf-opsawg-pcapng §4.2): link type and the meaning of its
/// timestamps.
final class PcapngInterface {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int NANO_EXPONENT = 9;
    private static final int LARGEST_EXPONENT = 18; // 10^18 fits in a long

    private final int linkType;
    private final int snapLength;
    private boolean binary;
    private int exponent = 6; // microseconds, where no option says otherwise
    private long offsetNanos;

    PcapngInterface(int linkType, int snapLength) {
        this.linkType = linkType;
        this.snapLength = snapLength;
    }

    int linkType() {
        return linkType;
    }

    /// Bytes held of a frame of this length: a snap length of 0 is none.
    int captured(int wireLength) {
        return snapLength == 0 || Integer.compareUnsigned(snapLength, wireLength) > 0
                ? wireLength
                : snapLength;
    }

    /// @param value `if_tsresol`: a power of 10, or of 2 where the highest bit is set
    void resolution(int value) {
        binary = (value & 0x80) != 0;
        exponent = value & 0x7F;
    }

    /// @param seconds `if_tsoffset`: added to every timestamp
    void offsetSeconds(long seconds) {
        offsetNanos = seconds * NANOS_PER_SECOND;
    }

    /// @param ticks unsigned 64 bits
    /// @return ns since the Unix epoch
    long nanos(long ticks) {
        return offsetNanos + (binary ? fromBinary(ticks) : fromDecimal(ticks));
    }

    private long fromDecimal(long ticks) {
        if (exponent <= NANO_EXPONENT) {
            return ticks * powerOfTen(NANO_EXPONENT - exponent);
        }
        int excess = exponent - NANO_EXPONENT;
        return excess > LARGEST_EXPONENT ? 0 : Long.divideUnsigned(ticks, powerOfTen(excess));
    }

    private long fromBinary(long ticks) {
        if (exponent == 0) {
            return ticks * NANOS_PER_SECOND;
        }
        if (exponent >= Long.SIZE) {
            return 0;
        }
        long seconds = ticks >>> exponent;
        long fraction = ticks << (Long.SIZE - exponent); // of 2^64
        return seconds * NANOS_PER_SECOND + Math.unsignedMultiplyHigh(fraction, NANOS_PER_SECOND);
    }

    private static long powerOfTen(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }
}
