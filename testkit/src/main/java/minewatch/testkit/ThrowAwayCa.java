package minewatch.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority for one test: EC P-256, valid for a day, keys in memory until written.
///
/// A sensor's certificate carries its id as the SAN URI `urn:minewatch:sensor:ID`, a server's its
/// host names and addresses.
public final class ThrowAwayCa {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration DAY = Duration.ofDays(1);

    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;

    private ThrowAwayCa(X500Name name, Instant notAfter) {
        this.name = name;
        this.keys = newKeys();
        this.certificate = selfSigned(notAfter);
    }

    /// @param commonName letters, digits and spaces
    public static ThrowAwayCa named(String commonName) {
        return named(commonName, Instant.now().plus(DAY));
    }

    /// An authority that is valid for another time than a day.
    public static ThrowAwayCa named(String commonName, Instant notAfter) {
        return new ThrowAwayCa(new X500Name("CN=" + commonName), notAfter);
    }

    /// @param name attributes in the order in which they stand in certificates, `O=Own,CN=Own CA`
    public static ThrowAwayCa ofName(String name) {
        return new ThrowAwayCa(new X500Name(name), Instant.now().plus(DAY));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /// A server's identity, valid from an hour ago for a day.
    ///
    /// @param hosts DNS names or IP addresses, at least one
    public Identity server(String... hosts) {
        return server(Instant.now().plus(DAY), hosts);
    }

    /// A server's identity, valid until the given time, and now or for the day before it.
    public Identity server(Instant notAfter, String... hosts) {
        GeneralName[] names =
                Arrays.stream(hosts).map(ThrowAwayCa::hostName).toArray(GeneralName[]::new);
        return issue(hosts[0], new GeneralNames(names), KeyPurposeId.id_kp_serverAuth, notAfter);
    }

    /// A sensor's identity, valid from an hour ago for a day.
    public Identity sensor(String id) {
        return sensor(Instant.now().plus(DAY), id);
    }

    /// A sensor's identity, valid until the given time, and now or for the day before it.
    public Identity sensor(Instant notAfter, String id) {
        return issue(id, new GeneralNames(uri(id)), KeyPurposeId.id_kp_clientAuth, notAfter);
    }

    /// A server's identity for another time than now.
    public Identity server(Instant notBefore, Instant notAfter, String host) {
        return issue(
                host,
                new GeneralNames(hostName(host)),
                KeyPurposeId.id_kp_serverAuth,
                notBefore,
                notAfter);
    }

    /// A sensor's identity for another time than now.
    public Identity sensor(Instant notBefore, Instant notAfter, String id) {
        return issue(
                id, new GeneralNames(uri(id)), KeyPurposeId.id_kp_clientAuth, notBefore, notAfter);
    }

    /// The authority's list of revoked certificates, as a PEM block.
    public String crl(X509Certificate... revoked) {
        try {
            Instant now = Instant.now();
            var builder = new X509v2CRLBuilder(name, Date.from(now));
            builder.setNextUpdate(Date.from(now.plus(DAY)));
            for (X509Certificate certificate : revoked) {
                builder.addCRLEntry(
                        certificate.getSerialNumber(), Date.from(now), CRLReason.keyCompromise);
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return pem("X509 CRL", builder.build(signer).getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot sign a list of revoked certificates", e);
        }
    }

    private static GeneralName uri(String id) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, "urn:minewatch:sensor:" + id);
    }

    private Identity issue(
            String commonName, GeneralNames names, KeyPurposeId purpose, Instant notAfter) {
        return issue(commonName, names, purpose, validFrom(notAfter), notAfter);
    }

    private Identity issue(
            String commonName,
            GeneralNames names,
            KeyPurposeId purpose,
            Instant notBefore,
            Instant notAfter) {
        KeyPair pair = newKeys();
        try {
            X509v3CertificateBuilder builder =
                    builder(new X500Name("CN=" + commonName), pair, notBefore, notAfter)
                            .addExtension(
                                    Extension.basicConstraints, true, new BasicConstraints(false))
                            .addExtension(Extension.subjectAlternativeName, false, names)
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(purpose));
            return new Identity(certificate, sign(builder), pair.getPrivate());
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot issue a certificate for " + commonName, e);
        }
    }

    private X509Certificate selfSigned(Instant notAfter) {
        try {
            var usage = new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
            return sign(
                    builder(name, keys, validFrom(notAfter), notAfter)
                            .addExtension(
                                    Extension.basicConstraints, true, new BasicConstraints(true))
                            .addExtension(Extension.keyUsage, true, usage));
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot make a certificate authority", e);
        }
    }

    /// An hour before now, or for what ends within a day, before the day that ends then.
    private static Instant validFrom(Instant notAfter) {
        Instant now = Instant.now();
        Instant valid = notAfter.isAfter(now.plus(DAY)) ? now : notAfter.minus(DAY);
        return valid.minus(Duration.ofHours(1));
    }

    private X509v3CertificateBuilder builder(
            X500Name subject, KeyPair pair, Instant notBefore, Instant notAfter) {
        return new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(120, RANDOM),
                Date.from(notBefore),
                Date.from(notAfter),
                subject,
                pair.getPublic());
    }

    private X509Certificate sign(X509v3CertificateBuilder builder) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a key", e);
        }
    }

    private static GeneralName hostName(String host) {
        boolean address = host.contains(":") || host.matches("[0-9.]+");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    /// A certificate with its key, and the authority that signed it.
    public record Identity(X509Certificate ca, X509Certificate certificate, PrivateKey key) {
        /// Writes `ca.pem`, `certificate.pem` and `key.pem` (PKCS 8) into the folder, which is made
        /// if absent.
        public PemFiles writeTo(Path folder) {
            try {
                Files.createDirectories(folder);
                return new PemFiles(
                        Files.writeString(folder.resolve("ca.pem"), pem(ca)),
                        Files.writeString(folder.resolve("certificate.pem"), pem(certificate)),
                        Files.writeString(
                                folder.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded())));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    /// Where an identity was written.
    public record PemFiles(Path ca, Path certificate, Path key) {}

    /// The certificate as a PEM block.
    public static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("cannot encode a certificate", e);
        }
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
