package minewatch.feed;

import com.google.protobuf.ByteString;
import java.util.Arrays;

/// The network a source is counted to where hits are shared out: /16 of IPv4, /32 of IPv6, what a
/// regional registry gives an ISP or a large customer.
public final class SourcePrefix {
    private static final int IPV4_BYTES = 4;
    private static final int KEPT_IPV4 = 2; // bytes
    private static final int KEPT_IPV6 = 4;

    private SourcePrefix() {}

    /// As `10.77.0.0/16` or `2001:db8::/32`.
    ///
    /// @param address 4 or 16 bytes
    public static String of(ByteString address) {
        boolean ipv4 = address.size() == IPV4_BYTES;
        int kept = ipv4 ? KEPT_IPV4 : KEPT_IPV6;
        byte[] network = Arrays.copyOf(address.substring(0, kept).toByteArray(), address.size());
        return Addresses.text(network) + "/" + kept * Byte.SIZE;
    }
}
