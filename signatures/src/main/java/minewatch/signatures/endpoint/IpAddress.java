package minewatch.signatures.endpoint;

import java.net.Inet6Address;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Addresses written as text.
public final class IpAddress {
    private static final long MAPPED = 0xFFFF_0000_0000L; // ::ffff:0:0/96, RFC 4291 §2.5.5.2

    private IpAddress() {}

    /// The 128 bits of an address, IPv4 mapped; null where the text is none. Nothing is asked of
    /// the network.
    public static long @Nullable [] parse(String text) {
        if (text.indexOf(':') < 0) {
            long ipv4 = ipv4(text);
            return ipv4 < 0 ? null : new long[] {0, MAPPED | ipv4};
        }
        if (text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
            return null; // a scope is no part of an address on the wire
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Inet6Address.ofLiteral(text).getAddress());
            return bytes.remaining() == 4
                    ? new long[] {0, MAPPED | bytes.getInt() & 0xFFFF_FFFFL}
                    : new long[] {bytes.getLong(), bytes.getLong()};
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Four decimal numbers with dots between, 32 bits; -1 where the text is something else.
    private static long ipv4(String text) {
        long value = 0;
        int digits = 0;
        int number = 0;
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9' && digits < 3) {
                number = number * 10 + (c - '0');
                digits++;
            } else if (c == '.' && digits > 0 && number <= 255 && dots < 3) {
                value = value << 8 | number;
                dots++;
                number = 0;
                digits = 0;
            } else {
                return -1;
            }
        }
        return dots == 3 && digits > 0 && number <= 255 ? value << 8 | number : -1;
    }
}
