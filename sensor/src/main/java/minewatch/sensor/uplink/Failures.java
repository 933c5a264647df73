package minewatch.sensor.uplink;

import static minewatch.sensor.uplink.UplinkException.Kind.CERTIFICATE;
import static minewatch.sensor.uplink.UplinkException.Kind.NETWORK;
import static minewatch.sensor.uplink.UplinkException.Kind.REFUSED;

import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import minewatch.feed.trust.PeerTrust;

/// What gRPC, TLS and the network report → what happened and what to do about it.
final class Failures {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"; // RFC 5280 §4.2.1.12

    private final UplinkConfig config;

    Failures(UplinkConfig config) {
        this.config = config;
    }

    UplinkException of(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                    refused(status, "enrol this sensor with `minewatch collector enrol`");
            case INVALID_ARGUMENT, FAILED_PRECONDITION, UNIMPLEMENTED, OUT_OF_RANGE ->
                    refused(status, "see the collector's log");
            default -> connection(failure, status);
        };
    }

    private UplinkException refused(Status status, String remedy) {
        return new UplinkException(
                REFUSED,
                "collector "
                        + config.collector()
                        + " refuses this sensor: "
                        + description(status)
                        + "; "
                        + remedy,
                status.getCause());
    }

    private UplinkException connection(Throwable failure, Status status) {
        Optional<CertificateException> certificate = cause(failure, CertificateException.class);
        if (certificate.isPresent()
                || cause(failure, CertificateExpiredException.class).isPresent()) {
            return collectorCertificate(failure, certificate.map(Throwable::getMessage).orElse(""));
        }
        Optional<SSLException> tls = cause(failure, SSLException.class);
        if (tls.isPresent()) {
            return tls(failure, String.valueOf(tls.get().getMessage()));
        }
        return new UplinkException(
                NETWORK,
                "cannot reach collector " + config.collector() + ": " + network(failure, status),
                failure);
    }

    private UplinkException collectorCertificate(Throwable failure, String message) {
        String why;
        if (cause(failure, CertificateExpiredException.class).isPresent()) {
            why = "has expired; renew the collector's certificate, and check this machine's clock";
        } else if (cause(failure, CertificateNotYetValidException.class).isPresent()) {
            why = "is not valid yet; check the clocks of both machines";
        } else if (cause(failure, CertificateRevokedException.class).isPresent()) {
            why = "was revoked; give the collector a new certificate";
        } else if (message.equals(FirstContact.ANOTHER)) {
            why =
                    "is not of the authority that the token names; check host and port, and that the"
                            + " token is of this collector";
        } else if (message.contains("key usage")) {
            why =
                    "is not for servers (expected: extended key usage serverAuth); give the"
                            + " collector one that is";
        } else if (message.startsWith("No subject alternative")
                || message.startsWith("No name matching")) {
            why =
                    "is for another name than "
                            + config.collector().host()
                            + "; set uplink.collector to a name in the certificate";
        } else {
            why =
                    "comes from an authority that "
                            + config.ca()
                            + " does not hold; put the collector's CA certificate there";
        }
        return new UplinkException(
                CERTIFICATE,
                "collector " + config.collector() + " is not trusted: its certificate " + why,
                failure);
    }

    /// The collector speaks of our certificate by a TLS alert.
    private UplinkException tls(Throwable failure, String message) {
        boolean alert = message.toUpperCase(Locale.ROOT).contains("ALERT");
        if (!alert) {
            return new UplinkException(
                    CERTIFICATE,
                    "collector "
                            + config.collector()
                            + " does not speak TLS as it should: "
                            + message
                            + "; check host and port in uplink.collector",
                    failure);
        }
        return new UplinkException(
                CERTIFICATE,
                "collector "
                        + config.collector()
                        + " refuses this sensor's certificate "
                        + config.certificate()
                        + " ("
                        + alertName(message)
                        + "); "
                        + remedy(message),
                failure);
    }

    private static String alertName(String message) {
        return message.substring(message.lastIndexOf(':') + 1).strip();
    }

    /// The alert says little; this sensor's own certificate may say the rest.
    private String remedy(String message) {
        if (alertName(message).toUpperCase(Locale.ROOT).contains("REVOKED")) {
            return "it was revoked; if that was a mistake, enrol this sensor anew";
        }
        return ownProblem() + "enrol this sensor with `minewatch collector enrol`";
    }

    /// What is wrong with this sensor's certificate as far as it can be told here, or nothing.
    private String ownProblem() {
        try {
            X509Certificate own = PeerTrust.certificates(config.certificate()).getFirst();
            Instant from = own.getNotBefore().toInstant();
            Instant until = own.getNotAfter().toInstant();
            List<String> usage = own.getExtendedKeyUsage();
            if (Instant.now().isAfter(until)) {
                return "it has expired on " + until + "; ";
            }
            if (Instant.now().isBefore(from)) {
                return "it is not valid before "
                        + from
                        + "; check the clocks of both machines, or ";
            }
            return usage == null || usage.contains(CLIENT_AUTH)
                    ? ""
                    : "it is not for clients (clientAuth); ";
        } catch (IOException | CertificateParsingException e) {
            return "";
        }
    }

    private static String network(Throwable failure, Status status) {
        Optional<UnknownHostException> unknown = cause(failure, UnknownHostException.class);
        if (unknown.isPresent()) {
            return "no address for this name";
        }
        Optional<ConnectException> connect = cause(failure, ConnectException.class);
        if (connect.isPresent()) {
            String message = String.valueOf(connect.get().getMessage());
            return message.contains("refused") ? "connection refused" : message;
        }
        return description(status);
    }

    private static String description(Status status) {
        String description = status.getDescription();
        Throwable cause = status.getCause();
        String detail = cause == null ? "" : ": " + cause.getMessage();
        return description == null ? status.getCode() + detail : description + detail;
    }

    private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }
}
