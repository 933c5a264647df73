package minewatch.collector.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a running server writes to `postmaster.pid`: one value a line, its pid first, the port
/// fourth, its state eighth.
///
/// Source: PostgreSQL, src/include/utils/pidfile.h.
///
/// @param port 0 while the server has not written it yet
record PostmasterPid(long pid, int port, boolean ready) {
    static Optional<PostmasterPid> read(Path data) throws IOException {
        List<String> lines;
        try {
            lines = Files.readString(data.resolve("postmaster.pid"), UTF_8).lines().toList();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            long pid = lines.isEmpty() ? 0 : Long.parseLong(lines.getFirst().strip());
            int port = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
            boolean ready = lines.size() > 7 && lines.get(7).strip().equals("ready");
            return Optional.of(new PostmasterPid(pid, port, ready));
        } catch (NumberFormatException torn) {
            return Optional.of(new PostmasterPid(0, 0, false));
        }
    }

    /// Whether the process of this number is a PostgreSQL server that works in `data`.
    boolean isPostgresOf(Path data) {
        if (pid <= 0) {
            return false;
        }
        try {
            Path process = Path.of("/proc", Long.toString(pid));
            return Files.readString(process.resolve("cmdline"), UTF_8).contains("postgres")
                    && Files.isSameFile(process.resolve("cwd"), data);
        } catch (IOException gone) {
            return false;
        }
    }
}
