package minewatch.demo.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// Stands between sensor and collector, passes bytes on, and resets each connection after as many
/// bytes from the sensor as it is told: in the handshake, within a batch, wherever that falls.
/// Connections go to its targets in turn.
final class CuttingProxy implements AutoCloseable {
    private static final int BUFFER = 1024; // small, so that a cut falls within a message

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final List<Integer> targets;
    private final LongSupplier bytesUntilCut;

    /// @param bytesUntilCut asked for each connection
    CuttingProxy(List<Integer> targets, LongSupplier bytesUntilCut) throws IOException {
        this.targets = targets;
        this.bytesUntilCut = bytesUntilCut;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    int cuts() {
        return cuts.get();
    }

    /// Cuts every connection there is.
    void cutAll() {
        open.forEach(CuttingProxy::reset);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutAll();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket sensor = listener.accept();
                int target = targets.get(connections.getAndIncrement() % targets.size());
                connect(sensor, target, bytesUntilCut.getAsLong());
            } catch (IOException closed) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(closed);
                }
            }
        }
    }

    private void connect(Socket sensor, int target, long limit) {
        try {
            var collector = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(sensor);
            open.add(collector);
            Thread.ofVirtual().start(() -> pass(sensor, collector, limit));
            Thread.ofVirtual().start(() -> pass(collector, sensor, Long.MAX_VALUE));
        } catch (IOException noCollector) {
            reset(sensor);
        }
    }

    private void pass(Socket from, Socket to, long limit) {
        byte[] buffer = new byte[BUFFER];
        try {
            long left = limit;
            while (left > 0) {
                int read = from.getInputStream().read(buffer, 0, (int) Math.min(BUFFER, left));
                if (read < 0) {
                    break;
                }
                to.getOutputStream().write(buffer, 0, read);
                left -= read;
            }
            if (left == 0) {
                cuts.incrementAndGet();
            }
        } catch (IOException reset) {
            // the other direction was cut, or one side is gone
        }
        reset(from);
        reset(to);
        open.remove(from);
        open.remove(to);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closed) {
            // was what is wanted
        }
    }
}
