package minewatch.sensor.uplink;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import minewatch.feed.trust.PeerTrust;

/// A sensor's certificate and its key as two files that change together.
///
/// Both new files are written beside the old ones, the certificate's first; then the certificate is
/// renamed, then the key. So a new key alone means that the certificate is in place and the key has
/// to follow; [#recover] does that. One thread changes them.
final class Credentials {
    private static final String SAN_URI = "urn:minewatch:sensor:";
    private static final Set<PosixFilePermission> OWNER =
            PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> ALL =
            PosixFilePermissions.fromString("rw-r--r--");

    private final Path certificate;
    private final Path key;
    private final Path nextCertificate;
    private final Path nextKey;

    Credentials(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
        this.nextCertificate = certificate.resolveSibling(certificate.getFileName() + ".next");
        this.nextKey = key.resolveSibling(key.getFileName() + ".next");
    }

    /// Ends a replacement that was cut short, forwards or backwards.
    void recover() throws IOException {
        if (!Files.exists(nextKey)) {
            Files.deleteIfExists(nextCertificate);
        } else if (Files.exists(nextCertificate)) {
            Files.delete(nextKey); // before the certificate: a new key alone means something else
            Files.delete(nextCertificate);
        } else {
            Files.move(nextKey, key, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    void replace(String pem, PrivateKey newKey) throws IOException {
        recover();
        create(nextCertificate, pem, ALL);
        create(nextKey, pem(newKey), OWNER);
        syncFolders();
        Files.move(nextCertificate, certificate, StandardCopyOption.ATOMIC_MOVE);
        syncFolders();
        Files.move(nextKey, key, StandardCopyOption.ATOMIC_MOVE);
        syncFolders();
    }

    private void syncFolders() throws IOException {
        for (Path file : List.of(certificate, key)) {
            try (var folder = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    /// A file that was not there before, with its permissions from the first moment, on disk.
    static void create(Path file, String text, Set<PosixFilePermission> permissions)
            throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(permissions));
        try (var out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    static void createSecret(Path file, String text) throws IOException {
        create(file, text, OWNER);
    }

    static void createPublic(Path file, String text) throws IOException {
        create(file, text, ALL);
    }

    /// What an authority sent, if it is a certificate of this key and this sensor.
    ///
    /// @param authorities one of them must have signed it
    /// @throws CertificateException in words for the user
    static X509Certificate accept(
            String pem, KeyPair keys, String sensor, Collection<X509Certificate> authorities)
            throws CertificateException {
        X509Certificate own;
        try {
            var in = new ByteArrayInputStream(pem.getBytes(US_ASCII));
            own = PeerTrust.certificates(in, Path.of("answer")).getFirst();
        } catch (IOException e) {
            throw new CertificateException("the collector sent no certificate", e);
        }
        if (!own.getPublicKey().equals(keys.getPublic())) {
            throw new CertificateException("the collector sent a certificate of another key");
        }
        if (own.getSubjectAlternativeNames() == null
                || own.getSubjectAlternativeNames().stream()
                        .noneMatch(name -> (SAN_URI + sensor).equals(name.get(1)))) {
            throw new CertificateException("the collector sent a certificate of another sensor");
        }
        if (authorities.stream().noneMatch(authority -> isSignedBy(own, authority))) {
            throw new CertificateException("the collector sent a certificate of another authority");
        }
        return own;
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static String pem(PrivateKey key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
