package minewatch.sensor.inspect.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/// The parts JA4 fingerprints are made of.
///
/// Source: FoxIO, JA4 technical details (JA4 and JA4S).
final class Ja4 {
    private static final String NOTHING = "000000000000";

    private Ja4() {}

    /// RFC 8701: values that mean nothing and differ each time.
    static boolean isGrease(int value) {
        return (value & 0x0F0F) == 0x0A0A && value >>> 8 == (value & 0xFF);
    }

    static String version(int version) {
        return switch (version) {
            case 0x0304 -> "13";
            case 0x0303 -> "12";
            case 0x0302 -> "11";
            case 0x0301 -> "10";
            case 0x0300 -> "s3";
            case 0x0002 -> "s2";
            default -> "00";
        };
    }

    static String count(int count) {
        int shown = Math.min(count, 99);
        return "" + (char) ('0' + shown / 10) + (char) ('0' + shown % 10);
    }

    /// First and last character of the first protocol; of their hexadecimal where they are none of
    /// letters and digits.
    static String alpn(int first, int last) {
        if (first < 0) {
            return "00";
        }
        if (isAlphanumeric(first) && isAlphanumeric(last)) {
            return "" + (char) first + (char) last;
        }
        HexFormat hex = HexFormat.of();
        return ""
                + hex.toHexDigits((byte) first).charAt(0)
                + hex.toHexDigits((byte) last).charAt(1);
    }

    static String hex(int[] values, int count) {
        HexFormat hex = HexFormat.of();
        return Arrays.stream(values, 0, count)
                .mapToObj(value -> hex.toHexDigits((short) value))
                .collect(Collectors.joining(","));
    }

    static String hash(String text) {
        if (text.isEmpty()) {
            return NOTHING;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }

    private static boolean isAlphanumeric(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
