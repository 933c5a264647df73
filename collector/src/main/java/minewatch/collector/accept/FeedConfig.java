package minewatch.collector.accept;

import java.nio.file.Path;
import minewatch.config.HostPort;
import minewatch.config.Setting;
import org.jspecify.annotations.Nullable;

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
    /// @param crl the authorities' certificates that were revoked; read again when it changes.
    ///   None: `crl.pem` beside `ca`, if there is one
    public record Tls(
            @Setting(byDefault = "/etc/minewatch/ca.pem") Path ca,
            @Setting(byDefault = "/etc/minewatch/collector.pem") Path certificate,
            @Setting(byDefault = "/etc/minewatch/collector.key") Path key,
            @Nullable Path crl) {
        /// Where the list of revoked certificates is, if there is one.
        public Path crlFile() {
            return crl == null ? ca.resolveSibling("crl.pem") : crl;
        }
    }
}
