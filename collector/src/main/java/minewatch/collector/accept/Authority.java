package minewatch.collector.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import minewatch.feed.trust.PeerTrust;
import minewatch.feed.trust.RevocationList;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/// The certificate authority of one installation: a folder with `ca.pem` and `ca.key`. Whoever has
/// the key can name a sensor; keep it off the machines that need only certificates.
///
/// Keys are EC P-256, files of keys readable by their owner alone. No key and no certificate is
/// ever overwritten.
public final class Authority {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final int MOST_AT_ONCE =
            20; // certificates issued to one sensor over the network
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ReentrantLock LOCAL = new ReentrantLock(); // file locks are a process's

    private final Path caFile;
    private final X509Certificate certificate;
    private final PrivateKey key;
    private final IssuedCertificates issued;

    private Authority(Path caFile, X509Certificate certificate, PrivateKey key) {
        this.caFile = caFile;
        this.certificate = certificate;
        this.key = key;
        this.issued = new IssuedCertificates(caFile.resolveSibling("issued"));
    }

    /// Reads the authority of a folder; the first time, makes it.
    ///
    /// @throws IOException if one of its two files is there without the other, or is unreadable
    public static Authority openOrCreate(Path folder) throws IOException {
        Path caFile = folder.resolve("ca.pem");
        Path keyFile = folder.resolve("ca.key");
        if (!Files.exists(caFile) && !Files.exists(keyFile)) {
            create(caFile, keyFile);
        }
        return open(folder);
    }

    /// Reads the authority of a folder.
    ///
    /// @throws IOException if one of its two files is not there, or is unreadable
    public static Authority open(Path folder) throws IOException {
        Path caFile = folder.resolve("ca.pem");
        Path keyFile = folder.resolve("ca.key");
        if (!Files.exists(keyFile)) {
            throw new IOException(
                    keyFile
                            + ": no such file beside ca.pem; run this where the authority's key is"
                            + " kept");
        }
        try (var in = Files.newInputStream(caFile);
                var pem = new PEMParser(new StringReader(Files.readString(keyFile, US_ASCII)))) {
            var certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(in);
            if (!(pem.readObject() instanceof PrivateKeyInfo info)) {
                throw new IOException(keyFile + ": no PKCS 8 key (expected: as it was written)");
            }
            return new Authority(caFile, certificate, new JcaPEMKeyConverter().getPrivateKey(info));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read " + caFile + ": " + e.getMessage(), e);
        }
    }

    /// The certificate of an authority whose key is not needed.
    public static X509Certificate caOf(Path folder) throws IOException {
        return PeerTrust.certificates(folder.resolve("ca.pem")).getFirst();
    }

    private static void create(Path caFile, Path keyFile) throws IOException {
        KeyPair keys = newKeys();
        var name = new X500NameBuilder().addRDN(BCStyle.CN, "Minewatch authority").build();
        X509v3CertificateBuilder builder =
                builder(
                        name,
                        name,
                        keys.getPublic(),
                        CLOCK_SKEW,
                        Instant.now().plus(AUTHORITY_LIFE));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        X509Certificate certificate = sign(builder, keys.getPrivate());
        Files.createDirectories(caFile.toAbsolutePath().getParent());
        write(keyFile, pem(keys.getPrivate()), "rw-------");
        write(caFile, pem(certificate), "rw-r--r--");
    }

    /// What the other side must trust.
    public X509Certificate certificate() {
        return certificate;
    }

    /// The file of the authority's own certificate.
    public Path caFile() {
        return caFile;
    }

    /// Issues the collector's certificate.
    ///
    /// @param hosts DNS names and IP addresses sensors connect to, at least one
    public void issueServer(List<String> hosts, Duration life, Path certificate, Path keyFile)
            throws IOException {
        requireFree(certificate, keyFile);
        KeyPair pair = newKeys();
        GeneralName[] names = hosts.stream().map(Authority::hostName).toArray(GeneralName[]::new);
        X509Certificate signed =
                sign(
                        hosts.getFirst(),
                        new GeneralNames(names),
                        KeyPurposeId.id_kp_serverAuth,
                        life,
                        pair.getPublic());
        write(keyFile, pem(pair.getPrivate()), "rw-------");
        write(certificate, pem(signed), "rw-r--r--");
    }

    /// Issues a sensor's certificate.
    ///
    /// @param id goes into the SAN URI `urn:minewatch:sensor:ID`
    /// @throws IllegalArgumentException if a sensor cannot have this name
    public void issueSensor(String id, Duration life, Path certificate, Path keyFile)
            throws IOException {
        requireFree(certificate, keyFile);
        KeyPair pair = newKeys();
        X509Certificate signed = signSensor(id, pair.getPublic(), life);
        write(keyFile, pem(pair.getPrivate()), "rw-------");
        write(certificate, pem(signed), "rw-r--r--");
    }

    /// Issues a certificate for a key that a sensor made, and kept.
    ///
    /// @param still asked last, while nothing is revoked: whether it is still to be issued
    /// @return PEM; empty if it is not to be issued any more
    Optional<String> issue(String id, PublicKey publicKey, Duration life, BooleanSupplier still)
            throws IOException {
        try (var _ = lock()) {
            if (issued.of(id).size() >= MOST_AT_ONCE) {
                throw new IOException(
                        "sensor "
                                + id
                                + " has "
                                + MOST_AT_ONCE
                                + " certificates that have not ended; if it does not ask by mistake,"
                                + " revoke them");
            }
            return still.getAsBoolean()
                    ? Optional.of(pem(signSensor(id, publicKey, life)))
                    : Optional.empty();
        }
    }

    /// Keeps issuing over the network and revoking apart, in this process and among processes:
    /// nothing is issued to a sensor between looking up what it has and revoking it.
    private Lock lock() throws IOException {
        LOCAL.lock();
        try {
            FileChannel file =
                    FileChannel.open(
                            caFile.resolveSibling("authority.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            file.lock();
            return () -> {
                try {
                    file.close(); // ends the lock
                } finally {
                    LOCAL.unlock();
                }
            };
        } catch (IOException | RuntimeException e) {
            LOCAL.unlock();
            throw new IOException(
                    "cannot lock "
                            + caFile.resolveSibling("authority.lock")
                            + ": "
                            + e
                            + "; run as its owner",
                    e);
        }
    }

    private interface Lock extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /// Signs a sensor's certificate for a key made elsewhere, and keeps a copy of it.
    private X509Certificate signSensor(String id, PublicKey publicKey, Duration life)
            throws IOException {
        SensorIdentity.requireId(id);
        var uri =
                new GeneralName(
                        GeneralName.uniformResourceIdentifier, SensorIdentity.URI_PREFIX + id);
        X509Certificate signed =
                sign(id, new GeneralNames(uri), KeyPurposeId.id_kp_clientAuth, life, publicKey);
        issued.add(id, signed, pem(signed));
        return signed;
    }

    /// Revokes all certificates issued to a sensor that have not ended.
    ///
    /// @return those; none if it is not known that there are any
    /// @throws IllegalArgumentException if a sensor cannot have this name
    public List<X509Certificate> revokeSensor(String id, Path crlFile) throws IOException {
        SensorIdentity.requireId(id);
        try (var _ = lock()) {
            List<X509Certificate> certificates = issued.of(id);
            if (!certificates.isEmpty()) {
                list(certificates, crlFile);
                issued.forget(id);
            }
            return certificates;
        }
    }

    /// Adds certificates to the list of those revoked; a certificate that is on it stays as it was.
    /// The list is replaced at once, so that whoever reads it finds the old or the new one whole.
    ///
    /// @param crlFile made if absent
    /// @throws IOException if one is not of this authority, or the file cannot be used
    public void revoke(List<X509Certificate> certificates, Path crlFile) throws IOException {
        try (var _ = lock()) {
            list(certificates, crlFile);
        }
    }

    private void list(List<X509Certificate> certificates, Path crlFile) throws IOException {
        Instant now = Instant.now();
        var builder = new X509v2CRLBuilder(name(), Date.from(now));
        builder.setNextUpdate(certificate.getNotAfter());
        Set<BigInteger> listed = keepListed(builder, crlFile);
        for (X509Certificate revoked : certificates) {
            requireOwn(revoked);
            if (listed.add(revoked.getSerialNumber())) {
                builder.addCRLEntry(
                        revoked.getSerialNumber(), Date.from(now), CRLReason.unspecified);
            }
        }
        builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number(now)));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions().createAuthorityKeyIdentifier(certificate.getPublicKey()));
        replace(crlFile, pem("X509 CRL", builder.build(signer(key)).getEncoded()));
    }

    /// Grows from list to list without anything to remember.
    private static BigInteger number(Instant now) {
        return BigInteger.valueOf(now.toEpochMilli());
    }

    private Set<BigInteger> keepListed(X509v2CRLBuilder builder, Path crlFile) throws IOException {
        Set<BigInteger> listed = new HashSet<>();
        if (!Files.exists(crlFile)) {
            return listed;
        }
        // Only a list this authority signed is taken over.
        for (X509CRLEntry entry : RevocationList.entries(crlFile, certificate)) {
            listed.add(entry.getSerialNumber());
            builder.addCRLEntry(
                    entry.getSerialNumber(), entry.getRevocationDate(), CRLReason.unspecified);
        }
        return listed;
    }

    private void requireOwn(X509Certificate revoked) throws IOException {
        try {
            revoked.verify(certificate.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "cannot revoke a certificate (serial "
                            + revoked.getSerialNumber().toString(16)
                            + ") that another authority issued: only that one can",
                    e);
        }
    }

    private static void requireFree(Path... files) throws IOException {
        for (Path file : files) {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(
                        file.toString(), null, "is there already; move it away first");
            }
        }
    }

    private X500Name name() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private X509Certificate sign(
            String commonName,
            GeneralNames names,
            KeyPurposeId purpose,
            Duration life,
            PublicKey publicKey)
            throws IOException {
        Instant end = Instant.now().plus(life);
        Instant last = certificate.getNotAfter().toInstant();
        X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
        X509v3CertificateBuilder builder =
                builder(name(), subject, publicKey, skew(life), end.isBefore(last) ? end : last);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        builder.addExtension(Extension.subjectAlternativeName, false, names);
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions().createAuthorityKeyIdentifier(certificate.getPublicKey()));
        return sign(builder, key);
    }

    /// Small against a short life, since what is left of it is counted from its beginning.
    private static Duration skew(Duration life) {
        Duration tenth = life.dividedBy(10);
        return tenth.compareTo(CLOCK_SKEW) < 0 ? tenth : CLOCK_SKEW;
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey publicKey, Duration skew, Instant end)
            throws IOException {
        var builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(127, RANDOM),
                        Date.from(Instant.now().minus(skew)),
                        Date.from(end),
                        subject,
                        publicKey);
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                extensions().createSubjectKeyIdentifier(publicKey));
        return builder;
    }

    private static JcaX509ExtensionUtils extensions() {
        try {
            return new JcaX509ExtensionUtils();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey signer)
            throws IOException {
        try {
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer(signer)));
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot sign with ca.key: " + e.getMessage(), e);
        }
    }

    private static ContentSigner signer(PrivateKey key) throws IOException {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            return new JcaContentSignerBuilder(algorithm).build(key);
        } catch (OperatorCreationException e) {
            throw new IOException("cannot sign with ca.key: " + e.getMessage(), e);
        }
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    private static GeneralName hostName(String host) {
        boolean isAddress = host.contains(":") || host.matches("[0-9.]+");
        return new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    private static String pem(X509Certificate certificate) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(certificate);
        }
        return text.toString();
    }

    private static String pem(PrivateKey key) throws IOException {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String label, byte[] der) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(new PemObject(label, der));
        }
        return text.toString();
    }

    /// Whole or not at all; for what everybody may read.
    private static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        write(next, text, "rw-r--r--");
        try (var written = FileChannel.open(next, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// The file has its permissions from the first moment and is never one that was there before.
    private static void write(Path file, String text, String permissions) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        Files.writeString(file, text, US_ASCII);
    }
}
