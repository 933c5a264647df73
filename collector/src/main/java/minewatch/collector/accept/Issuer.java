package minewatch.collector.accept;

import io.grpc.Status;
import io.grpc.StatusException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import minewatch.collector.accept.ForeignRequest.MalformedException;
import minewatch.feed.v1.IssuedCertificate;
import minewatch.feed.v1.SigningRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signs certificates for sensors that ask over the network, where this collector has the
/// authority's key. Blocks for files; any thread.
public final class Issuer {
    private static final Logger LOG = LoggerFactory.getLogger(Issuer.class);
    private static final int SIGNATURES_PER_SECOND = 20;
    private static final int LONGEST_NAME = 100; // characters of a foreign name

    private final @Nullable Authority authority;
    private final Duration life;
    private final RateLimit limit = new RateLimit(SIGNATURES_PER_SECOND);
    private final QuietLog trouble = new QuietLog(LOG);

    Issuer(@Nullable Authority authority, Duration life) {
        this.authority = authority;
        this.life = life;
    }

    /// Signs nothing.
    static Issuer none() {
        return new Issuer(null, Duration.ZERO);
    }

    /// @throws IOException if the authority that the settings name cannot be used
    public static Issuer of(EnrolmentConfig config) throws IOException {
        Path folder = config.authority();
        if (folder == null) {
            return none();
        }
        try {
            return new Issuer(Authority.open(folder), config.certificateLife());
        } catch (IOException e) {
            throw new IOException("enrolment.authority: " + e.getMessage(), e);
        }
    }

    /// By which a new sensor knows the collector.
    ///
    /// @throws IOException if there is none
    X509Certificate authority() throws IOException {
        if (authority == null) {
            throw new IOException("enrolment.authority: absent (expected: a folder)");
        }
        return authority.certificate();
    }

    /// What is issued here must be let in here.
    ///
    /// @throws IOException if the authority is none of these
    void requireAmong(List<X509Certificate> authorities) throws IOException {
        if (authority != null && !authorities.contains(authority.certificate())) {
            throw new IOException(
                    "feed.tls.ca: does not hold the certificate of enrolment.authority (expected: its"
                            + " ca.pem, since it issues sensors' certificates)");
        }
    }

    /// A new certificate for a sensor whose connection shows that it has one.
    ///
    /// @throws StatusException for the sensor
    IssuedCertificate renew(PeerCertificate peer, SigningRequest asked) throws StatusException {
        Optional<String> sensor = peer.sensor();
        if (sensor.isEmpty()) {
            throw Status.PERMISSION_DENIED
                    .withDescription("client certificate: names no sensor")
                    .asException();
        }
        IssuedCertificate issued = issue(sensor.get(), parse(sensor.get(), asked), peer);
        LOG.info("sensor {}: its certificate is renewed", sensor.get());
        return issued;
    }

    /// @param sensor the request must be for it
    /// @throws StatusException if the request is none, or for another sensor
    ForeignRequest parse(String sensor, SigningRequest asked) throws StatusException {
        if (!limit.tryAcquire()) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("too many sensors ask at once; try again in a minute")
                    .asException();
        }
        ForeignRequest request;
        try {
            request = ForeignRequest.parse(asked.getPkcs10().toByteArray());
        } catch (MalformedException e) {
            throw Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asException();
        }
        if (!request.sensor().equals(sensor)) {
            throw Status.PERMISSION_DENIED
                    .withDescription(
                            "sensor: "
                                    + ForeignText.line(request.sensor(), LONGEST_NAME)
                                    + " (expected: "
                                    + sensor
                                    + ")")
                    .asException();
        }
        return request;
    }

    /// @param peer whose certificate must still hold; null: the sensor has none yet
    IssuedCertificate issue(String sensor, ForeignRequest request, @Nullable PeerCertificate peer)
            throws StatusException {
        if (authority == null) {
            throw Status.FAILED_PRECONDITION
                    .withDescription(
                            "this collector signs no certificates (its enrolment.authority is not"
                                    + " set); replace the sensor's certificate by hand")
                    .asException();
        }
        try {
            Optional<String> pem =
                    authority.issue(
                            sensor,
                            request.publicKey(),
                            life,
                            () -> peer == null || peer.lapse().isEmpty());
            if (pem.isPresent()) {
                return IssuedCertificate.newBuilder().setPem(pem.get()).build();
            }
        } catch (IOException e) {
            trouble.warn("cannot issue a certificate for " + sensor + ": " + e.getMessage());
            throw Status.UNAVAILABLE
                    .withDescription("the collector cannot sign at the moment; see its log")
                    .asException();
        }
        throw Status.UNAUTHENTICATED
                .withDescription("its certificate does not hold any more; enrol the sensor anew")
                .asException();
    }
}
