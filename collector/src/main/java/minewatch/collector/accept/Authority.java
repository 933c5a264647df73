package minewatch.collector.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/// The certificate authority of one installation: a folder with `ca.pem` and `ca.key`. Whoever has
/// the key can name a sensor; keep it off the machines that need only certificates.
///
/// Keys are EC P-256, files of keys readable by their owner alone. Nothing is ever overwritten.
public final class Authority {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path caFile;
    private final X509Certificate certificate;
    private final PrivateKey key;

    private Authority(Path caFile, X509Certificate certificate, PrivateKey key) {
        this.caFile = caFile;
        this.certificate = certificate;
        this.key = key;
    }

    /// Reads the authority of a folder; the first time, makes it.
    ///
    /// @throws IOException if one of the two files is there without the other, or is unreadable
    public static Authority openOrCreate(Path folder) throws IOException {
        Path caFile = folder.resolve("ca.pem");
        Path keyFile = folder.resolve("ca.key");
        if (!Files.exists(caFile) && !Files.exists(keyFile)) {
            create(caFile, keyFile);
        }
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

    private static void create(Path caFile, Path keyFile) throws IOException {
        KeyPair keys = newKeys();
        var name = new X500NameBuilder().addRDN(BCStyle.CN, "Minewatch authority").build();
        X509v3CertificateBuilder builder =
                builder(name, name, keys, Instant.now().plus(AUTHORITY_LIFE));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        X509Certificate certificate = sign(builder, keys.getPrivate());
        Files.createDirectories(caFile.toAbsolutePath().getParent());
        write(keyFile, pem(keys.getPrivate()), "rw-------");
        write(caFile, pem(certificate), "rw-r--r--");
    }

    /// The authority's own certificate: what the other side must trust.
    public Path caFile() {
        return caFile;
    }

    /// Issues the collector's certificate.
    ///
    /// @param hosts DNS names and IP addresses sensors connect to, at least one
    public void issueServer(List<String> hosts, Duration life, Path certificate, Path keyFile)
            throws IOException {
        GeneralName[] names = hosts.stream().map(Authority::hostName).toArray(GeneralName[]::new);
        issue(
                hosts.getFirst(),
                new GeneralNames(names),
                KeyPurposeId.id_kp_serverAuth,
                life,
                certificate,
                keyFile);
    }

    /// Issues a sensor's certificate.
    ///
    /// @param id goes into the SAN URI `urn:minewatch:sensor:ID`
    /// @throws IllegalArgumentException if a sensor cannot have this name
    public void issueSensor(String id, Duration life, Path certificate, Path keyFile)
            throws IOException {
        if (!SensorIdentity.isId(id)) {
            throw new IllegalArgumentException(
                    "sensor: "
                            + id
                            + " (expected: 1 to 63 of a-z, 0-9, dot and hyphen, ends alphanumeric)");
        }
        var uri =
                new GeneralName(
                        GeneralName.uniformResourceIdentifier, SensorIdentity.URI_PREFIX + id);
        issue(id, new GeneralNames(uri), KeyPurposeId.id_kp_clientAuth, life, certificate, keyFile);
    }

    private void issue(
            String commonName,
            GeneralNames names,
            KeyPurposeId purpose,
            Duration life,
            Path certificateFile,
            Path keyFile)
            throws IOException {
        for (Path file : List.of(certificateFile, keyFile)) {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(
                        file.toString(), null, "is there already; move it away first");
            }
        }
        KeyPair pair = newKeys();
        Instant end = Instant.now().plus(life);
        Instant last = certificate.getNotAfter().toInstant();
        var issuer = new X500Name(certificate.getSubjectX500Principal().getName());
        X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
        X509v3CertificateBuilder builder =
                builder(issuer, subject, pair, end.isBefore(last) ? end : last);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        builder.addExtension(Extension.subjectAlternativeName, false, names);
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions().createAuthorityKeyIdentifier(certificate.getPublicKey()));
        write(keyFile, pem(pair.getPrivate()), "rw-------");
        write(certificateFile, pem(sign(builder, key)), "rw-r--r--");
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys, Instant end) throws IOException {
        var builder =
                new JcaX509v3CertificateBuilder(
                        issuer,
                        new BigInteger(127, RANDOM),
                        Date.from(Instant.now().minus(CLOCK_SKEW)),
                        Date.from(end),
                        subject,
                        keys.getPublic());
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                extensions().createSubjectKeyIdentifier(keys.getPublic()));
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
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
        } catch (GeneralSecurityException | OperatorCreationException e) {
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
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(new PemObject("PRIVATE KEY", key.getEncoded()));
        }
        return text.toString();
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
