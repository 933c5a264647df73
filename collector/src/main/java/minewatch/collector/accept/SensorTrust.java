package minewatch.collector.accept;

import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLEngine;
import minewatch.feed.trust.PeerTrust;
import minewatch.feed.trust.RevocationList;

/// Trusts sensors, also where they resume an earlier TLS session: TLS itself would let them in by
/// that session alone, for as long as two days, whatever became of their certificates since.
final class SensorTrust extends PeerTrust implements ResumableX509ExtendedTrustManager {
    private static final String ANY_KEY = "UNKNOWN"; // of no account for clients

    SensorTrust(
            Collection<X509Certificate> authorities,
            RevocationList revoked,
            BiConsumer<X509Certificate, CertificateException> refused) {
        super(authorities, revoked, refused);
    }

    @Override
    public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, ANY_KEY);
    }

    @Override
    public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("sensors are clients");
    }
}
