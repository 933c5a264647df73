package minewatch.sensor.inspect.tls;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import minewatch.testkit.ThrowAwayCa;
import minewatch.testkit.ThrowAwayCa.Identity;

/// A real TLS handshake of the JDK, in memory: both sides have certificates of one authority, as
/// Chia's peers have.
public final class Handshake {
    /// Chia's authority: `chia/ssl/chia_ca.crt` in github.com/Chia-Network/chia-blockchain.
    public static final String CHIA = "O=Chia,CN=Chia CA,OU=Organic Farming Division";

    private static final char[] PASSWORD = "unused".toCharArray();
    private static final int MAX_STEPS = 100;
    private static final int MAX_BYTES = 1 << 15;

    /// What one side sends at once.
    public record Flight(boolean byClient, byte[] bytes) {}

    private final List<Flight> flights = new ArrayList<>();

    private Handshake() {}

    /// Handshake, and a record of data of each side.
    ///
    /// @param authority its name, `O=Chia,CN=Chia CA`
    /// @param version `TLSv1.2`
    public static List<Flight> between(String authority, String version) throws Exception {
        ThrowAwayCa ca = ThrowAwayCa.ofName(authority);
        SSLEngine client = engine(ca.sensor("peer"), version, true);
        SSLEngine server = engine(ca.server("chia.net"), version, false);
        Handshake handshake = new Handshake();
        handshake.run(client, server);
        return List.copyOf(handshake.flights);
    }

    /// The body of a Certificate message (RFC 5246 §7.4.2).
    static byte[] certificateMessage(X509Certificate certificate) {
        try {
            byte[] der = certificate.getEncoded();
            return ByteBuffer.allocate(6 + der.length)
                    .putShort((short) (der.length + 3 >> 8))
                    .put((byte) (der.length + 3))
                    .putShort((short) (der.length >> 8))
                    .put((byte) der.length)
                    .put(der)
                    .array();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("cannot encode a certificate", e);
        }
    }

    private static SSLEngine engine(Identity identity, String version, boolean asClient)
            throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", identity.ca());
        store.setKeyEntry(
                "own", identity.key(), PASSWORD, new X509Certificate[] {identity.certificate()});
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(store).getKeyManagers(), trust(store).getTrustManagers(), null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(asClient);
        engine.setNeedClientAuth(!asClient);
        engine.setEnabledProtocols(new String[] {version});
        return engine;
    }

    private static KeyManagerFactory keys(KeyStore store) throws GeneralSecurityException {
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        return factory;
    }

    private static TrustManagerFactory trust(KeyStore store) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private void run(SSLEngine client, SSLEngine server) throws SSLException {
        Deque<ByteBuffer> toClient = new ArrayDeque<>();
        Deque<ByteBuffer> toServer = new ArrayDeque<>();
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; isGoingOn(client) || isGoingOn(server); i++) {
            if (i == MAX_STEPS) {
                throw new IllegalStateException("the handshake does not end");
            }
            step(true, client, toClient, toServer);
            step(false, server, toServer, toClient);
        }
        send(true, client);
        send(false, server);
    }

    private static boolean isGoingOn(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    /// Says what is to be said, and hears one message.
    private void step(
            boolean byClient, SSLEngine engine, Deque<ByteBuffer> in, Deque<ByteBuffer> out)
            throws SSLException {
        runTasks(engine);
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            out.add(send(byClient, engine));
        } else if (!in.isEmpty()) {
            engine.unwrap(in.element(), ByteBuffer.allocate(MAX_BYTES));
            if (!in.element().hasRemaining()) {
                in.remove();
            }
        }
    }

    private ByteBuffer send(boolean byClient, SSLEngine engine) throws SSLException {
        ByteBuffer wire = ByteBuffer.allocate(MAX_BYTES);
        engine.wrap(ByteBuffer.wrap(new byte[100]), wire);
        flights.add(new Flight(byClient, Arrays.copyOf(wire.array(), wire.position())));
        return wire.flip();
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask();
                task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
