package minewatch.collector.accept;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import minewatch.feed.ReceivedFeed;
import minewatch.feed.trust.PeerTrust;
import minewatch.feed.trust.RevocationList;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.IssuedCertificate;
import minewatch.feed.v1.ReceivedMessage;
import minewatch.feed.v1.ReleasePart;
import minewatch.feed.v1.ReleaseRequest;
import minewatch.feed.v1.SigningRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listener sensors connect to: gRPC over mutual TLS, a port of its own that serves nothing
/// else. `start` and `close` by one owner.
public final class FeedServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedServer.class);
    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    /// No message grows when it is read.
    static final DecompressorRegistry UNCOMPRESSED =
            DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, true);

    private static final int MAX_CONNECTIONS = 8192;
    private static final Duration PING = Duration.ofSeconds(20);
    private static final Duration CHANGES_SEEN_WITHIN = Duration.ofSeconds(1);
    private static final Duration STREAMS_END_WITHIN = Duration.ofSeconds(4);

    private final FeedConfig config;
    private final Issuer issuer;
    private final BatchHandler store;
    private final AcceptMetrics metrics;
    private final ActiveStreams active = new ActiveStreams();
    private final Backlog backlog = new Backlog();
    private final QuietLog revocationTrouble = new QuietLog(LOG);
    private RevocationList revoked = RevocationList.none();
    private ReleaseFolder releases;
    private @Nullable Server server;
    private @Nullable Thread warden;

    /// @param issuer renews sensors' certificates
    public FeedServer(
            FeedConfig config, Issuer issuer, BatchHandler store, MeterRegistry registry) {
        this.issuer = issuer;
        this.config = config;
        this.store = store;
        this.metrics = new AcceptMetrics(registry);
        this.releases = new ReleaseFolder(null, List.of(), registry);
        metrics.watchStreams();
        Gauge.builder("minewatch.collector.accept.backlog", backlog, Backlog::waiting)
                .register(registry);
    }

    /// Sensors may fetch these. To be called before [#start].
    public void offer(ReleaseFolder folder) {
        releases = folder;
    }

    /// @throws IOException if a file cannot be used or the port is taken, with what to do about it
    public void start() throws IOException {
        requireReadable("feed.tls.ca", config.tls().ca());
        requireReadable("feed.tls.certificate", config.tls().certificate());
        requireReadable("feed.tls.key", config.tls().key());
        var address = new InetSocketAddress(config.listen().host(), config.listen().port());
        if (address.isUnresolved()) {
            throw new IOException(
                    "feed.listen: " + config.listen() + " (expected: an address of this machine)");
        }
        List<X509Certificate> authorities = PeerTrust.certificates(config.tls().ca());
        issuer.requireAmong(authorities);
        revoked = revocations(authorities);
        try {
            Server built = build(address, new SensorTrust(authorities, revoked, this::refused));
            built.start().join();
            server = built;
            warden = Thread.ofVirtual().name("warden").start(this::watchFiles);
        } catch (CompletionException e) {
            throw new IOException(
                    "cannot listen on "
                            + config.listen()
                            + ": "
                            + reason(e)
                            + "; set another feed.listen",
                    e);
        } catch (RuntimeException e) {
            throw new IOException(
                    "cannot use the certificate "
                            + config.tls().certificate()
                            + " with its key and authority: "
                            + reason(e),
                    e);
        }
    }

    /// The TCP port in use.
    public int port() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server.activeLocalPort();
    }

    /// Lets each stream finish the batch in hand, then ends it; within about 5 s.
    @Override
    public void close() {
        Server running = server;
        if (running == null) {
            return;
        }
        server = null;
        if (warden != null) {
            warden.interrupt();
        }
        active.abortAll(Status.UNAVAILABLE.withDescription("the collector stops"));
        long until = System.nanoTime() + STREAMS_END_WITHIN.toNanos();
        try {
            while (!active.isEmpty() && System.nanoTime() < until) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.stop().join();
    }

    private RevocationList revocations(List<X509Certificate> authorities) throws IOException {
        Path file = config.tls().crlFile();
        try {
            return config.tls().crl() == null
                    ? RevocationList.ifThere(file, authorities, revocationTrouble::warn)
                    : RevocationList.of(file, authorities, revocationTrouble::warn);
        } catch (IOException e) {
            throw new IOException(
                    "feed.tls.crl: " + e.getMessage() + "; minewatch collector revoke writes one",
                    e);
        }
    }

    private void refused(X509Certificate certificate, CertificateException refusal) {
        var why = RefusedCertificate.of(certificate, refusal);
        metrics.refusedStream(why.kind());
        active.refused(SensorIdentity.of(certificate).orElse("without a name"), why.message());
    }

    /// Certificates are revoked and expire, and releases come, while streams are open.
    private void watchFiles() {
        try {
            while (true) {
                releases.refresh();
                Thread.sleep(CHANGES_SEEN_WITHIN);
                active.endLapsed();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /// A stream lasts for months. So the limits on time and length, which are meant for requests,
    /// are off here, and each message is bounded instead.
    private Server build(InetSocketAddress address, PeerTrust trust) {
        return Server.builder()
                .port(address, SessionProtocol.HTTPS)
                .tls(
                        TlsKeyPair.of(
                                config.tls().key().toFile(), config.tls().certificate().toFile()))
                .tlsCustomizer(tls ->
                        tls.trustManager(trust).clientAuth(ClientAuth.REQUIRE).protocols("TLSv1.3"))
                .service(
                        GrpcService.builder()
                                .addService(new Feed().received())
                                .maxRequestMessageLength(MAX_MESSAGE_BYTES)
                                .decompressorRegistry(UNCOMPRESSED)
                                .build())
                .meterRegistry(new CompositeMeterRegistry()) // nobody reads Armeria's own
                .requestTimeoutMillis(0)
                .maxRequestLength(0)
                .maxNumConnections(MAX_CONNECTIONS)
                .pingInterval(PING)
                .gracefulShutdownTimeout(Duration.ZERO, Duration.ofMillis(200))
                .build();
    }

    private static void requireReadable(String setting, Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException(
                    setting
                            + ": "
                            + file
                            + " (expected: a readable PEM file; minewatch collector enrol makes one)");
        }
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("unknown cause");
    }

    /// The feed's methods, where a stream of the sensor's messages is one of [ReceivedMessage].
    private final class Feed extends FeedGrpc.FeedImplBase {
        ServerServiceDefinition received() {
            String exchange = ReceivedFeed.exchange().getFullMethodName();
            var methods = ServerServiceDefinition.builder(FeedGrpc.SERVICE_NAME);
            for (ServerMethodDefinition<?, ?> method : bindService().getMethods()) {
                if (!method.getMethodDescriptor().getFullMethodName().equals(exchange)) {
                    methods.addMethod(method);
                }
            }
            return methods.addMethod(
                            ReceivedFeed.exchange(),
                            ServerCalls.asyncBidiStreamingCall(this::converse))
                    .build();
        }

        @Override
        public void renew(SigningRequest request, StreamObserver<IssuedCertificate> answer) {
            PeerCertificate peer = peer();
            Thread.ofVirtual().name("renew").start(() -> renew(peer, request, answer));
        }

        private void renew(
                PeerCertificate peer,
                SigningRequest request,
                StreamObserver<IssuedCertificate> answer) {
            try {
                answer.onNext(issuer.renew(peer, request));
                answer.onCompleted();
                metrics.renewed.increment();
            } catch (StatusException e) {
                metrics.notRenewed.increment();
                active.refused(
                        peer.sensor().orElse("without a name"),
                        "its certificate is not renewed: " + e.getStatus().getDescription());
                answer.onError(e);
            }
        }

        @Override
        public void fetchRelease(ReleaseRequest request, StreamObserver<ReleasePart> answer) {
            PeerCertificate peer = peer();
            Thread.ofVirtual()
                    .name("release")
                    .start(() -> {
                        try {
                            answer.onNext(part(peer, request));
                            answer.onCompleted();
                        } catch (StatusException e) {
                            answer.onError(e);
                        }
                    });
        }

        private ReleasePart part(PeerCertificate peer, ReleaseRequest request)
                throws StatusException {
            var lapse = peer.lapse();
            if (lapse.isPresent()) {
                throw Status.UNAUTHENTICATED.withDescription(lapse.get().message()).asException();
            }
            return peer.sensor()
                    .flatMap(sensor ->
                            releases.part(sensor, request.getDigest(), request.getOffset()))
                    .map(bytes -> ReleasePart.newBuilder().setData(bytes).build())
                    .orElseThrow(() ->
                            Status.NOT_FOUND
                                    .withDescription("no such release for this sensor")
                                    .asException());
        }

        private PeerCertificate peer() {
            return PeerCertificate.of(ServiceRequestContext.current().sslSession(), revoked);
        }

        private StreamObserver<ReceivedMessage> converse(StreamObserver<CollectorMessage> answers) {
            var stream =
                    new SensorStream(
                            peer(),
                            store,
                            backlog,
                            active,
                            releases,
                            metrics,
                            (ServerCallStreamObserver<CollectorMessage>) answers);
            stream.begin();
            return stream;
        }
    }
}
