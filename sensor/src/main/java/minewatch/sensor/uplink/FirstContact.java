package minewatch.sensor.uplink;

import com.google.protobuf.ByteString;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import minewatch.feed.trust.EnrolmentToken;
import minewatch.feed.trust.PeerTrust;
import minewatch.feed.trust.RevocationList;
import org.jspecify.annotations.Nullable;

/// Trusts the collector whose authority a token names. The authority's certificate comes with the
/// handshake, and is believed for its fingerprint; then the collector's is checked as always.
final class FirstContact extends X509ExtendedTrustManager {
    static final String ANOTHER = "no certificate of the authority that the token names";

    private final ByteString fingerprint;
    private volatile @Nullable X509Certificate authority;

    FirstContact(ByteString fingerprint) {
        this.fingerprint = fingerprint;
    }

    /// The authority; null before a handshake that went well.
    @Nullable X509Certificate authority() {
        return authority;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509Certificate anchor =
                Arrays.stream(chain)
                        .filter(one -> EnrolmentToken.fingerprint(one).equals(fingerprint))
                        .findFirst()
                        .orElseThrow(() -> new CertificateException(ANOTHER));
        X509Certificate[] rest =
                Arrays.stream(chain)
                        .filter(one -> !one.equals(anchor))
                        .toArray(X509Certificate[]::new);
        if (rest.length == 0) {
            throw new CertificateException("a collector that is its own authority");
        }
        new PeerTrust(List.of(anchor), RevocationList.none(), (_, _) -> {})
                .checkServerTrusted(rest, authType, engine);
        authority = anchor;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw onlyByEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw onlyByEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw onlyByEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw onlyByEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw onlyByEngine();
    }

    /// Netty asks with its engine, which knows the host name; nobody else asks.
    private static CertificateException onlyByEngine() {
        return new CertificateException("a host name is needed to check a certificate");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
