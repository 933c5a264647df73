package minewatch.signatures.lexer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A 64-bit hash of bytes, eight at a time: it tells texts of one connection apart, and is no
/// defence against someone who wants two of them to look the same.
public final class ByteHash {
    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long FACTOR = 0x9E3779B97F4A7C15L; // 2^64 divided by the golden ratio

    private ByteHash() {}

    /// Never 0.
    public static long of(byte[] bytes, int from, int to) {
        long hash = (to - from) * FACTOR;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = mixed(hash ^ (long) WORD.get(bytes, at));
        }
        hash = mixed(hash ^ rest(bytes, at, to));
        return hash == 0 ? 1 : hash;
    }

    /// Fewer than eight bytes as a number, the first of them lowest.
    static long rest(byte[] bytes, int from, int to) {
        if (from + Long.BYTES <= bytes.length) {
            return (long) WORD.get(bytes, from) & ~(-1L << ((to - from) << 3));
        }
        long rest = 0;
        for (int at = to - 1; at >= from; at--) {
            rest = rest << 8 | bytes[at] & 0xFF;
        }
        return rest;
    }

    private static long mixed(long hash) {
        long product = hash * FACTOR;
        return product ^ product >>> 32;
    }
}
