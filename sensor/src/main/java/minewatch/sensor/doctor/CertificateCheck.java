package minewatch.sensor.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minewatch.sensor.SensorConfig;
import minewatch.sensor.uplink.UplinkConfig;
import org.jspecify.annotations.Nullable;

/// Whether the files by which sensor and collector know each other are there, fit each other, name
/// this sensor, and hold for some time yet. Whether the collector takes them is another check.
///
/// Source: docs/how-to/certificates.md; RFC 5280 §4.2.1.6 and §4.2.1.12; RFC 7468.
final class CertificateCheck {
    private static final Duration SOON = Duration.ofDays(14);
    private static final String URI_PREFIX = "urn:minewatch:sensor:";
    private static final int SAN_URI = 6; // uniformResourceIdentifier
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final int LEAST_SECRET = 16; // bytes of privacy.key-file
    private static final Pattern PKCS8 =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final Machine machine;
    private final SensorConfig config;
    private final String enrol;
    private final Instant now;
    private final List<Diagnosis> problems = new ArrayList<>();

    CertificateCheck(Machine machine, SensorConfig config, Instant now) {
        this.machine = machine;
        this.config = config;
        this.now = now;
        String id = config.sensor().id();
        this.enrol =
                "minewatch collector enrol --sensor "
                        + id
                        + " --out "
                        + id
                        + " --host "
                        + config.uplink().collector().host()
                        + ", on the collector";
    }

    List<Diagnosis> examine() {
        UplinkConfig uplink = config.uplink();
        List<X509Certificate> authorities = certificates("uplink.ca", uplink.ca());
        List<X509Certificate> own = certificates("uplink.certificate", uplink.certificate());
        authorities.forEach(authority -> validity("uplink.ca", uplink.ca(), authority));
        if (!own.isEmpty()) {
            validity("uplink.certificate", uplink.certificate(), own.getFirst());
            identity(uplink.certificate(), own.getFirst());
        }
        byte[] pem = bytes("uplink.key", uplink.key());
        if (pem != null) {
            key(uplink.key(), pem, own.isEmpty() ? null : own.getFirst());
        }
        secret();
        if (!problems.isEmpty()) {
            return problems;
        }
        Instant until = own.getFirst().getNotAfter().toInstant();
        return List.of(
                Diagnosis.ok(
                        Check.CERTIFICATES,
                        "key and certificate of "
                                + config.sensor().id()
                                + ", valid until "
                                + until));
    }

    private List<X509Certificate> certificates(String setting, Path file) {
        byte[] pem = bytes(setting, file);
        if (pem == null) {
            return List.of();
        }
        try (InputStream in = new java.io.ByteArrayInputStream(pem)) {
            List<X509Certificate> found = new ArrayList<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                if (certificate instanceof X509Certificate x509) {
                    found.add(x509);
                }
            }
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException | IOException e) {
            // told below: no certificate
        }
        failure(setting + ": " + file + " holds no certificate in PEM form", enrol);
        return List.of();
    }

    private byte @Nullable [] bytes(String setting, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            failure(setting + ": no such file: " + file, enrol);
        } catch (AccessDeniedException e) {
            failure(
                    setting + ": " + machine.user() + " may not read " + file,
                    "chown " + machine.user() + " " + file);
        } catch (IOException e) {
            failure(setting + ": cannot read " + file + ": " + e.getMessage(), "ls -l " + file);
        }
        return null;
    }

    private void validity(String setting, Path file, X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        String what = setting + ": " + file;
        if (until.isBefore(now)) {
            failure(what + " expired on " + until, enrol);
        } else if (from.isAfter(now)) {
            failure(what + " is not valid before " + from, "timedatectl, and correct this clock");
        } else if (until.isBefore(now.plus(SOON))) {
            problems.add(
                    Diagnosis.warning(
                            Check.CERTIFICATES, what + " expires soon, on " + until, enrol));
        }
    }

    private void identity(Path file, X509Certificate certificate) {
        String wanted = URI_PREFIX + config.sensor().id();
        try {
            List<String> named = sensors(certificate);
            if (!named.equals(List.of(wanted))) {
                failure(
                        "uplink.certificate: "
                                + file
                                + " names "
                                + (named.isEmpty() ? "no sensor" : String.join(", ", named))
                                + " (expected: "
                                + wanted
                                + ")",
                        "sensor.id: as in the certificate, or " + enrol);
            }
            List<String> usage = certificate.getExtendedKeyUsage();
            if (usage != null && !usage.contains(CLIENT_AUTH)) {
                failure("uplink.certificate: " + file + " is not for clients (clientAuth)", enrol);
            }
        } catch (CertificateParsingException e) {
            failure("uplink.certificate: " + file + " is damaged: " + e.getMessage(), enrol);
        }
    }

    private static List<String> sensors(X509Certificate certificate)
            throws CertificateParsingException {
        return Objects.requireNonNullElse(
                        certificate.getSubjectAlternativeNames(), List.<List<?>>of())
                .stream()
                .filter(name -> name.getFirst().equals(SAN_URI))
                .map(name -> String.valueOf(name.get(1)))
                .filter(uri -> uri.startsWith(URI_PREFIX))
                .toList();
    }

    private void key(Path file, byte[] pem, @Nullable X509Certificate certificate) {
        Matcher body = PKCS8.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!body.find()) {
            failure(
                    "uplink.key: " + file + " is no key in PEM form, PKCS 8 and not encrypted",
                    "openssl pkcs8 -topk8 -nocrypt -in " + file + " -out " + file + ".new");
        } else if (certificate != null && !fits(body.group(1), certificate.getPublicKey())) {
            failure(
                    "uplink.key: " + file + " is not the key of " + config.uplink().certificate(),
                    enrol);
        }
        if (isOpen(file)) {
            problems.add(
                    Diagnosis.warning(
                            Check.CERTIFICATES,
                            "uplink.key: everybody may read " + file,
                            "chmod 600 " + file));
        }
    }

    /// What the key signs, the certificate verifies.
    private static boolean fits(String base64, PublicKey publicKey) {
        try {
            String algorithm = publicKey.getAlgorithm();
            PrivateKey key =
                    KeyFactory.getInstance(algorithm)
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(
                                            Base64.getMimeDecoder().decode(base64)));
            Signature signature =
                    Signature.getInstance(
                            switch (algorithm) {
                                case "EC" -> "SHA256withECDSA";
                                case "RSA" -> "SHA256withRSA";
                                default -> algorithm; // Ed25519 signs by its own name
                            });
            byte[] message = URI_PREFIX.getBytes(StandardCharsets.US_ASCII);
            signature.initSign(key);
            signature.update(message);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isOpen(Path file) {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /// The key of hashed identifiers, without which a sensor does not start.
    private void secret() {
        Path file = config.privacy().keyFile();
        if (file == null || config.privacy().identifiers() == SensorConfig.Identifiers.CLEAR) {
            return;
        }
        String make = "openssl rand -out " + file + " 32, the same on all sensors";
        try {
            if (Files.readAllBytes(file).length < LEAST_SECRET) {
                failure("privacy.key-file: " + file + " has fewer than 16 bytes", make);
            }
        } catch (IOException e) {
            failure("privacy.key-file: " + machine.user() + " cannot read " + file, make);
        }
    }

    private void failure(String found, String remedy) {
        problems.add(Diagnosis.failure(Check.CERTIFICATES, found, remedy));
    }
}
