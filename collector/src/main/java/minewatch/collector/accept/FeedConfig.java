package minewatch.collector.accept;

import java.nio.file.Path;
import minewatch.config.HostPort;
import minewatch.config.Setting;

/// Where sensors connect, and by what both sides know each other.
///
/// @param listen address and TCP port; port 0 takes any free one
public record FeedConfig(@Setting(byDefault = "0.0.0.0:7443") HostPort listen, Tls tls) {
    /// Files in PEM form, read at start.
    ///
    /// @param ca the authorities a sensor's certificate may come from
    /// @param certificate the collector's own, with what chains it to the authority; names the host
    ///   sensors connect to
    /// @param key PKCS 8, not encrypted: the certificate's private key
    public record Tls(
            @Setting(byDefault = "/etc/minewatch/ca.pem") Path ca,
            @Setting(byDefault = "/etc/minewatch/collector.pem") Path certificate,
            @Setting(byDefault = "/etc/minewatch/collector.key") Path key) {}
}
