package minewatch.collector.accept;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import minewatch.feed.trust.EnrolmentToken;
import minewatch.feed.v1.EnrolRequest;
import minewatch.feed.v1.EnrolmentGrpc;
import minewatch.feed.v1.IssuedCertificate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A token and a signing request in, a certificate out. Whoever reaches this has shown nothing yet:
/// the token is looked at first, the request only if the token is open, and the token is used up
/// before anything is signed. Blocks; any thread.
final class EnrolmentService extends EnrolmentGrpc.EnrolmentImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(EnrolmentService.class);
    private static final String ENROLMENTS = "minewatch.collector.accept.enrolments";
    private static final int PER_SECOND = 10;
    private static final String AGAIN =
            "; make a new one with `minewatch collector enrol --sensor ID --token`";

    private final EnrolmentTokens tokens;
    private final Issuer issuer;
    private final Counter enrolled;
    private final Counter turnedAway;
    private final RateLimit limit = new RateLimit(PER_SECOND);
    private final QuietLog refused = new QuietLog(LOG);

    EnrolmentService(EnrolmentTokens tokens, Issuer issuer, MeterRegistry registry) {
        this.tokens = tokens;
        this.issuer = issuer;
        this.enrolled = registry.counter(ENROLMENTS, "result", "issued");
        this.turnedAway = registry.counter(ENROLMENTS, "result", "refused");
    }

    @Override
    public void enrol(EnrolRequest request, StreamObserver<IssuedCertificate> answer) {
        try {
            answer.onNext(issue(request));
            answer.onCompleted();
            enrolled.increment();
        } catch (StatusException e) {
            turnedAway.increment();
            refused.warn("refused an enrolment: " + e.getStatus().getDescription());
            answer.onError(e);
        } catch (IOException e) {
            refused.warn("cannot enrol a sensor: " + e.getMessage());
            answer.onError(
                    Status.UNAVAILABLE
                            .withDescription("the collector cannot ask its database")
                            .asException());
        }
    }

    private IssuedCertificate issue(EnrolRequest request) throws StatusException, IOException {
        if (!limit.tryAcquire()) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("too many ask at once; try again in a minute")
                    .asException();
        }
        ByteString hash = EnrolmentToken.hash(request.getSecret());
        String sensor = sensor(tokens.find(hash));
        ForeignRequest asked = issuer.parse(sensor, request.getRequest());
        if (!tokens.use(hash)) {
            throw used();
        }
        IssuedCertificate issued = issuer.issue(sensor, asked, null);
        LOG.info("sensor {} is enrolled", sensor);
        return issued;
    }

    private static String sensor(EnrolmentTokens.Token token) throws StatusException {
        return switch (token) {
            case EnrolmentTokens.Token.Open(var sensor) -> sensor;
            case EnrolmentTokens.Token.Used() -> throw used();
            case EnrolmentTokens.Token.Expired() ->
                    throw unauthenticated("the token has expired" + AGAIN);
            case EnrolmentTokens.Token.Unknown() ->
                    throw unauthenticated("the token is none of this collector's" + AGAIN);
        };
    }

    private static StatusException used() {
        return unauthenticated(
                "the token was used before; if not by you, revoke what was issued with `minewatch"
                        + " collector revoke --sensor ID`"
                        + AGAIN);
    }

    private static StatusException unauthenticated(String message) {
        return Status.UNAUTHENTICATED.withDescription(message).asException();
    }
}
