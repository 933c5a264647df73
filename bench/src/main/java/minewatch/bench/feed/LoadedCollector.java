package minewatch.bench.feed;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import minewatch.collector.accept.Authority;
import org.jspecify.annotations.Nullable;

/// A collector as an operator runs it, by the launcher, with a PostgreSQL of its own, in a folder
/// made for the run.
final class LoadedCollector implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private final Path launcher;
    private final Path folder;
    private final Path settings;
    private final int feedPort = freePort();
    private final int webPort = freePort();
    private final HttpClient web = HttpClient.newHttpClient();
    private final Authority authority;
    private final String javaOptions;
    private @Nullable Process process;

    /// @param launcher `minewatch`
    /// @param folder empty; everything goes there
    /// @param javaOptions for the collector's Java machine, beside the launcher's own
    LoadedCollector(Path launcher, Path folder, String javaOptions) throws IOException {
        this.launcher = launcher;
        this.folder = folder;
        this.javaOptions = javaOptions;
        authority = Authority.openOrCreate(folder);
        authority.issueServer(
                List.of("127.0.0.1"),
                Duration.ofDays(1),
                folder.resolve("collector.pem"),
                folder.resolve("collector.key"));
        settings =
                Files.writeString(
                        folder.resolve("collector.yaml"),
                        """
                        feed:
                          listen: 127.0.0.1:%d
                          tls: {ca: ca.pem, certificate: collector.pem, key: collector.key}
                        web: {listen: "127.0.0.1:%d"}
                        database: {embedded: {directory: postgres}}
                        """
                                .formatted(feedPort, webPort));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Takes a registry in, before the collector starts.
    void importRegistry(String csv) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("registry.csv"), csv);
        Process command =
                launch(
                        "registry",
                        "import",
                        file.toString(),
                        "--source",
                        "load",
                        "--config",
                        settings.toString());
        if (command.waitFor() != 0) {
            throw new IOException("cannot import the registry; see collector.log in " + folder);
        }
    }

    /// Returns once it answers.
    void start() throws IOException, InterruptedException {
        process = launch("run", "--config", settings.toString());
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!isUp()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("no collector came up; see collector.log in " + folder);
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private Process launch(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(launcher.toString(), "collector"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("MINEWATCH_JAVA_OPTS", javaOptions);
        return builder.redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("collector.log").toFile()))
                .start();
    }

    private boolean isUp() throws InterruptedException {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), feedPort)) { // the last to listen
            return get("/healthz").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return web.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + webPort + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /// A connection of its own for a sensor, with a certificate of its own.
    ManagedChannel channel(String sensor) throws IOException {
        Path certificate = folder.resolve(sensor + ".pem");
        Path key = folder.resolve(sensor + ".key");
        authority.issueSensor(sensor, Duration.ofDays(1), certificate, key);
        return NettyChannelBuilder.forAddress("127.0.0.1", feedPort)
                .sslContext(
                        GrpcSslContexts.configure(
                                        SslContextBuilder.forClient()
                                                .trustManager(folder.resolve("ca.pem").toFile())
                                                .keyManager(certificate.toFile(), key.toFile())
                                                .protocols("TLSv1.3"))
                                .build())
                .disableRetry()
                .directExecutor()
                .build();
    }

    long storedHits() throws IOException, InterruptedException {
        return (long) metric("minewatch_collector_accept_hits_total{result=\"stored\"");
    }

    /// The sum of a metric over its labels.
    private double metric(String nameAndLabel) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(nameAndLabel))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    long heapMebi() throws IOException, InterruptedException {
        return (long) metric("jvm_memory_used_bytes{area=\"heap\"") >> 20;
    }

    long residentMebi() throws IOException {
        return ProcessUsage.residentMebi(running().pid());
    }

    double cpuSeconds() throws IOException {
        return ProcessUsage.cpuSeconds(running().pid());
    }

    double postgresCpuSeconds() throws IOException {
        return ProcessUsage.cpuSecondsOfAll(
                Long.parseLong(
                        Files.readAllLines(folder.resolve("postgres/data/postmaster.pid"))
                                .getFirst()));
    }

    /// Bytes of the database's files, without the write-ahead log.
    long databaseBytes() throws IOException {
        try (var files = Files.walk(folder.resolve("postgres/data/base"))) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroy();
            try {
                process.onExit().get(30, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                process.destroyForcibly();
            }
        }
    }
}
