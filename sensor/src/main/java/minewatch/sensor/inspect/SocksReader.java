package minewatch.sensor.inspect;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads what a client asks of a SOCKS proxy, versions 4, 4a and 5 (RFC 1928, RFC 1929, OpenSSH's
/// `SOCKS4.protocol` and `SOCKS4A.protocol`), for where it wants to go: the other end of the flow
/// is the proxy's. What follows is offered to the readers like any stream.
///
/// ```
///  5: 05 n methods(n)   [01 length user length password]   05 command 00 type address port(2)
///  4: 04 command port(2) address(4) user 0                  4a: address 0.0.0.x, then host 0
/// ```
final class SocksReader implements StreamReader {
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int DOMAIN = 3;
    private static final int IPV6 = 4;
    private static final int PASSWORD_VERSION = 1;
    private static final int MAX_METHODS = 10;
    private static final int MAX_METHOD = 9; // assigned by IANA
    private static final byte NO_METHOD = (byte) 0xFF;
    private static final int MAX_NAME_BYTES = 255;
    private static final int SOCKS4_FIXED_BYTES = 8;

    private final MessageFramer.Handler handler;
    private boolean greeted;

    SocksReader(MessageFramer.Handler handler) {
        this.handler = handler;
    }

    @Override
    public Start starts(byte[] data, int at, int to) {
        return switch (data[at]) {
            case 5 -> startsVersion5(data, at, to);
            case 4 -> startsVersion4(data, at, to);
            default -> Start.NO;
        };
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        if (!greeted && data[at] == 4) {
            return version4(data, at, to);
        }
        if (!greeted) {
            greeted = true;
            return at + 2 + data[at + 1];
        }
        return data[at] == PASSWORD_VERSION ? password(data, at, to) : request(data, at, to);
    }

    @Override
    public boolean isAtBoundary() {
        return !greeted;
    }

    @Override
    public void onGap() {
        greeted = false;
    }

    private static Start startsVersion5(byte[] data, int at, int to) {
        if (to - at < 2) {
            return Start.MAYBE;
        }
        int methods = data[at + 1];
        if (methods < 1 || methods > MAX_METHODS) {
            return Start.NO;
        }
        int end = at + 2 + methods;
        for (int i = at + 2; i < Math.min(end, to); i++) {
            if (data[i] > MAX_METHOD || data[i] == NO_METHOD) { // private ones are negative
                return Start.NO;
            }
        }
        if (to < end) {
            return Start.MAYBE;
        }
        return to == end || data[end] == 5 || data[end] == PASSWORD_VERSION ? Start.YES : Start.NO;
    }

    private static Start startsVersion4(byte[] data, int at, int to) {
        if (to - at >= 2 && data[at + 1] != CONNECT) {
            return Start.NO;
        }
        if (to - at < SOCKS4_FIXED_BYTES) {
            return Start.MAYBE;
        }
        int end = zero(data, at + SOCKS4_FIXED_BYTES, to);
        return end < 0 ? Start.NO : end == to ? Start.MAYBE : Start.YES;
    }

    private int version4(byte[] data, int at, int to) {
        int user = zero(data, at + SOCKS4_FIXED_BYTES, to);
        boolean named = data[at + 4] == 0 && data[at + 5] == 0 && data[at + 6] == 0;
        int end = named && data[at + 7] != 0 ? zero(data, user + 1, to) : user;
        if (end == to) {
            return -1;
        }
        if (end == user) {
            tunnel(address(data, at + 4, at + 8), port(data, at + 2));
        } else if (end > 0) {
            tunnel(name(data, user + 1, end), port(data, at + 2));
        }
        return end < 0 ? user + 1 : end + 1;
    }

    private int password(byte[] data, int at, int to) {
        int user = at + 1 < to ? data[at + 1] & 0xFF : 0;
        int lengthAt = at + 2 + user;
        if (lengthAt >= to) {
            return -1;
        }
        int end = lengthAt + 1 + (data[lengthAt] & 0xFF);
        return end > to ? -1 : end;
    }

    private int request(byte[] data, int at, int to) {
        if (data[at] != 5 || (to - at > 2 && data[at + 2] != 0)) {
            greeted = false;
            return at;
        }
        if (to - at < 5) {
            return -1;
        }
        int length =
                switch (data[at + 3]) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case DOMAIN -> 1 + (data[at + 4] & 0xFF);
                    default -> -1;
                };
        int end = at + 4 + length + 2;
        if (length > 0 && to < end) {
            return -1;
        }
        greeted = false;
        if (length < 0) {
            return at;
        }
        if (data[at + 1] == CONNECT) {
            boolean named = data[at + 3] == DOMAIN;
            tunnel(
                    named ? name(data, at + 5, end - 2) : address(data, at + 4, end - 2),
                    port(data, end - 2));
        }
        return end;
    }

    private void tunnel(Tunnel.@Nullable Host host, int port) {
        if (host != null && port != 0) {
            handler.onTunnel(new Tunnel(host.name(), host.address(), port, "socks"));
        }
    }

    /// Index of the zero that ends a name; `to` if none yet, −1 if this is no name.
    private static int zero(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] == 0) {
                return i;
            }
            if (data[i] <= ' ' || data[i] == 0x7F || i - from >= MAX_NAME_BYTES) {
                return -1;
            }
        }
        return to;
    }

    private static int port(byte[] data, int at) {
        return (data[at] & 0xFF) << 8 | data[at + 1] & 0xFF;
    }

    private static Tunnel.@Nullable Host name(byte[] data, int from, int to) {
        return Tunnel.Host.of(new String(data, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static Tunnel.@Nullable Host address(byte[] data, int from, int to) {
        byte[] bytes = Arrays.copyOfRange(data, from, to);
        try {
            InetAddress address = InetAddress.getByAddress(bytes); // IPv4-mapped becomes IPv4
            return new Tunnel.Host(address.getHostAddress(), address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(bytes.length + " bytes (expected: 4 or 16)", e);
        }
    }
}
