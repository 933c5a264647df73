package minewatch.collector.accept;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import minewatch.feed.trust.RevocationList;
import org.jspecify.annotations.Nullable;

/// The certificate a sensor's connection was made with. A connection outlives its handshake by
/// months, so whether the certificate still holds is asked again while it lasts.
final class PeerCertificate {
    private final @Nullable X509Certificate certificate;
    private final RevocationList revoked;

    PeerCertificate(@Nullable X509Certificate certificate, RevocationList revoked) {
        this.certificate = certificate;
        this.revoked = revoked;
    }

    static PeerCertificate of(@Nullable SSLSession session, RevocationList revoked) {
        return new PeerCertificate(session == null ? null : first(session), revoked);
    }

    private static @Nullable X509Certificate first(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? own : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /// The sensor it names; empty if there is none, or it names no sensor, or several.
    Optional<String> sensor() {
        return certificate == null ? Optional.empty() : SensorIdentity.of(certificate);
    }

    /// Why it does not hold any more; empty if it does.
    Optional<Lapse> lapse() {
        if (certificate == null) {
            return Optional.empty(); // and then it names no sensor either
        }
        Optional<Instant> at = revoked.revokedAt(certificate);
        if (at.isPresent()) {
            return Optional.of(
                    new Lapse(
                            RefusedCertificate.REVOKED,
                            "its certificate was revoked on "
                                    + at.get()
                                    + "; if that was a mistake, enrol the sensor anew"));
        }
        Instant end = certificate.getNotAfter().toInstant();
        return Instant.now().isAfter(end)
                ? Optional.of(
                        new Lapse(
                                RefusedCertificate.EXPIRED,
                                "its certificate has expired on "
                                        + end
                                        + "; enrol the sensor anew"))
                : Optional.empty();
    }

    /// @param kind as the metric names it
    record Lapse(String kind, String message) {}
}
