package minewatch.collector.accept;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;

/// A sensor's certificate that TLS turned away, in words: what is wrong and how to mend it.
///
/// @param kind as the metric names it
record RefusedCertificate(String kind, String message) {
    static final String EXPIRED = "expired";
    static final String NOT_YET_VALID = "not-yet-valid";
    static final String REVOKED = "revoked";
    static final String USAGE = "usage";
    static final String AUTHORITY = "authority";

    private static final int LONGEST_NAME = 200; // characters of a foreign issuer
    private static final int DEEPEST = 10; // causes

    static RefusedCertificate of(X509Certificate certificate, CertificateException refusal) {
        String what = "its certificate (serial " + certificate.getSerialNumber().toString(16) + ")";
        if (causes(refusal, CertificateExpiredException.class)) {
            return new RefusedCertificate(
                    EXPIRED,
                    what
                            + " has expired on "
                            + certificate.getNotAfter().toInstant()
                            + "; enrol the sensor anew, and check this machine's clock");
        }
        if (causes(refusal, CertificateNotYetValidException.class)) {
            return new RefusedCertificate(
                    NOT_YET_VALID,
                    what
                            + " is not valid before "
                            + certificate.getNotBefore().toInstant()
                            + "; check the clocks of this machine and of the one that issued it");
        }
        if (causes(refusal, CertificateRevokedException.class)) {
            return new RefusedCertificate(
                    REVOKED, what + " was revoked; if that was a mistake, enrol the sensor anew");
        }
        if (String.valueOf(refusal.getMessage()).contains("key usage")) {
            return new RefusedCertificate(
                    USAGE,
                    what
                            + " is not for clients (expected: extended key usage clientAuth); enrol"
                            + " the sensor anew");
        }
        return new RefusedCertificate(
                AUTHORITY,
                what
                        + " comes from no authority in feed.tls.ca (issuer: "
                        + ForeignText.line(
                                certificate.getIssuerX500Principal().getName(), LONGEST_NAME)
                        + "); enrol the sensor here, or add that authority");
    }

    private static boolean causes(
            CertificateException refusal, Class<? extends CertificateException> type) {
        Throwable cause = refusal;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
