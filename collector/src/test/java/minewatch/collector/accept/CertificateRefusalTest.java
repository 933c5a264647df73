package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import minewatch.config.HostPort;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.Hello;
import minewatch.feed.v1.SensorMessage;
import minewatch.testkit.ThrowAwayCa;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Which certificates the collector lets in, over real TLS, and what it says of the others.
@Timeout(60)
class CertificateRefusalTest {
    private static final ThrowAwayCa CA = ThrowAwayCa.named("Test authority");
    private final Instant now = Instant.now();

    @TempDir Path folder;
    private final FeedServerTest.Store store = new FeedServerTest.Store();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ActiveStreams.class);
    private FeedServer server;

    @BeforeEach
    void start() throws IOException {
        server = newServer(null);
        server.start();
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        channels.forEach(ManagedChannel::shutdownNow);
        server.close();
    }

    private FeedServer newServer(@Nullable Path crl) {
        var files = CA.server("localhost", "127.0.0.1").writeTo(folder.resolve("server"));
        return new FeedServer(
                new FeedConfig(
                        new HostPort("127.0.0.1", 0),
                        new FeedConfig.Tls(files.ca(), files.certificate(), files.key(), crl)),
                Issuer.none(),
                store,
                metrics);
    }

    @Test
    void expiredCertificateIsRefused() throws Exception {
        refused(CA.sensor(now.minusSeconds(60), "tap-1"), "expired", " has expired on ");
    }

    @Test
    void certificateOfTomorrowIsRefused() throws Exception {
        refused(
                CA.sensor(now.plusSeconds(3600), now.plusSeconds(7200), "tap-1"),
                "not-yet-valid",
                " is not valid before ",
                "check the clocks");
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() throws Exception {
        refused(
                ThrowAwayCa.named("Another authority").sensor("tap-1"),
                "authority",
                " comes from no authority in feed.tls.ca (issuer: CN=Another authority)");
    }

    @Test
    void certificateForServersIsRefused() throws Exception {
        refused(CA.server("tap-1"), "usage", " is not for clients ", "enrol the sensor anew");
    }

    @Test
    void revokedCertificateIsRefused() throws Exception {
        var sensor = CA.sensor("tap-1");
        revoke(sensor.certificate());
        refused(
                sensor,
                "revoked",
                "refused sensor tap-1: its certificate (serial ",
                " was revoked");
    }

    private void refused(ThrowAwayCa.Identity sensor, String kind, String... said)
            throws Exception {
        Peer peer = new Peer(channel(tls(sensor, SslProvider.OPENSSL)), "tap-1");
        assertThat(peer.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(store.greeted).isZero();
        assertThat(count(kind)).isPositive();
        await().untilAsserted(() ->
                assertThat(logged()).anySatisfy(line -> assertThat(line).contains(said)));
    }

    @Test
    void certificateThatNamesNoSensorIsRefused() throws Exception {
        Peer peer = new Peer(channel(tls(CA.sensor("Tap 1"), SslProvider.OPENSSL)), "tap-1");
        Status end = peer.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(end.getDescription()).contains("names no sensor (expected: SAN URI ");
        assertThat(store.greeted).isZero();
    }

    @Test
    void revokingEndsTheOpenStreamOfThatSensorAlone() throws Exception {
        var sensor = CA.sensor("tap-1");
        ManagedChannel connection = channel(tls(sensor, SslProvider.OPENSSL));
        Peer revoked = new Peer(connection, "tap-1").greeted();
        Peer other =
                new Peer(channel(tls(CA.sensor("tap-2"), SslProvider.OPENSSL)), "tap-2").greeted();
        revoke(sensor.certificate());
        Status end = revoked.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(end.getDescription()).startsWith("its certificate was revoked on ");
        Status again = new Peer(connection, "tap-1").end(); // without a handshake
        assertThat(again.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(other.ended).isEmpty();
        assertThat(count("revoked")).isEqualTo(2);
        assertThat(logged())
                .anySatisfy(line ->
                        assertThat(line)
                                .startsWith("refused sensor tap-1: its certificate was revoked"));
    }

    @Test
    void certificateThatExpiresEndsItsStream() throws Exception {
        var sensor = CA.sensor(now.minusSeconds(60), Instant.now().plusSeconds(4), "tap-1");
        Peer peer = new Peer(channel(tls(sensor, SslProvider.OPENSSL)), "tap-1").greeted();
        Status end = peer.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(end.getDescription()).startsWith("its certificate has expired on ");
    }

    /// Java's own TLS resumes a session where the server lets it, which would spare the check.
    @Test
    void revokedSensorIsNotLetInByAnEarlierSession() throws Exception {
        var sensor = CA.sensor("tap-1");
        SslContext tls = tls(sensor, SslProvider.JDK);
        ManagedChannel before = channel(tls);
        new Peer(before, "tap-1").greeted();
        before.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        revoke(sensor.certificate());
        Peer again = new Peer(channel(tls), "tap-1");
        assertThat(again.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(store.greeted).isEqualTo(1);
    }

    @Test
    void listThatNobodyMaySignDoesNotLetTheRevokedInAgain() throws Exception {
        var sensor = CA.sensor("tap-1");
        revoke(sensor.certificate());
        Peer first = new Peer(channel(tls(sensor, SslProvider.OPENSSL)), "tap-1");
        assertThat(first.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        Files.writeString(crlFile(), ThrowAwayCa.named("Another authority").crl());
        Peer second = new Peer(channel(tls(sensor, SslProvider.OPENSSL)), "tap-1");
        assertThat(second.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        Files.writeString(crlFile(), CA.crl()); // the authority itself takes it back
        new Peer(channel(tls(sensor, SslProvider.OPENSSL)), "tap-1").greeted();
    }

    @Test
    void listThatCannotBeUsedIsSaidAtStart() throws Exception {
        Path none = folder.resolve("none.pem");
        assertThatThrownBy(newServer(none)::start)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("feed.tls.crl: " + none + ": no such file");
        Path junk = Files.writeString(folder.resolve("junk.pem"), "not a list\n");
        assertThatThrownBy(newServer(junk)::start)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("feed.tls.crl: " + junk);
    }

    private Path crlFile() {
        return folder.resolve("server").resolve("crl.pem");
    }

    private void revoke(X509Certificate... certificates) throws IOException {
        Files.writeString(crlFile(), CA.crl(certificates));
    }

    private double count(String kind) {
        return metrics.counter("minewatch.collector.accept.refused.streams", "kind", kind).count();
    }

    private List<String> logged() {
        return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static SslContext tls(ThrowAwayCa.Identity sensor, SslProvider provider)
            throws IOException {
        return GrpcSslContexts.configure(SslContextBuilder.forClient(), provider)
                .trustManager(CA.certificate())
                .keyManager(sensor.key(), sensor.certificate())
                .build();
    }

    private ManagedChannel channel(SslContext tls) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", server.port()).sslContext(tls).build();
        channels.add(channel);
        return channel;
    }

    /// A sensor that says hello and hears what becomes of it.
    private static final class Peer implements StreamObserver<CollectorMessage> {
        final BlockingQueue<CollectorMessage> answers = new LinkedBlockingQueue<>();
        final BlockingQueue<Status> ended = new LinkedBlockingQueue<>();

        Peer(ManagedChannel channel, String sensor) {
            StreamObserver<SensorMessage> requests = FeedGrpc.newStub(channel).exchange(this);
            try {
                requests.onNext(
                        SensorMessage.newBuilder()
                                .setHello(
                                        Hello.newBuilder()
                                                .setSensor(sensor)
                                                .setBootId(UUID.randomUUID().toString())
                                                .setNextSeq(1)
                                                .setSchema(1))
                                .build());
            } catch (IllegalStateException gone) {
                assertThat(gone).hasMessageContaining("call");
            }
        }

        Peer greeted() throws InterruptedException {
            CollectorMessage first = answers.poll(20, TimeUnit.SECONDS);
            assertThat(first).as("welcome; stream ended with %s", ended.peek()).isNotNull();
            return this;
        }

        Status end() throws InterruptedException {
            Status status = ended.poll(20, TimeUnit.SECONDS);
            assertThat(status).as("end of stream; answers: %s", answers).isNotNull();
            return status == null ? Status.OK : status;
        }

        @Override
        public void onNext(CollectorMessage message) {
            answers.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            ended.add(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            ended.add(Status.OK);
        }
    }
}
