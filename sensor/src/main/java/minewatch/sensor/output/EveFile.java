package minewatch.sensor.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import minewatch.feed.v1.Hit;
import minewatch.sensor.spool.QuietLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Hits → a file of EVE events, for what reads Suricata's `eve.json`.
///
/// The file is synced before the hits go to the spool, so that every hit the collector ever holds
/// has its events in the file, but for those the disk refused, which are counted. A hit of the
/// moment in which the sensor is killed may be in the file alone. There is never half a line: one
/// that a crash left is cut off.
///
/// It is rotated here by size (`eve.json` → `eve.json.1` → …), and may be rotated by others as
/// well: a file that was moved away is noticed and begun anew. A file that cannot be written costs
/// its own events only. Not thread-safe.
public final class EveFile implements AutoCloseable {
    private static final int CHUNK = 4096; // bytes looked through at a time for a line end

    private final EveConfig config;
    private final Path path;
    private final Counter written;
    private final Counter lost;
    private final QuietLog trouble = new QuietLog(LoggerFactory.getLogger(EveFile.class));
    private @Nullable FileChannel file;
    private @Nullable Object fileKey;
    private long end; // bytes of whole lines

    private EveFile(EveConfig config, Path path, MeterRegistry registry) {
        this.config = config;
        this.path = path;
        this.written = registry.counter("minewatch.sensor.output.eve.events", "result", "written");
        this.lost = registry.counter("minewatch.sensor.output.eve.events", "result", "lost");
    }

    /// @return null if the settings name no file
    public static @Nullable EveFile of(EveConfig config, MeterRegistry registry) {
        Path path = config.file();
        return path == null ? null : new EveFile(config, path, registry);
    }

    /// Appends the events of the hits and syncs the file. Does not throw: what cannot be written is
    /// logged and counted.
    public void write(List<Hit> hits) {
        List<String> events = hits.stream().flatMap(hit -> EveEvents.of(hit).stream()).toList();
        if (events.isEmpty()) {
            return;
        }
        try {
            append(ByteBuffer.wrap((String.join("\n", events) + "\n").getBytes(UTF_8)));
            written.increment(events.size());
        } catch (IOException e) {
            lost.increment(events.size());
            trouble.log(
                    Level.ERROR,
                    "cannot write to "
                            + path
                            + ": "
                            + e
                            + "; free disk space or correct outputs.eve.file; the collector gets the"
                            + " hits all the same");
            close();
        }
    }

    private void append(ByteBuffer lines) throws IOException {
        FileChannel to = writable();
        long from = end;
        try {
            while (lines.hasRemaining()) {
                to.write(lines, from + lines.position());
            }
            to.force(false);
            end = from + lines.limit();
        } catch (IOException e) {
            to.truncate(from);
            throw e;
        }
    }

    private FileChannel writable() throws IOException {
        FileChannel open = file;
        if (open != null && end < config.rotateBytes() && isStillThere()) {
            return open;
        }
        close();
        if (isFull()) {
            rotate();
        }
        return open();
    }

    private FileChannel open() throws IOException {
        FileChannel opened =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        file = opened;
        fileKey = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        end = endOfLastLine(opened);
        opened.truncate(end);
        return opened;
    }

    /// Whether the name still means the open file, and not one that another program put there.
    private boolean isStillThere() throws IOException {
        try {
            Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return key != null && key.equals(fileKey);
        } catch (NoSuchFileException moved) {
            return false;
        }
    }

    private boolean isFull() throws IOException {
        return Files.exists(path) && Files.size(path) >= config.rotateBytes();
    }

    private void rotate() throws IOException {
        for (int number = config.keep() - 1; number >= 1; number--) {
            if (Files.exists(aside(number))) {
                move(aside(number), aside(number + 1));
            }
        }
        move(path, aside(1));
    }

    private Path aside(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Bytes up to and with the last line end.
    private static long endOfLastLine(FileChannel file) throws IOException {
        for (long to = file.size(); to > 0; to = Math.max(0, to - CHUNK)) {
            long from = Math.max(0, to - CHUNK);
            var chunk = ByteBuffer.allocate((int) (to - from));
            while (chunk.hasRemaining() && file.read(chunk, from + chunk.position()) >= 0) {
                // until it is full
            }
            for (int i = chunk.position() - 1; i >= 0; i--) {
                if (chunk.get(i) == '\n') {
                    return from + i + 1;
                }
            }
        }
        return 0;
    }

    @Override
    public void close() {
        FileChannel open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                trouble.log(Level.WARN, "cannot close " + path + ": " + e.getMessage());
            }
        }
    }
}
