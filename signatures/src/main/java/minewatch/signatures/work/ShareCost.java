package minewatch.signatures.work;

import java.nio.charset.StandardCharsets;
import minewatch.signatures.WorkRule;
import minewatch.signatures.lexer.Numbers;

/// Expected hashes (or solutions) a share, by a dialect's [WorkRule].
public final class ShareCost {
    private static final double TWO_TO_32 = 0x1p32;
    private static final double TWO_TO_64 = 0x1p64;
    private static final double TWO_TO_256 = 0x1p256;
    private static final int MANTISSA_BITS = 24;

    private ShareCost() {}

    /// Hashes a share at a pool difficulty; NaN where the rule knows none or it is not above 0.
    public static double ofDifficulty(WorkRule rule, double difficulty) {
        double hashes = difficulty * rule.hashesPerDifficulty();
        return finite(hashes);
    }

    private static double finite(double hashes) {
        return hashes > 0 && hashes < Double.POSITIVE_INFINITY ? hashes : Double.NaN;
    }

    /// Hashes a share under a target as it stands on the wire; NaN where that cannot be read.
    public static double ofTarget(WorkRule rule, String target) {
        byte[] digits = target.getBytes(StandardCharsets.ISO_8859_1);
        return switch (rule.targetForm()) {
            case NONE -> Double.NaN;
            case BIG_ENDIAN_256 -> ofBigEndian(digits);
            case LITTLE_ENDIAN_256 ->
                    digits.length == 64 ? ofBigEndian(reversed(digits)) : Double.NaN;
            case CRYPTONOTE -> ofCryptonote(digits);
            case DECIMAL -> finite(TWO_TO_256 / Numbers.decimal(digits, 0, digits.length));
            case BEAM -> ofPacked(Numbers.decimal(digits, 0, digits.length));
        };
    }

    private static double ofBigEndian(byte[] digits) {
        int count = digits.length - (Numbers.hasHexPrefix(digits, 0, digits.length) ? 2 : 0);
        double target = Numbers.hexadecimal(digits, 0, digits.length);
        return count <= 64 ? TWO_TO_256 / (target + 1) : Double.NaN;
    }

    private static double ofPacked(double packed) {
        if (!(packed >= 0 && packed < TWO_TO_32) || packed != Math.rint(packed)) {
            return Double.NaN;
        }
        long bits = (long) packed;
        double mantissa = (1 << MANTISSA_BITS) + (bits & ((1 << MANTISSA_BITS) - 1));
        return Math.scalb(mantissa, (int) (bits >>> MANTISSA_BITS) - MANTISSA_BITS);
    }

    /// Little-endian: the byte pairs are read backwards.
    private static double ofCryptonote(byte[] digits) {
        if ((digits.length != 8 && digits.length != 16)
                || Numbers.hasHexPrefix(digits, 0, digits.length)) {
            return Double.NaN;
        }
        byte[] reversed = reversed(digits);
        double target = Numbers.hexadecimal(reversed, 0, reversed.length);
        double space = digits.length == 8 ? TWO_TO_32 : TWO_TO_64;
        return target > 0 ? space / target : Double.NaN;
    }

    private static byte[] reversed(byte[] digits) {
        byte[] reversed = new byte[digits.length];
        for (int i = 0; i < digits.length; i += 2) {
            reversed[digits.length - 2 - i] = digits[i];
            reversed[digits.length - 1 - i] = digits[i + 1];
        }
        return reversed;
    }
}
