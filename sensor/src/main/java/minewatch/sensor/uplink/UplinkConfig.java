package minewatch.sensor.uplink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import minewatch.config.HostPort;
import minewatch.config.Setting;
import org.jspecify.annotations.Nullable;

/// Which collector the hits go to, and who this sensor is to it. The files are read again at every
/// connection attempt, so that a renewed certificate needs no restart.
///
/// @param collector its certificate must name this host
/// @param fallbacks further collectors of the same database, tried in turn when one fails
/// @param ca PEM: the authorities a collector's certificate may come from
/// @param certificate PEM: this sensor's certificate and what chains it to the authority
/// @param key PEM, PKCS 8, not encrypted: the certificate's private key
/// @param crl collectors' certificates that were revoked; none: nobody is
/// @param heartbeat time between two heartbeats
public record UplinkConfig(
        HostPort collector,
        List<HostPort> fallbacks,
        @Setting(byDefault = "/etc/minewatch/ca.pem") Path ca,
        @Setting(byDefault = "/etc/minewatch/sensor.pem") Path certificate,
        @Setting(byDefault = "/etc/minewatch/sensor.key") Path key,
        @Nullable Path crl,
        @Setting(byDefault = "10s", min = "100ms", max = "10m") Duration heartbeat) {

    /// How many collectors there are to try.
    int collectors() {
        return 1 + fallbacks.size();
    }

    /// The same with one of the collectors in the first place.
    ///
    /// @param number 0 is `collector`; counts round
    UplinkConfig at(int number) {
        int index = number % collectors();
        HostPort one = index == 0 ? collector : fallbacks.get(index - 1);
        return new UplinkConfig(one, fallbacks, ca, certificate, key, crl, heartbeat);
    }
}
