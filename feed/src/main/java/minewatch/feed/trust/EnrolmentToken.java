package minewatch.feed.trust;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an operator carries from the collector to a new sensor: `mw1:ID:SECRET:FINGERPRINT`, the
/// latter two in base64url. The secret lets the sensor in once; by the fingerprint the sensor knows
/// the collector.
///
/// @param sensor the id it is for
/// @param secret 16 random bytes
/// @param fingerprint SHA-256 of the authority's certificate (DER)
public record EnrolmentToken(String sensor, ByteString secret, ByteString fingerprint) {
    public static final int SECRET_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ID = "[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?";
    private static final Pattern FORM =
            Pattern.compile("mw1:(" + ID + "):([A-Za-z0-9_-]{22}):([A-Za-z0-9_-]{43})");

    public EnrolmentToken {
        if (!sensor.matches(ID)) {
            throw new IllegalArgumentException(
                    "sensor: "
                            + sensor
                            + " (expected: 1 to 63 of a-z, 0-9, dot and hyphen, ends alphanumeric)");
        }
    }

    /// A new one for a sensor.
    public static EnrolmentToken of(String sensor, X509Certificate authority) {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return new EnrolmentToken(sensor, ByteString.copyFrom(secret), fingerprint(authority));
    }

    /// @throws IllegalArgumentException if the text is no token; its message does not repeat it,
    ///   since most of it may be a secret
    public static EnrolmentToken parse(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "token: "
                            + text.length()
                            + " characters that are none (expected: the whole line that `minewatch"
                            + " collector enrol --token` printed, mw1:ID:…:…)");
        }
        return new EnrolmentToken(parts.group(1), bytes(parts.group(2)), bytes(parts.group(3)));
    }

    private static ByteString bytes(String base64) {
        return ByteString.copyFrom(Base64.getUrlDecoder().decode(base64));
    }

    /// What tells an authority from any other.
    public static ByteString fingerprint(X509Certificate authority) {
        try {
            return sha256(authority.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /// How a collector keeps a secret: what is kept lets nobody in. A random secret needs no salt.
    public static ByteString hash(ByteString secret) {
        return sha256(secret.toByteArray());
    }

    private static ByteString sha256(byte[] bytes) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The token itself: for the operator, not for a log.
    public String text() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return "mw1:"
                + sensor
                + ":"
                + base64.encodeToString(secret.toByteArray())
                + ":"
                + base64.encodeToString(fingerprint.toByteArray());
    }

    @Override
    public String toString() {
        return "mw1:" + sensor;
    }
}
