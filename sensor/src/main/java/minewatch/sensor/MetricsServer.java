package minewatch.sensor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import minewatch.config.HostPort;

/// Answers `GET /metrics` with the registry's meters in Prometheus' text form, over plain HTTP;
/// every other path is 404. One request at a time, on a thread of its own.
public final class MetricsServer implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;

    private MetricsServer(HttpServer server) {
        this.server = server;
    }

    /// @param listen port 0 chooses a free one
    /// @throws IOException in words for the user, if the address cannot be listened on
    public static MetricsServer start(HostPort listen, PrometheusMeterRegistry registry)
            throws IOException {
        try {
            var server = HttpServer.create(new InetSocketAddress(listen.host(), listen.port()), 4);
            server.createContext("/", exchange -> answer(exchange, registry));
            server.setExecutor(
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().name("metrics").daemon().factory()));
            server.start();
            return new MetricsServer(server);
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "cannot listen on " + listen + ": " + e.getMessage() + "; set metrics.listen",
                    e);
        }
    }

    public HostPort address() {
        InetSocketAddress address = server.getAddress();
        return new HostPort(address.getHostString(), address.getPort());
    }

    private static void answer(HttpExchange exchange, PrometheusMeterRegistry registry)
            throws IOException {
        try (exchange) {
            boolean found =
                    exchange.getRequestURI().getPath().equals("/metrics")
                            && exchange.getRequestMethod().equals("GET");
            byte[] body = (found ? registry.scrape() : "").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", TEXT);
            exchange.sendResponseHeaders(found ? 200 : 404, found ? body.length : -1);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        if (server.getExecutor() instanceof java.util.concurrent.ExecutorService threads) {
            threads.shutdownNow();
        }
    }
}
