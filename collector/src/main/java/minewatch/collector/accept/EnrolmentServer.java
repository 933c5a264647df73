package minewatch.collector.accept;

import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import minewatch.config.HostPort;
import minewatch.feed.trust.PeerTrust;
import org.jspecify.annotations.Nullable;

/// The listener sensors enrol at: gRPC over TLS without a client certificate, on a port of its own,
/// so that nobody without one can reach the feed, whatever either of them does wrong. Everything a
/// stranger may take up here is bounded. `start` and `close` by one owner.
public final class EnrolmentServer implements AutoCloseable {
    private static final int MAX_REQUEST_BYTES = 16 << 10;
    private static final int MAX_CONNECTIONS = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_CONNECTION = Duration.ofSeconds(30);

    private final HostPort listen;
    private final FeedConfig.Tls tls;
    private final Issuer issuer;
    private final EnrolmentService service;
    private @Nullable Server server;

    public EnrolmentServer(
            HostPort listen,
            FeedConfig.Tls tls,
            EnrolmentTokens tokens,
            Issuer issuer,
            MeterRegistry registry) {
        this.listen = listen;
        this.tls = tls;
        this.issuer = issuer;
        this.service = new EnrolmentService(tokens, issuer, registry);
    }

    /// @throws IOException if the port is taken, or the collector's certificate is another
    ///   authority's
    public void start() throws IOException {
        var address = new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            throw new IOException(
                    "enrolment.listen: " + listen + " (expected: an address of this machine)");
        }
        try {
            Server built = build(address, identity(issuer.authority()));
            built.start().join();
            server = built;
        } catch (CompletionException e) {
            throw new IOException(
                    "cannot listen on "
                            + listen
                            + ": "
                            + e.getCause()
                            + "; set another enrolment.listen",
                    e);
        }
    }

    private Server build(InetSocketAddress address, TlsKeyPair identity) {
        return Server.builder()
                .port(address, SessionProtocol.HTTPS)
                .tls(identity)
                .tlsCustomizer(context -> context.clientAuth(ClientAuth.NONE).protocols("TLSv1.3"))
                .service(
                        GrpcService.builder()
                                .addService(service)
                                .useBlockingTaskExecutor(true)
                                .maxRequestMessageLength(MAX_REQUEST_BYTES)
                                .decompressorRegistry(FeedServer.UNCOMPRESSED)
                                .build())
                .meterRegistry(new CompositeMeterRegistry()) // nobody reads Armeria's own
                .requestTimeout(TIMEOUT)
                .maxRequestLength(2 * MAX_REQUEST_BYTES)
                .maxNumConnections(MAX_CONNECTIONS)
                .idleTimeout(TIMEOUT)
                .maxConnectionAge(LONGEST_CONNECTION)
                .gracefulShutdownTimeout(Duration.ZERO, Duration.ofMillis(200))
                .build();
    }

    /// The collector's certificate with its authority's behind it: a new sensor knows the authority
    /// by its fingerprint alone, and takes it from here.
    private TlsKeyPair identity(X509Certificate authority) throws IOException {
        List<X509Certificate> chain = new ArrayList<>(PeerTrust.certificates(tls.certificate()));
        try {
            chain.getLast().verify(authority.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "enrolment.authority: "
                            + tls.certificate()
                            + " comes from another authority (expected: this one, by which new"
                            + " sensors know the collector)",
                    e);
        }
        chain.add(authority);
        TlsKeyPair files = TlsKeyPair.of(tls.key().toFile(), tls.certificate().toFile());
        return TlsKeyPair.of(files.privateKey(), chain.toArray(X509Certificate[]::new));
    }

    /// The TCP port in use.
    public int port() {
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server.activeLocalPort();
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop().join();
            server = null;
        }
    }
}
