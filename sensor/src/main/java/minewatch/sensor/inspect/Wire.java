package minewatch.sensor.inspect;

/// Integers in byte arrays, in either byte order, and how random bytes look.
final class Wire {
    private Wire() {}

    static int u8(byte[] data, int at) {
        return data[at] & 0xFF;
    }

    static int u16Little(byte[] data, int at) {
        return u8(data, at) | u8(data, at + 1) << 8;
    }

    static int u16Big(byte[] data, int at) {
        return u8(data, at) << 8 | u8(data, at + 1);
    }

    static int u24Little(byte[] data, int at) {
        return u16Little(data, at) | u8(data, at + 2) << 16;
    }

    static int i32Little(byte[] data, int at) {
        return u16Little(data, at) | u16Little(data, at + 2) << 16;
    }

    static int i32Big(byte[] data, int at) {
        return u16Big(data, at) << 16 | u16Big(data, at + 2);
    }

    static long u32Little(byte[] data, int at) {
        return i32Little(data, at) & 0xFFFF_FFFFL;
    }

    static long i64Little(byte[] data, int at) {
        return u32Little(data, at) | (long) i32Little(data, at + 4) << 32;
    }

    static long i64Big(byte[] data, int at) {
        return (long) i32Big(data, at) << 32 | i32Big(data, at + 4) & 0xFFFF_FFFFL;
    }

    static boolean isZero(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /// How many different byte values there are: of 64 random bytes 57 ± 2.4, of 16 random ones
    /// 15.5 ± 0.6; text and structures have far fewer.
    static int distinct(byte[] data, int from, int to) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (int i = from; i < to; i++) {
            long bit = 1L << (data[i] & 63);
            switch (data[i] >> 6 & 3) {
                case 0 -> a |= bit;
                case 1 -> b |= bit;
                case 2 -> c |= bit;
                default -> d |= bit;
            }
        }
        return Long.bitCount(a) + Long.bitCount(b) + Long.bitCount(c) + Long.bitCount(d);
    }
}
