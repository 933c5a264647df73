package minewatch.signatures.lexer;

import java.nio.charset.StandardCharsets;

/// Numbers read from bytes without making objects.
public final class Numbers {
    private static final int MAX_DIGITS = 18; // a long holds as many in full
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    private static final byte[] HEX = hexTable();

    private Numbers() {}

    /// Where the JSON number at `start` ends (RFC 8259 §6), or `-1 - position` of the byte that is
    /// none; that position is `end` where the number was cut short.
    public static int endOfDecimal(byte[] text, int start, int end) {
        int at = start;
        if (at < end && text[at] == '-') {
            at++;
        }
        if (at < end && text[at] == '0') {
            at++;
        } else {
            int digits = skipDigits(text, at, end);
            if (digits == at) {
                return -1 - at;
            }
            at = digits;
        }
        if (at < end && text[at] == '.') {
            int digits = skipDigits(text, at + 1, end);
            if (digits == at + 1) {
                return -1 - digits;
            }
            at = digits;
        }
        if (at < end && (text[at] | 0x20) == 'e') {
            at++;
            if (at < end && (text[at] == '+' || text[at] == '-')) {
                at++;
            }
            int digits = skipDigits(text, at, end);
            if (digits == at) {
                return -1 - digits;
            }
            at = digits;
        }
        return at;
    }

    /// The value of a JSON number that fills `text[start, end)`, to about 15 digits; NaN if the
    /// bytes are none.
    public static double decimal(byte[] text, int start, int end) {
        if (endOfDecimal(text, start, end) != end) {
            return Double.NaN;
        }
        boolean negative = text[start] == '-';
        long mantissa = 0;
        int digits = 0;
        int scale = 0; // power of ten
        boolean fraction = false;
        int at = negative ? start + 1 : start;
        for (; at < end && (text[at] | 0x20) != 'e'; at++) {
            if (text[at] == '.') {
                fraction = true;
                continue;
            }
            if (digits < MAX_DIGITS) {
                mantissa = mantissa * 10 + (text[at] - '0');
                digits += mantissa == 0 ? 0 : 1;
                scale -= fraction ? 1 : 0;
            } else {
                scale += fraction ? 0 : 1;
            }
        }
        double value = scaled(mantissa, scale + exponent(text, at + 1, end));
        return negative ? -value : value;
    }

    /// The same of a string. Allocates.
    public static double decimal(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return decimal(bytes, 0, bytes.length);
    }

    /// The value of hexadecimal digits with or without `0x`, NaN if the bytes are none. Exact up to
    /// 53 bits, rounded above.
    public static double hexadecimal(byte[] text, int start, int end) {
        int at = hasHexPrefix(text, start, end) ? start + 2 : start;
        if (at == end) {
            return Double.NaN;
        }
        double value = 0;
        for (; at < end; at++) {
            int digit = hexDigit(text[at]);
            if (digit < 0) {
                return Double.NaN;
            }
            value = value * 16 + digit;
        }
        return value;
    }

    /// Writes the bytes that pairs of hexadecimal digits stand for.
    ///
    /// @param at where in `bytes`, which has room for them
    /// @return index after them; −1 if `text[start, end)` is no pairs of digits
    public static int bytes(byte[] text, int start, int end, byte[] bytes, int at) {
        if ((end - start & 1) != 0) {
            return -1;
        }
        int written = at;
        int invalid = 0;
        for (int i = start; i < end; i += 2) {
            int high = hexDigit(text[i]);
            int low = hexDigit(text[i + 1]);
            invalid |= high | low;
            bytes[written++] = (byte) (high << 4 | low);
        }
        return invalid < 0 ? -1 : written;
    }

    /// Whether the bytes begin with `0x` or `0X`.
    public static boolean hasHexPrefix(byte[] text, int start, int end) {
        return end - start >= 2 && text[start] == '0' && (text[start + 1] | 0x20) == 'x';
    }

    /// 0 to 15, or -1.
    public static int hexDigit(byte c) {
        return HEX[c & 0xFF];
    }

    private static byte[] hexTable() {
        byte[] table = new byte[256];
        for (int c = 0; c < table.length; c++) {
            table[c] = (byte) (c < 128 ? Character.digit(c, 16) : -1);
        }
        return table;
    }

    private static int skipDigits(byte[] text, int start, int end) {
        int at = start;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }

    /// An exponent's digits with sign; 0 if there are none. Beyond ±9,999 it makes no difference.
    private static int exponent(byte[] text, int start, int end) {
        if (start >= end) {
            return 0;
        }
        boolean negative = text[start] == '-';
        int value = 0;
        for (int at = negative || text[start] == '+' ? start + 1 : start; at < end; at++) {
            value = Math.min(9_999, value * 10 + (text[at] - '0'));
        }
        return negative ? -value : value;
    }

    private static double scaled(long mantissa, int scale) {
        if (mantissa == 0) {
            return 0;
        }
        if (scale >= 0) {
            return scale < POWERS_OF_TEN.length
                    ? mantissa * POWERS_OF_TEN[scale]
                    : mantissa * Math.pow(10, scale);
        }
        if (-scale < POWERS_OF_TEN.length) {
            return mantissa / POWERS_OF_TEN[-scale];
        }
        // In two steps: 10^-330 alone would be 0, though mantissa × 10^-330 need not be.
        return scale < -300
                ? mantissa / 1e300 / Math.pow(10, -300 - scale)
                : mantissa / Math.pow(10, -scale);
    }
}
