package minewatch.sensor.inspect.endpoint;

import java.util.Locale;

/// How a pool gave itself away.
public enum Clue {
    /// Its name was asked for, or its address learned from the answer.
    DNS("dns"),
    /// Its address is on a list.
    ADDRESS("ip"),
    /// A TLS client named it (RFC 6066 §3).
    SNI("sni"),
    /// A TLS server's certificate names it.
    CERTIFICATE("certificate"),
    /// An HTTP request named it.
    HOST("host");

    private final String label;

    Clue(String label) {
        this.label = label;
    }

    /// As it stands in `pools[].by`.
    public String label() {
        return label;
    }

    /// As it stands in a hit's evidence.
    public String evidence() {
        return "endpoint." + name().toLowerCase(Locale.ROOT);
    }
}
