package minewatch.sensor.inspect;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a flow goes that ends at a proxy, as the client told the proxy.
///
/// @param host name or address
/// @param address the 4 or 16 bytes of an address, network order; null where it is a name
/// @param port 1 to 65535
/// @param by how it is known: `socks` or `http-connect`
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record Tunnel(String host, byte @Nullable [] address, int port, String by) {

    /// A host that a proxy was asked for.
    @SuppressWarnings("ArrayRecordComponent") // read only, never compared
    record Host(String name, byte @Nullable [] address) {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,252})");
        private static final Pattern IPV4 =
                Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

        /// A host as a client writes it; null if it cannot be one.
        static @Nullable Host of(String text) {
            if (!NAME.matcher(text).matches()) {
                return null;
            }
            return new Host(text, ipv4(text));
        }

        private static byte @Nullable [] ipv4(String text) {
            var match = IPV4.matcher(text);
            if (!match.matches()) {
                return null;
            }
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int value = Integer.parseInt(match.group(i + 1));
                if (value > 255) {
                    return null;
                }
                bytes[i] = (byte) value;
            }
            return bytes;
        }
    }
}
