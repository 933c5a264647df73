package minewatch.sensor.uplink;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import minewatch.feed.trust.PeerTrust;
import minewatch.feed.trust.RevocationList;
import minewatch.sensor.uplink.UplinkException.Kind;

/// Opens channels to the collector: HTTP/2 over mutual TLS, BoringSSL and epoll where the machine
/// has them. Reads the certificate files anew each time.
final class Dialer {
    private static final int MAX_MESSAGE = 64 << 10; // bytes; a collector's answers are tiny
    private static final long KEEPALIVE_SECONDS = 30;
    private static final long KEEPALIVE_TIMEOUT_SECONDS = 10;

    private final UplinkConfig config;

    Dialer(UplinkConfig config) {
        this.config = config;
    }

    ManagedChannel dial() throws UplinkException {
        return NettyChannelBuilder.forAddress(config.collector().host(), config.collector().port())
                .sslContext(tls())
                .maxInboundMessageSize(MAX_MESSAGE)
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .disableRetry()
                .build();
    }

    private SslContext tls() throws UplinkException {
        PeerTrust trust = trust();
        try (InputStream certificate = open("uplink.certificate", config.certificate());
                InputStream key = open("uplink.key", config.key())) {
            SslContextBuilder builder =
                    SslContextBuilder.forClient()
                            .trustManager(trust)
                            .keyManager(certificate, key)
                            .protocols("TLSv1.3");
            return GrpcSslContexts.configure(builder).build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new UplinkException(
                    Kind.CERTIFICATE,
                    "cannot use "
                            + config.certificate()
                            + " and "
                            + config.key()
                            + ": "
                            + e.getMessage()
                            + "; expected: PEM files, the key in PKCS 8 and not encrypted",
                    e);
        } catch (IOException e) {
            throw new UplinkException(Kind.CERTIFICATE, "cannot read certificates: " + e, e);
        }
    }

    /// Read anew at each attempt, as all files are.
    private PeerTrust trust() throws UplinkException {
        try (InputStream ca = open("uplink.ca", config.ca())) {
            List<X509Certificate> authorities = PeerTrust.certificates(ca, config.ca());
            return new PeerTrust(authorities, revoked(authorities), (_, _) -> {});
        } catch (IOException e) {
            throw new UplinkException(
                    Kind.CERTIFICATE, "uplink.ca: " + e.getMessage() + "; copy it anew", e);
        }
    }

    private RevocationList revoked(List<X509Certificate> authorities) throws UplinkException {
        Path crl = config.crl();
        if (crl == null) {
            return RevocationList.none();
        }
        try {
            return RevocationList.of(crl, authorities, _ -> {});
        } catch (IOException e) {
            throw new UplinkException(
                    Kind.CERTIFICATE,
                    "uplink.crl: " + e.getMessage() + "; `minewatch collector revoke` writes one",
                    e);
        }
    }

    private static InputStream open(String name, Path file) throws UplinkException {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UplinkException(
                    Kind.CERTIFICATE,
                    name
                            + ": cannot read "
                            + file
                            + " (expected: a PEM file the sensor may read); `minewatch collector"
                            + " enrol` makes it",
                    e);
        }
    }
}
