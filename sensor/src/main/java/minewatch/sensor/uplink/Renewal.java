package minewatch.sensor.uplink;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import minewatch.feed.trust.PeerTrust;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.IssuedCertificate;
import minewatch.sensor.spool.QuietLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Has this sensor's certificate replaced before it ends: a new key, certified by the collector
/// over the connection that the old one made. Between 57 and 67 % of its life, at random, so that
/// sensors enrolled together do not come together; then again each twentieth of its life until it
/// works.
///
/// For one stream, on the uplink's thread alone.
final class Renewal {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final double DUE = 2.0 / 3; // of a certificate's life
    private static final double EARLIER = 0.1; // at most, at random
    private static final int RETRIES = 20; // in a life
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    private final UplinkConfig config;
    private final String sensor;
    private final UplinkMetrics metrics;
    private final QuietLog trouble = new QuietLog(LOG);
    private final Instant end;
    private final Duration life;
    private Instant due;

    private Renewal(
            UplinkConfig config, String sensor, UplinkMetrics metrics, X509Certificate current) {
        this.config = config;
        this.sensor = sensor;
        this.metrics = metrics;
        Instant begin = current.getNotBefore().toInstant();
        this.end = current.getNotAfter().toInstant();
        this.life = Duration.between(begin, end);
        double share = DUE - EARLIER * RandomGenerator.getDefault().nextDouble();
        this.due = begin.plusMillis((long) (life.toMillis() * share));
    }

    /// @throws UplinkException if the certificate, with which a connection was just made, is gone
    static Renewal of(UplinkConfig config, String sensor, UplinkMetrics metrics)
            throws UplinkException {
        try {
            X509Certificate current = PeerTrust.certificates(config.certificate()).getFirst();
            return new Renewal(config, sensor, metrics, current);
        } catch (IOException e) {
            throw new UplinkException(
                    UplinkException.Kind.CERTIFICATE, "uplink.certificate: " + e.getMessage(), e);
        }
    }

    boolean isDue() {
        return Instant.now().isAfter(due);
    }

    /// Asks for a new certificate and puts it in place. A failure is logged and tried again later:
    /// the old one holds for some time yet.
    ///
    /// @return whether the next connection will be made with a new one
    boolean renew(ManagedChannel channel) {
        due = Instant.now().plus(life.dividedBy(RETRIES));
        try {
            KeyPair keys = SigningRequests.newKeys();
            IssuedCertificate issued =
                    FeedGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                            .renew(Enrolment.request(sensor, keys));
            X509Certificate next =
                    Credentials.accept(
                            issued.getPem(), keys, sensor, PeerTrust.certificates(config.ca()));
            new Credentials(config.certificate(), config.key())
                    .replace(issued.getPem(), keys.getPrivate());
            metrics.renewals.increment();
            LOG.info("the certificate is renewed; it ends on {}", next.getNotAfter().toInstant());
            return true;
        } catch (StatusRuntimeException e) {
            failed(String.valueOf(new Failures(config).of(e).getMessage()));
        } catch (CertificateException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            failed(
                    "cannot write beside "
                            + config.certificate()
                            + " and "
                            + config.key()
                            + ": "
                            + e
                            + "; have them in a folder of the sensor's own user");
        }
        return false;
    }

    private void failed(String why) {
        metrics.failedRenewals.increment();
        trouble.log(
                Level.WARN,
                "cannot renew the certificate, which ends on "
                        + end
                        + ": "
                        + why
                        + "; tried again");
    }
}
