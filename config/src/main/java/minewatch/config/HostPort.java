package minewatch.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A host (name or address; IPv6 in brackets when written) and a TCP or UDP port, `host:port`.
///
/// @param host without brackets
/// @param port 0 to 65535; 0 lets a listener choose
public record HostPort(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%]{2,})\\]|([A-Za-z0-9_.-]{1,253})):(\\d{1,5})");

    public HostPort {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    host + ":" + port + " (expected: a port up to 65535)");
        }
    }

    /// @throws IllegalArgumentException if the text has another form
    public static HostPort parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    text + " (expected: host:port or [IPv6 address]:port)");
        }
        String v6 = matcher.group(1);
        return new HostPort(v6 != null ? v6 : matcher.group(2), Integer.parseInt(matcher.group(3)));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
