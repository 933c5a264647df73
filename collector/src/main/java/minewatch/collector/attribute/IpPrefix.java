package minewatch.collector.attribute;

import minewatch.feed.Addresses;

/// An IPv4 or IPv6 prefix: `10.77.1.24/30`. Host bits are zero.
///
/// @param ipv6 family
/// @param high upper 64 bits of an IPv6 address; 0 for IPv4
/// @param low lower 64 bits; an IPv4 address fills the lower 32 of them
/// @param length prefix length, 0 to 32 or 0 to 128
public record IpPrefix(boolean ipv6, long high, long low, int length) {
    public IpPrefix {
        if (length < 0 || length > (ipv6 ? 128 : 32)) {
            throw new IllegalArgumentException("prefix length: " + length);
        }
    }

    /// @param address 4 or 16 octets, network order
    /// @param length prefix length; bits after it are cleared
    public static IpPrefix of(byte[] address, int length) {
        boolean ipv6 = address.length == 16;
        long high = ipv6 ? Octets.high(address) : 0;
        long low = Octets.low(address);
        int bits = ipv6 ? 128 : 32;
        int host = bits - length;
        long lowMask = host >= 64 ? 0 : host == 0 ? -1L : -1L << host;
        long highMask = host <= 64 ? -1L : host == 128 ? 0 : -1L << (host - 64);
        return new IpPrefix(ipv6, high & highMask, low & lowMask, length);
    }

    /// Upper 64 bits of the last address.
    long lastHigh() {
        int host = (ipv6 ? 128 : 32) - length;
        return host <= 64 ? high : host == 128 ? -1L : high | ~(-1L << (host - 64));
    }

    /// Lower 64 bits of the last address.
    long lastLow() {
        int host = (ipv6 ? 128 : 32) - length;
        return host >= 64 ? -1L : low | ~(-1L << host);
    }

    @Override
    public String toString() {
        return Addresses.text(Octets.of(ipv6, high, low)) + "/" + length;
    }

    /// Addresses as octets and as numbers.
    static final class Octets {
        private Octets() {}

        static long high(byte[] address) {
            return read(address, 0, 8);
        }

        static long low(byte[] address) {
            return address.length == 16 ? read(address, 8, 8) : read(address, 0, 4);
        }

        static byte[] of(boolean ipv6, long high, long low) {
            byte[] octets = new byte[ipv6 ? 16 : 4];
            for (int i = octets.length - 1, shift = 0; i >= 0; i--, shift += 8) {
                octets[i] = (byte) (shift < 64 ? low >>> shift : high >>> (shift - 64));
            }
            return octets;
        }

        private static long read(byte[] octets, int from, int count) {
            long value = 0;
            for (int i = from; i < from + count; i++) {
                value = (value << 8) | (octets[i] & 0xFF);
            }
            return value;
        }
    }
}
