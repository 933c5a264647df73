package minewatch.sensor.uplink;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import minewatch.config.HostPort;
import minewatch.feed.trust.EnrolmentToken;
import minewatch.feed.v1.EnrolRequest;
import minewatch.feed.v1.EnrolmentGrpc;
import minewatch.feed.v1.IssuedCertificate;
import minewatch.feed.v1.SigningRequest;

/// How a sensor comes to its first certificate: it makes a key, which never leaves it, and has the
/// collector certify it for a token. The three files are those the sensor's settings name.
public final class Enrolment {
    private static final int MAX_MESSAGE = 64 << 10; // bytes
    private static final Duration WITHIN = Duration.ofSeconds(15);

    private final Path certificate;
    private final Path key;
    private final Path ca;
    private final Path request;

    /// @param folder for `sensor.pem`, `sensor.key` and `ca.pem`; made if absent
    public Enrolment(Path folder) {
        this.certificate = folder.resolve("sensor.pem");
        this.key = folder.resolve("sensor.key");
        this.ca = folder.resolve("ca.pem");
        this.request = folder.resolve("sensor.csr");
    }

    /// Makes a key and a request for an authority that signs by hand.
    ///
    /// @throws IOException if one of the two files is there already, or cannot be written
    public void request(String sensor) throws IOException {
        requireAbsent(key, request);
        KeyPair keys = newKey();
        Credentials.createPublic(
                request, Credentials.pem("CERTIFICATE REQUEST", SigningRequests.of(sensor, keys)));
    }

    /// Uses the token up and writes the three files; if that fails, none is left.
    ///
    /// @param collector where it lets sensors enrol
    /// @return until when the certificate holds
    /// @throws IOException what went wrong and what to do about it
    public Instant enrol(HostPort collector, EnrolmentToken token) throws IOException {
        requireAbsent(certificate, key, ca);
        KeyPair keys = newKey();
        boolean done = false;
        try {
            X509Certificate own = certify(collector, token, keys);
            done = true;
            return own.getNotAfter().toInstant();
        } finally {
            if (!done) {
                Files.deleteIfExists(key);
                Files.deleteIfExists(certificate);
                Files.deleteIfExists(ca);
            }
        }
    }

    /// Written before anything is asked, so that a token is not spent where nothing can be written.
    private KeyPair newKey() throws IOException {
        Files.createDirectories(key.toAbsolutePath().resolveSibling(""));
        KeyPair keys = SigningRequests.newKeys();
        Credentials.createSecret(key, Credentials.pem(keys.getPrivate()));
        return keys;
    }

    private static void requireAbsent(Path... files) throws IOException {
        for (Path file : files) {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(
                        file + ": is there already; move it away first");
            }
        }
    }

    private X509Certificate certify(HostPort collector, EnrolmentToken token, KeyPair keys)
            throws IOException {
        var trust = new FirstContact(token.fingerprint());
        IssuedCertificate issued = ask(collector, token, keys, trust);
        X509Certificate authority = Objects.requireNonNull(trust.authority());
        try {
            X509Certificate own =
                    Credentials.accept(issued.getPem(), keys, token.sensor(), List.of(authority));
            Credentials.createPublic(certificate, issued.getPem());
            Credentials.createPublic(ca, Credentials.pem("CERTIFICATE", authority.getEncoded()));
            return own;
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        } catch (CertificateException e) {
            throw new IOException("cannot enrol: " + e.getMessage(), e);
        }
    }

    private IssuedCertificate ask(
            HostPort collector, EnrolmentToken token, KeyPair keys, FirstContact trust)
            throws IOException {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(collector.host(), collector.port())
                        .sslContext(
                                GrpcSslContexts.configure(SslContextBuilder.forClient())
                                        .trustManager(trust)
                                        .protocols("TLSv1.3")
                                        .build())
                        .maxInboundMessageSize(MAX_MESSAGE)
                        .disableRetry()
                        .build();
        try {
            return EnrolmentGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(WITHIN.toSeconds(), TimeUnit.SECONDS)
                    .enrol(
                            EnrolRequest.newBuilder()
                                    .setSecret(token.secret())
                                    .setRequest(request(token.sensor(), keys))
                                    .build());
        } catch (StatusRuntimeException e) {
            UplinkException why = new Failures(settings(collector)).of(e);
            throw new IOException(why.getMessage(), why);
        } finally {
            channel.shutdownNow();
        }
    }

    /// The same for the first certificate and each after it.
    static SigningRequest request(String sensor, KeyPair keys) {
        return SigningRequest.newBuilder()
                .setPkcs10(ByteString.copyFrom(SigningRequests.of(sensor, keys)))
                .build();
    }

    private UplinkConfig settings(HostPort collector) {
        return new UplinkConfig(collector, List.of(), ca, certificate, key, null, WITHIN);
    }
}
