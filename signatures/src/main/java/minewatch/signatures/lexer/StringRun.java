package minewatch.signatures.lexer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The part of a JSON string that needs no look at its single bytes, found eight at a time.
public final class StringRun {
    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    private StringRun() {}

    /// @return index of the first quote, backslash or control character (below U+0020) in
    ///   `text[from, to)`, or `to`
    public static int end(byte[] text, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to) {
            long word = (long) WORD.get(text, at);
            long stops = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | controls(word);
            if (stops != 0) {
                return at + (Long.numberOfTrailingZeros(stops) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < to && !isStop(text[at])) {
            at++;
        }
        return at;
    }

    private static boolean isStop(byte b) {
        return b == '"' || b == '\\' || (b >= 0 && b < ' ');
    }

    /// The high bits of bytes that are zero; above the first there may be more than there should.
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }

    /// As [#zeros], of bytes from 0 to 0x1F.
    private static long controls(long word) {
        return (word - SPACES) & ~word & HIGH_BITS;
    }
}
