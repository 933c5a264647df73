package minewatch.collector.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real PostgreSQL server that belongs to this collector: unpacked, initialised, started and
/// stopped by it, reachable on loopback only, with a password, checksums and fsync.
///
/// ```
/// directory/
/// ├── binaries-<version>/   the server, unpacked once
/// ├── data/                 PGDATA; appears by one rename, so never half initialised
/// ├── password              0600; generated once
/// ├── owner.lock            held by the collector that started the server
/// └── postgres.log
/// ```
///
/// A collector that is killed leaves its server running. The next one sees the free lock, stops the
/// orphan in an orderly way and starts its own. A second process that finds the lock taken
/// (`registry import` beside the daemon) joins the running server and leaves it running.
///
/// A server that ends by itself, on a full disk or by a kill, is started again at the same port.
///
/// `start` and `close` by one owner.
public final class EmbeddedPostgres implements AutoCloseable {
    /// The one role, which owns the database of the same name.
    public static final String USER = "minewatch";

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration READY_WITHIN = Duration.ofSeconds(90); // crash recovery included
    private static final int PORT_ATTEMPTS = 5;
    private static final long MAX_LOG_BYTES = 16L << 20;

    private final Path directory;
    private final Path data;
    private final int configuredPort;
    private @Nullable Unprivileged unprivileged;
    private @Nullable Path home;
    private @Nullable FileChannel lockFile;
    private @Nullable FileLock lock;
    private @Nullable Process server;
    private volatile boolean closing;
    private int port;
    private String password = "";

    /// @param directory made if absent
    /// @param port 0 for any free one
    public EmbeddedPostgres(Path directory, int port) {
        this.directory = directory.toAbsolutePath();
        this.data = this.directory.resolve("data");
        this.configuredPort = port;
    }

    /// Starts the server and waits until it answers.
    ///
    /// @throws IOException with a remedy in its message; also if another collector owns the
    ///   directory
    public synchronized void start() throws IOException {
        if (!tryLock()) {
            throw new IOException(
                    "cannot start PostgreSQL in "
                            + directory
                            + ": another collector uses it; stop that one or set another"
                            + " database.embedded.directory");
        }
        try {
            startOwned();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Joins the server another process runs here, or starts one as [#start()] does.
    public void joinOrStart() throws IOException {
        if (tryLock()) {
            try {
                startOwned();
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
            return;
        }
        PostmasterPid running = awaitReady(null);
        password = Files.readString(directory.resolve("password")).strip();
        port = running.port();
    }

    /// Address of the running server's database.
    public String jdbcUrl() {
        return jdbcUrl(USER);
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public String password() {
        return password;
    }

    public int port() {
        return port;
    }

    /// Stops the server if this object started it: connections are cut, committed work is kept (a
    /// *fast* shutdown).
    @Override
    public void close() {
        closing = true;
        synchronized (this) {
            try {
                if (server != null) {
                    stopServer();
                }
            } finally {
                server = null;
                unlock();
            }
        }
    }

    private void startOwned() throws IOException {
        closing = false;
        unprivileged = Unprivileged.find();
        home = PostgresBinaries.unpack(directory);
        stopOrphan();
        password = passwordFile();
        unprivileged.own(directory);
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            initialise();
        }
        checkVersion();
        launch();
        createDatabase();
    }

    private boolean tryLock() throws IOException {
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        lockFile =
                FileChannel.open(
                        directory.resolve("owner.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            lock = null;
        }
        if (lock == null) {
            unlock();
        }
        return lock != null;
    }

    private void unlock() {
        try {
            if (lockFile != null) {
                lockFile.close();
            }
        } catch (IOException e) {
            log.warn("cannot release {}: {}", directory.resolve("owner.lock"), e.getMessage());
        } finally {
            lockFile = null;
            lock = null;
        }
    }

    private String passwordFile() throws IOException {
        Path file = directory.resolve("password");
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String generated = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        var ownerOnly =
                PosixFilePermissions.asFileAttribute(
                        EnumSet.of(
                                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        Path partial = directory.resolve("password.partial");
        Files.deleteIfExists(partial);
        Files.createFile(partial, ownerOnly);
        Files.writeString(partial, generated + "\n", UTF_8);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        return generated;
    }

    private void initialise() throws IOException {
        Path partial = directory.resolve("data.partial");
        PostgresBinaries.deleteTree(partial);
        run(
                "initdb",
                "--pgdata=" + partial,
                "--username=" + USER,
                "--pwfile=" + directory.resolve("password"),
                "--auth=scram-sha-256",
                "--data-checksums",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions");
        Files.move(partial, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void checkVersion() throws IOException {
        String written = Files.readString(data.resolve("PG_VERSION")).strip();
        String packed = PostgresBinaries.version().replaceFirst("\\..*", "");
        if (!written.equals(packed)) {
            throw new IOException(
                    "cannot start PostgreSQL: "
                            + data
                            + " was written by version "
                            + written
                            + ", this collector brings "
                            + packed
                            + "; dump it with the old collector's server and load it into a new"
                            + " database.embedded.directory");
        }
    }

    /// A server left behind by a killed collector is stopped; a pid file that names some other
    /// process (its number was given anew) is removed. Both are safe: this process holds the lock.
    private void stopOrphan() throws IOException {
        Optional<PostmasterPid> left = PostmasterPid.read(data);
        if (left.isEmpty()) {
            return;
        }
        if (left.get().isPostgresOf(data)) {
            log.info("stopping the PostgreSQL server a killed collector left running");
            run("pg_ctl", "stop", "--pgdata=" + data, "--mode=fast", "--wait", "--timeout=60");
        } else {
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        }
    }

    private void launch() throws IOException {
        IOException failure = null;
        int attempts = configuredPort == 0 ? PORT_ATTEMPTS : 1;
        for (int attempt = 0; attempt < attempts; attempt++) {
            int candidate = configuredPort == 0 ? freePort() : configuredPort;
            Process started = launch(candidate);
            server = started;
            try {
                port = awaitReady(started).port();
                watch(started);
                return;
            } catch (IOException e) {
                failure = e;
                server = null;
                started.destroyForcibly();
            }
        }
        throw failure == null ? new IOException("cannot start PostgreSQL") : failure;
    }

    private void watch(Process started) {
        var _ = started.onExit().thenRun(this::startAgain);
    }

    /// After the server ended: until it runs again, or nobody wants it any more.
    private void startAgain() {
        while (!closing) {
            synchronized (this) {
                if (closing || tryStartAgain()) {
                    return;
                }
            }
            try {
                TimeUnit.SECONDS.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean tryStartAgain() {
        log.error(
                "PostgreSQL ended by itself, and is started again; see {}/postgres.log", directory);
        Process started = null;
        try {
            started = launch(port);
            awaitReady(started);
            server = started;
            watch(started);
            return true;
        } catch (IOException e) {
            log.error("{}; the next try is in a second", e.getMessage());
            if (started != null) {
                started.destroyForcibly();
            }
            return false;
        }
    }

    private Process launch(int candidate) throws IOException {
        Path logFile = directory.resolve("postgres.log");
        if (Files.exists(logFile) && Files.size(logFile) > MAX_LOG_BYTES) {
            Files.move(
                    logFile,
                    directory.resolve("postgres.log.1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command =
                List.of(
                        program("postgres"),
                        "-D",
                        data.toString(),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "port=" + candidate,
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=on",
                        "-c",
                        "full_page_writes=on",
                        "-c",
                        "synchronous_commit=on",
                        "-c",
                        "max_connections=60",
                        "-c",
                        "shared_buffers=256MB",
                        "-c",
                        "max_wal_size=2GB",
                        "-c",
                        "timezone=UTC",
                        "-c",
                        "log_timezone=UTC",
                        "-c",
                        "log_min_messages=warning");
        return builder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .redirectErrorStream(true)
                .start();
    }

    /// Waits for the pid file's last line to say `ready`.
    ///
    /// @param started the process to watch, or null to wait for another process's server
    private PostmasterPid awaitReady(@Nullable Process started) throws IOException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<PostmasterPid> pid = PostmasterPid.read(data);
            if (pid.isPresent()
                    && pid.get().ready()
                    && (started == null || pid.get().pid() == started.pid())) {
                return pid.get();
            }
            if (closing) {
                throw new IOException("cannot wait for PostgreSQL: it is being stopped");
            }
            if (started != null && !started.isAlive()) {
                throw new IOException("cannot start PostgreSQL: " + lastLogLines());
            }
            pause();
        }
        throw new IOException(
                "cannot reach PostgreSQL in "
                        + directory
                        + ": not ready within "
                        + READY_WITHIN.toSeconds()
                        + " s; see postgres.log there");
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for PostgreSQL", e);
        }
    }

    private String lastLogLines() throws IOException {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("postgres.log"), UTF_8);
            return lines.subList(Math.max(0, lines.size() - 6), lines.size()).stream()
                    .map(line -> line.replaceFirst("^[-0-9:. UTC]+\\[\\d+] *", ""))
                    .filter(line -> !line.endsWith("is shut down"))
                    .collect(Collectors.joining("; "));
        } catch (NoSuchFileException e) {
            return "no postgres.log was written";
        }
    }

    private void createDatabase() throws IOException {
        try (var connection =
                        java.sql.DriverManager.getConnection(jdbcUrl("postgres"), USER, password);
                var statement = connection.createStatement()) {
            try (var found =
                    statement.executeQuery(
                            "SELECT 1 FROM pg_database WHERE datname = '" + USER + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE " + USER);
        } catch (java.sql.SQLException e) {
            throw new IOException("cannot create the database: " + e.getMessage(), e);
        }
    }

    private void stopServer() {
        try {
            run("pg_ctl", "stop", "--pgdata=" + data, "--mode=fast", "--wait", "--timeout=8");
        } catch (IOException e) {
            log.warn(
                    "PostgreSQL did not stop in time, its next start will recover: {}",
                    e.getMessage());
            if (server != null) {
                server.destroyForcibly();
            }
        }
    }

    private void run(String program, String... arguments) throws IOException {
        var command = new java.util.ArrayList<String>();
        command.add(program(program));
        command.addAll(List.of(arguments));
        Process process = builder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("cannot run " + program + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + program, e);
        }
    }

    private String program(String name) {
        if (home == null) {
            throw new IllegalStateException("not started");
        }
        return home.resolve("bin").resolve(name).toString();
    }

    private ProcessBuilder builder(List<String> command) {
        if (unprivileged == null) {
            throw new IllegalStateException("not started");
        }
        var builder = new ProcessBuilder(unprivileged.command(command));
        builder.directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
