package minewatch.sensor.output;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import minewatch.config.HostPort;
import minewatch.feed.v1.Batch;

/// One TLS connection to a syslog server.
///
/// RFC 5425 has no acknowledgement. So a batch counts as received when the connection has outlived
/// its sending for a while ([#SETTLES]): a server that dies under it breaks the connection within
/// that time. At the end, a server that closes its side after ours has read everything.
final class SyslogStream implements Output.Connection {
    static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    private static final Duration SETTLES = Duration.ofSeconds(5);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
    private static final int UNSETTLED = 256; // batches
    private static final int SCRAP = 512; // bytes

    private record Sent(long seq, long atNanos) {}

    private final Function<Batch, byte[]> messages;
    private final Socket transport;
    private final SSLSocket socket;
    private final Runnable changed;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closedByServer; // in order, that is with a close_notify
    private volatile boolean broken;
    private boolean finished;
    private long settled;

    private SyslogStream(
            Function<Batch, byte[]> messages,
            Socket transport,
            SSLSocket socket,
            Runnable changed) {
        this.messages = messages;
        this.transport = transport;
        this.socket = socket;
        this.changed = changed;
    }

    /// @param within to connect, and to shake hands
    static SyslogStream open(
            SyslogConfig config,
            HostPort server,
            Duration within,
            Function<Batch, byte[]> messages,
            Runnable changed)
            throws IOException {
        JdkSslContext tls = tls(config);
        var address = new InetSocketAddress(server.host(), server.port());
        if (address.isUnresolved()) {
            throw new IOException("no address for " + server.host());
        }
        var transport = new Socket();
        try {
            transport.connect(address, (int) within.toMillis());
            transport.setKeepAlive(true);
            transport.setSoTimeout((int) within.toMillis());
            SSLSocket socket = handshake(tls, transport, server);
            transport.setSoTimeout(0);
            var stream = new SyslogStream(messages, transport, socket, changed);
            Thread.ofVirtual().name("syslog-end").start(stream::watchEnd);
            return stream;
        } catch (IOException | RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    private static SSLSocket handshake(JdkSslContext tls, Socket transport, HostPort server)
            throws IOException {
        var socket =
                (SSLSocket)
                        tls.context()
                                .getSocketFactory()
                                .createSocket(transport, server.host(), server.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static JdkSslContext tls(SyslogConfig config) throws IOException {
        Path certificate = config.certificate();
        Path key = config.key();
        try (InputStream ca = Files.newInputStream(config.ca())) {
            SslContextBuilder builder =
                    SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(ca);
            if (certificate != null && key != null) {
                try (InputStream own = Files.newInputStream(certificate);
                        InputStream ownKey = Files.newInputStream(key)) {
                    builder.keyManager(own, ownKey);
                }
            }
            return (JdkSslContext) builder.build();
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "cannot use the PEM files of outputs.syslog: " + e.getMessage(), e);
        }
    }

    /// What a syslog server says is nothing; that it stops saying it is the end.
    private void watchEnd() {
        var scrap = new byte[SCRAP];
        try {
            while (socket.getInputStream().read(scrap) >= 0) {
                // thrown away
            }
            closedByServer = true;
        } catch (IOException e) {
            // told by whoever writes next
        } finally {
            broken = true;
            ended.countDown();
            changed.run();
        }
    }

    @Override
    public boolean hasRoom() {
        return sent.size() < UNSETTLED;
    }

    @Override
    public void send(Batch batch) throws IOException {
        socket.getOutputStream().write(messages.apply(batch));
        sent.add(new Sent(batch.getSeq(), System.nanoTime()));
    }

    @Override
    public long settled() throws IOException {
        if (broken && !finished) {
            throw new IOException("the server ended the connection");
        }
        long now = System.nanoTime();
        while (!sent.isEmpty() && now - sent.getFirst().atNanos() >= SETTLES.toNanos()) {
            settled = sent.removeFirst().seq();
        }
        return settled;
    }

    @Override
    public long idleNanos() {
        return sent.isEmpty()
                ? TimeUnit.MINUTES.toNanos(1)
                : sent.getFirst().atNanos() + SETTLES.toNanos() - System.nanoTime();
    }

    @Override
    public void finish() throws IOException {
        finished = true;
        socket.shutdownOutput();
        try {
            boolean inTime = ended.await(CLOSE_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
            if (inTime && closedByServer && !sent.isEmpty()) {
                settled = sent.getLast().seq();
                sent.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void abort() {
        try {
            transport.close();
        } catch (IOException e) {
            broken = true; // it was closed before
        }
    }

    @Override
    public void close() {
        abort();
    }
}
