package minewatch.feed;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// IP addresses, bytes in network order ↔ text: IPv4 dotted, IPv6 as RFC 5952 writes it. No name is
/// ever looked up. An IPv4 address is 4 bytes; its IPv4-mapped 16 bytes are refused, so that one
/// address has one form.
public final class Addresses {
    private static final int GROUPS = 8; // 16 bits each

    private Addresses() {}

    /// @throws IllegalArgumentException if there are not 4 or 16 bytes, or they are IPv4-mapped
    public static String text(ByteString bytes) {
        return text(bytes.toByteArray());
    }

    /// @throws IllegalArgumentException if there are not 4 or 16 bytes, or they are IPv4-mapped
    public static String text(byte[] bytes) {
        if (!isAddress(bytes)) {
            throw new IllegalArgumentException(
                    "address of "
                            + bytes.length
                            + " bytes (expected: 4, or 16 that are not IPv4-mapped)");
        }
        return bytes.length == 4 ? ipv4Text(bytes) : ipv6Text(bytes);
    }

    /// Whether [#text(byte[])] accepts the bytes.
    public static boolean isAddress(byte[] bytes) {
        return bytes.length == 4 || (bytes.length == 16 && !isMapped(bytes));
    }

    /// @throws IllegalArgumentException if the text is no address
    public static ByteString parse(String text) {
        byte[] bytes = text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
        if (bytes == null || !isAddress(bytes)) {
            throw new IllegalArgumentException(text + " (expected: an IPv4 or IPv6 address)");
        }
        return ByteString.copyFrom(bytes);
    }

    private static boolean isMapped(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    private static String ipv4Text(byte[] bytes) {
        return (bytes[0] & 0xFF)
                + "."
                + (bytes[1] & 0xFF)
                + "."
                + (bytes[2] & 0xFF)
                + "."
                + (bytes[3] & 0xFF);
    }

    private static String ipv6Text(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xFF) << 8 | (bytes[2 * i + 1] & 0xFF);
        }
        int gap = longestZeroRun(groups);
        int gapEnd = gap < 0 ? -1 : gap + zerosFrom(groups, gap);
        var text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i = gapEnd - 1;
            } else {
                text.append(i == 0 || i == gapEnd ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    /// RFC 5952 §4.2: the first of the longest runs of two or more zero groups, else -1.
    private static int longestZeroRun(int[] groups) {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int length = zerosFrom(groups, i);
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
        }
        return best;
    }

    private static int zerosFrom(int[] groups, int start) {
        int end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - start;
    }

    private static byte @Nullable [] ipv4(String text) {
        String[] parts = text.split("\\.", 5);
        byte[] bytes = new byte[4];
        if (parts.length != bytes.length) {
            return null;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (!parts[i].matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(parts[i]) > 255) {
                return null;
            }
            bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
        return bytes;
    }

    private static byte @Nullable [] ipv6(String text) {
        if (text.length() > 45) {
            return null;
        }
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] bytes = groups(text, true);
            return bytes == null || bytes.length != 16 ? null : bytes;
        }
        byte[] head = groups(text.substring(0, gap), false);
        byte[] tail = groups(text.substring(gap + 2), true);
        if (head == null || tail == null || head.length + tail.length > 14) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    /// Colon-separated groups; where they end the address, the last may be a dotted IPv4 address.
    private static byte @Nullable [] groups(String text, boolean atEnd) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", GROUPS + 1);
        byte[] bytes = new byte[2 * parts.length + 2];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean dotted = atEnd && i == parts.length - 1 && parts[i].indexOf('.') > 0;
            byte[] part = dotted ? ipv4(parts[i]) : group(parts[i]);
            if (part == null) {
                return null;
            }
            System.arraycopy(part, 0, bytes, length, part.length);
            length += part.length;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static byte @Nullable [] group(String text) {
        if (!text.matches("[0-9A-Fa-f]{1,4}")) {
            return null;
        }
        int value = Integer.parseInt(text, 16);
        return new byte[] {(byte) (value >> 8), (byte) value};
    }
}
