package minewatch.sensor.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLServerSocket;
import minewatch.config.HostPort;
import minewatch.testkit.ThrowAwayCa;

/// A receiver of RFC 5425: octet-counted messages over real TLS on loopback. It asks for no client
/// certificate unless told to.
public final class SyslogServer implements AutoCloseable {
    private static final int LONGEST = 8192; // octets a receiver should take

    private final ServerSocket listener;
    private final List<String> messages = new ArrayList<>();
    private final Semaphore reading = new Semaphore(1);
    private final List<Socket> open = new ArrayList<>();
    private int dieAfter = Integer.MAX_VALUE; // messages of one connection

    public SyslogServer(ThrowAwayCa.Identity identity, int port, ClientAuth clients)
            throws Exception {
        var tls =
                (JdkSslContext)
                        SslContextBuilder.forServer(identity.key(), identity.certificate())
                                .sslProvider(SslProvider.JDK)
                                .trustManager(identity.ca())
                                .build();
        var socket =
                (SSLServerSocket)
                        tls.context()
                                .getServerSocketFactory()
                                .createServerSocket(port, 8, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(clients == ClientAuth.REQUIRE);
        listener = socket;
        Thread.ofVirtual().start(this::accept);
    }

    /// Breaks each connection off, without TLS's farewell, after so many messages.
    synchronized SyslogServer dyingAfter(int count) {
        dieAfter = count;
        return this;
    }

    /// Reads no more.
    void hold() {
        reading.acquireUninterruptibly();
    }

    public HostPort address() {
        return new HostPort("localhost", listener.getLocalPort());
    }

    public synchronized List<String> messages() {
        return List.copyOf(messages);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                synchronized (this) {
                    open.add(socket);
                }
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            for (int read = 0; read(in); ) {
                if (++read >= limit()) {
                    socket.setSoLinger(true, 0);
                    return;
                }
            }
        } catch (IOException e) {
            // the other side broke off
        }
    }

    private synchronized int limit() {
        return dieAfter;
    }

    private boolean read(InputStream in) throws IOException {
        int length = 0;
        for (int c = in.read(); c != ' '; c = in.read()) {
            if (c < '0' || c > '9' || length > LONGEST) {
                if (c < 0 && length == 0) {
                    return false;
                }
                throw new IOException("not a length");
            }
            length = length * 10 + c - '0';
        }
        if (length > LONGEST) {
            throw new IOException(length + " octets");
        }
        reading.acquireUninterruptibly();
        reading.release();
        byte[] message = in.readNBytes(length);
        if (message.length < length) {
            return false;
        }
        synchronized (this) {
            messages.add(new String(message, UTF_8));
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        synchronized (this) {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
