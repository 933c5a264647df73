package minewatch.demo.faults;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import minewatch.collector.accept.Authority;
import minewatch.collector.ledger.EmbeddedPostgres;
import minewatch.feed.v1.Hit;
import org.jspecify.annotations.Nullable;

/// One PostgreSQL server, collectors and sensors as processes, and what they know each other by.
final class Installation implements AutoCloseable {
    private static final String DATABASE = "faults";

    private final Path folder;
    private final int postgresPort = freePort();
    private final Path postgresFolder;
    private final EmbeddedPostgres postgres;
    private String kafka = "";
    private final List<Process> processes = new ArrayList<>();
    private long counted;

    /// With the database other tests use as well.
    Installation(Path folder) throws IOException, SQLException {
        this(
                folder,
                Path.of(
                        System.getProperty("minewatch.root", ".."),
                        "demo",
                        "target",
                        "test-postgres"));
    }

    Installation(Path folder, Path postgresFolder) throws IOException, SQLException {
        this.folder = folder;
        this.postgresFolder = postgresFolder;
        postgres = new EmbeddedPostgres(postgresFolder, postgresPort);
        postgres.start();
        execute("DROP DATABASE IF EXISTS " + DATABASE + " (FORCE)");
        execute("CREATE DATABASE " + DATABASE);
        Files.writeString(folder.resolve("password"), postgres.password());
        Authority.openOrCreate(folder)
                .issueServer(
                        List.of("127.0.0.1"),
                        Duration.ofDays(1),
                        folder.resolve("collector.pem"),
                        folder.resolve("collector.key"));
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Path folder() {
        return folder;
    }

    /// From now on collectors read this topic as well.
    ///
    /// @param settings in YAML
    void readKafka(String settings) {
        kafka = "kafka: " + settings;
    }

    /// Starts a collector on the port; returns before it is ready.
    Process startCollector(int port) throws IOException {
        Path settings =
                Files.writeString(
                        folder.resolve("collector-" + port + ".yaml"),
                        """
                        feed:
                          listen: 127.0.0.1:%d
                          tls: {ca: ca.pem, certificate: collector.pem, key: collector.key}
                        web: {listen: "127.0.0.1:0"}
                        database: {url: "%s", user: %s, password-file: password}
                        %s
                        """
                                .formatted(
                                        port,
                                        postgres.jdbcUrl(DATABASE),
                                        EmbeddedPostgres.USER,
                                        kafka));
        Process collector =
                java("minewatch.collector.Main", "collector", "run", "--config", settings + "")
                        .redirectOutput(log("collector.log"))
                        .redirectErrorStream(true)
                        .start();
        processes.add(collector);
        return collector;
    }

    /// Waits until something listens there.
    static void awaitPort(int port) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < until) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IllegalStateException("nothing listens on port " + port);
    }

    /// Makes the certificate and the settings of a sensor.
    ///
    /// @param spool further settings of its spool
    /// @return the settings file
    Path enrol(String sensor, int collectorPort, String spool) throws IOException {
        Authority.openOrCreate(folder)
                .issueSensor(
                        sensor,
                        Duration.ofDays(1),
                        folder.resolve(sensor + ".pem"),
                        folder.resolve(sensor + ".key"));
        return Files.writeString(
                folder.resolve(sensor + ".yaml"),
                """
                sensor: {id: %s}
                capture: {files: [none]}
                spool: {directory: spool-%s%s}
                uplink: {collector: "127.0.0.1:%d", ca: ca.pem, certificate: %s.pem, key: %s.key, heartbeat: 1s}
                """
                        .formatted(sensor, sensor, spool, collectorPort, sensor, sensor));
    }

    /// Starts a [FeedingSensor]; the books hear what it says.
    Process startSensor(Path settings, Books books, long batches, int hits, int pauseMillis)
            throws IOException {
        Process sensor =
                java(
                                FeedingSensor.class.getName(),
                                settings.toString(),
                                String.valueOf(books.last() + 1),
                                String.valueOf(batches),
                                String.valueOf(hits),
                                String.valueOf(pauseMillis))
                        .redirectError(log("sensor.log"))
                        .start();
        processes.add(sensor);
        return sensor;
    }

    /// Reads what the sensor says until it ends.
    static Thread listen(Process sensor, Books books) {
        return Thread.ofVirtual()
                .start(() -> {
                    try (var lines =
                            new BufferedReader(
                                    new InputStreamReader(
                                            sensor.getInputStream(), StandardCharsets.UTF_8))) {
                        lines.lines().forEach(books::note);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e); // the books would be wrong
                    }
                });
    }

    /// Ends the server as a crash would, in the middle of whatever it does; it starts again by
    /// itself.
    void crashPostgres() throws IOException, InterruptedException {
        String pid = Files.readAllLines(postgresFolder.resolve("data/postmaster.pid")).getFirst();
        new ProcessBuilder("kill", "-QUIT", pid).inheritIO().start().waitFor();
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(server -> server.onExit().join());
        awaitPort(postgresPort);
    }

    /// What the ledger holds of a sensor.
    Books.Held held(String sensor) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        ask(
                "SELECT h.record FROM ledger.hit h"
                        + " JOIN ledger.batch b ON b.id = h.batch_id WHERE b.sensor_id = ?",
                sensor,
                row -> numbers.add(Long.valueOf(hit(row.getBytes(1)).getWorkers(0))));
        List<String> reasons = new ArrayList<>();
        long[] lost = new long[2];
        ask(
                "SELECT g.reason, g.hits FROM ledger.gap g"
                        + " JOIN ledger.batch b ON b.id = g.batch_id WHERE b.sensor_id = ?",
                sensor,
                row -> {
                    reasons.add(row.getString(1));
                    lost[0] += row.getLong(2);
                    lost[1] += row.getLong(2) == 0 ? 1 : 0;
                });
        return new Books.Held(numbers, lost[0], reasons, lost[1]);
    }

    /// Hits the ledger holds of a sensor; while the database does not answer, as many as before.
    long count(String sensor) {
        try {
            ask(
                    "SELECT coalesce(sum(hits), 0) FROM ledger.batch WHERE sensor_id = ?",
                    sensor,
                    row -> counted = row.getLong(1));
        } catch (SQLException noAnswer) {
            return counted;
        }
        return counted;
    }

    private static Hit hit(byte[] stored) {
        try {
            return Hit.parseFrom(stored);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Row {
        void take(ResultSet row) throws SQLException;
    }

    private void ask(String sql, String sensor, Row each) throws SQLException {
        try (Connection connection = connect(DATABASE);
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, sensor);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    each.take(rows);
                }
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect("postgres");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(database), EmbeddedPostgres.USER, postgres.password());
    }

    private ProcessBuilder java(String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1", // these live for seconds
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private ProcessBuilder.Redirect log(String name) {
        return ProcessBuilder.Redirect.appendTo(folder.resolve(name).toFile());
    }

    /// The last lines of a log, for the message of a failure.
    String tail(String name) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve(name));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
        } catch (IOException e) {
            return "no " + name;
        }
    }

    /// Ends a process in order.
    static void stop(@Nullable Process process) throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("still alive after 20 s: " + process.info());
            }
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        postgres.close();
    }
}
