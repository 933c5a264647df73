package minewatch.feed.trust;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRLReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Java's own check of a certificate chain (RFC 5280 §6: authority, dates, usage, host name), and
/// after it whether a certificate of the chain was revoked.
public class PeerTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager chains;
    private final RevocationList revoked;
    private final BiConsumer<X509Certificate, CertificateException> refused;

    /// @param authorities from which a certificate may come
    /// @param refused told each certificate that is not trusted, and why
    public PeerTrust(
            Collection<X509Certificate> authorities,
            RevocationList revoked,
            BiConsumer<X509Certificate, CertificateException> refused) {
        this.chains = chains(authorities);
        this.revoked = revoked;
        this.refused = refused;
    }

    /// The certificates of a PEM file.
    ///
    /// @throws IOException if it cannot be read, or holds none
    public static List<X509Certificate> certificates(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return certificates(in, file);
        }
    }

    /// @param file what to call it in messages
    public static List<X509Certificate> certificates(InputStream in, Path file) throws IOException {
        try {
            List<X509Certificate> found = new ArrayList<>();
            for (var certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (certificate instanceof X509Certificate x509) {
                    found.add(x509);
                }
            }
            if (found.isEmpty()) {
                throw new IOException(file + ": holds no certificate (expected: PEM)");
            }
            return found;
        } catch (CertificateException e) {
            throw new IOException(file + ": is no certificate: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager chains(Collection<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("ca-" + number++, authority);
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IllegalStateException("every Java checks chains with PKIX");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory can always be made", e);
        }
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void check(X509Certificate[] chain, Check check) throws CertificateException {
        try {
            check.run();
            for (X509Certificate certificate : chain) {
                refuseRevoked(certificate);
            }
        } catch (CertificateException e) {
            refused.accept(chain[0], e);
            throw e;
        }
    }

    private void refuseRevoked(X509Certificate certificate) throws CertificateRevokedException {
        Optional<Instant> at = revoked.revokedAt(certificate);
        if (at.isPresent()) {
            throw new CertificateRevokedException(
                    Date.from(at.get()),
                    CRLReason.UNSPECIFIED,
                    certificate.getIssuerX500Principal(),
                    Map.of());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, () -> chains.checkClientTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, () -> chains.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, () -> chains.checkClientTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, () -> chains.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain, () -> chains.checkClientTrusted(chain, authType));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain, () -> chains.checkServerTrusted(chain, authType));
    }

    /// None are named in the handshake: a peer that has a certificate of another authority then
    /// shows it, and both sides can say what is wrong with it.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
