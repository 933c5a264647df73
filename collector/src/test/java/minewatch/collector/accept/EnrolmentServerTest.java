package minewatch.collector.accept;

import static minewatch.collector.accept.SigningRequestFixture.ecRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import minewatch.config.HostPort;
import minewatch.feed.trust.EnrolmentToken;
import minewatch.feed.trust.PeerTrust;
import minewatch.feed.v1.EnrolRequest;
import minewatch.feed.v1.EnrolmentGrpc;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.IssuedCertificate;
import minewatch.feed.v1.SigningRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Enrolment over real TLS without a client certificate; tokens in memory.
@Timeout(60)
class EnrolmentServerTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir Path folder;
    private final TokensInMemory tokens = new TokensInMemory();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private Authority authority;
    private EnrolmentServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        authority = Authority.openOrCreate(folder);
        Path certificate = folder.resolve("collector.pem");
        Path key = folder.resolve("collector.key");
        authority.issueServer(List.of("127.0.0.1"), HOUR, certificate, key);
        var listen = new HostPort("127.0.0.1", 0);
        server =
                new EnrolmentServer(
                        listen,
                        new FeedConfig.Tls(authority.caFile(), certificate, key, null),
                        tokens,
                        Issuer.of(new EnrolmentConfig(listen, folder, HOUR)),
                        metrics);
        server.start();
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                        .sslContext(
                                GrpcSslContexts.forClient()
                                        .trustManager(authority.certificate())
                                        .build())
                        .build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void tokenBringsACertificateForItsSensor() throws Exception {
        X509Certificate issued = read(enrol(token("tap-1"), ecRequest("tap-1")));
        issued.verify(authority.certificate().getPublicKey());
        assertThat(SensorIdentity.of(issued)).contains("tap-1");
        assertThat(issued.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(issued.getNotAfter().toInstant())
                .isBetween(java.time.Instant.now(), java.time.Instant.now().plus(HOUR));
        assertThat(authority.revokeSensor("tap-1", folder.resolve("crl.pem")))
                .containsExactly(issued);
        assertThat(count("issued")).isEqualTo(1);
    }

    @Test
    void tokenIsGoodOnce() {
        EnrolmentToken token = token("tap-1");
        enrol(token, ecRequest("tap-1"));
        refused(
                token,
                ecRequest("tap-1"),
                Status.Code.UNAUTHENTICATED,
                "the token was used before");
        assertThat(count("refused")).isEqualTo(1);
    }

    @Test
    void ofTwoWithOneTokenOneIsEnrolled() throws Exception {
        EnrolmentToken token = token("tap-1");
        List<Future<Boolean>> attempts = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                attempts.add(threads.submit(() -> isEnrolled(token)));
            }
        }
        int enrolled = 0;
        for (Future<Boolean> attempt : attempts) {
            enrolled += attempt.get() ? 1 : 0;
        }
        assertThat(enrolled).isEqualTo(1);
    }

    private boolean isEnrolled(EnrolmentToken token) {
        try {
            enrol(token, ecRequest("tap-1"));
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    @Test
    void tokenEnds() {
        EnrolmentToken token = token("tap-1");
        tokens.pass(HOUR);
        refused(token, ecRequest("tap-1"), Status.Code.UNAUTHENTICATED, "the token has expired");
    }

    @Test
    void inventedTokenIsNone() {
        EnrolmentToken invented = EnrolmentToken.of("tap-1", authority.certificate());
        refused(
                invented,
                ecRequest("tap-1"),
                Status.Code.UNAUTHENTICATED,
                "none of this collector's");
    }

    /// A mistake of the one who holds the token does not cost it.
    @Test
    void requestThatIsRefusedLeavesTheTokenOpen() {
        EnrolmentToken token = token("tap-1");
        refused(
                token,
                ecRequest("tap-2"),
                Status.Code.PERMISSION_DENIED,
                "sensor: tap-2 (expected: tap-1)");
        refused(
                token,
                new byte[] {0x30, 1},
                Status.Code.INVALID_ARGUMENT,
                "signing request: not a PKCS 10 request");
        assertThat(enrol(token, ecRequest("tap-1")).getPem()).startsWith("-----BEGIN CERTIFICATE");
    }

    @Test
    void feedCannotBeReachedHere() {
        assertThatThrownBy(() ->
                        FeedGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(10, TimeUnit.SECONDS)
                                .renew(SigningRequest.getDefaultInstance()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e ->
                                assertThat(e.getStatus().getCode())
                                        .isEqualTo(Status.Code.UNIMPLEMENTED));
    }

    /// By the length of the message or of the whole request, whichever is noticed first.
    @Test
    void largeRequestIsRefusedAndLeavesTheTokenOpen() {
        EnrolmentToken token = token("tap-1");
        assertThatThrownBy(() -> enrol(token, new byte[1 << 20]))
                .isInstanceOf(StatusRuntimeException.class);
        assertThat(enrol(token, ecRequest("tap-1")).getPem()).startsWith("-----BEGIN CERTIFICATE");
    }

    @Test
    void guessingIsSlowedDown() {
        int limited = 0;
        for (int i = 0; i < 60; i++) {
            try {
                enrol(EnrolmentToken.of("tap-1", authority.certificate()), new byte[0]);
            } catch (StatusRuntimeException e) {
                limited += e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? 1 : 0;
            }
        }
        assertThat(limited).isPositive();
    }

    @Test
    void collectorOfAnotherAuthorityCannotLetSensorsEnrol() throws Exception {
        Path other = folder.resolve("other");
        Authority.openOrCreate(other);
        var listen = new HostPort("127.0.0.1", 0);
        var own =
                new EnrolmentServer(
                        listen,
                        new FeedConfig.Tls(
                                authority.caFile(),
                                folder.resolve("collector.pem"),
                                folder.resolve("collector.key"),
                                null),
                        tokens,
                        Issuer.of(new EnrolmentConfig(listen, other, HOUR)),
                        metrics);
        assertThatThrownBy(own::start)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("enrolment.authority: ")
                .hasMessageContaining("comes from another authority");
    }

    private EnrolmentToken token(String sensor) {
        EnrolmentToken token = EnrolmentToken.of(sensor, authority.certificate());
        tokens.add(sensor, EnrolmentToken.hash(token.secret()), HOUR);
        return token;
    }

    private void refused(EnrolmentToken token, byte[] request, Status.Code code, String why) {
        assertThatThrownBy(() -> enrol(token, request))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
                .hasMessageContaining(why);
    }

    private IssuedCertificate enrol(EnrolmentToken token, byte[] request) {
        return EnrolmentGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .enrol(
                        EnrolRequest.newBuilder()
                                .setSecret(token.secret())
                                .setRequest(
                                        SigningRequest.newBuilder()
                                                .setPkcs10(ByteString.copyFrom(request)))
                                .build());
    }

    private static X509Certificate read(IssuedCertificate issued) throws IOException {
        var in = new ByteArrayInputStream(issued.getPem().getBytes(StandardCharsets.US_ASCII));
        return PeerTrust.certificates(in, Path.of("issued")).getFirst();
    }

    private double count(String result) {
        return metrics.counter("minewatch.collector.accept.enrolments", "result", result).count();
    }
}
