package minewatch.sensor.output;

import java.nio.file.Path;
import minewatch.config.HostPort;
import minewatch.config.Setting;
import org.jspecify.annotations.Nullable;

/// A syslog server beside the collector, over TLS (RFC 5425).
///
/// @param server its certificate must name this host; none: nothing is sent
/// @param ca PEM: the authorities its certificate may come from
/// @param certificate PEM: shown to a server that asks for one
/// @param key PEM, PKCS 8, not encrypted: the certificate's private key
/// @param facility as numbered in RFC 5424, table 1; 16 is local0
public record SyslogConfig(
        @Nullable HostPort server,
        @Setting(byDefault = "/etc/minewatch/ca.pem") Path ca,
        @Nullable Path certificate,
        @Nullable Path key,
        @Setting(byDefault = "16", min = "0", max = "23") int facility) {
    public SyslogConfig {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    "outputs.syslog."
                            + (key == null ? "key" : "certificate")
                            + ": absent (expected: both of certificate and key, or neither)");
        }
    }
}
