package minewatch.sensor.spool;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of one spool: made, listed, replaced and deleted so that each step survives a power
/// cut. Holds the lock that keeps a second owner out.
final class SpoolDirectory implements AutoCloseable {
    private static final Pattern SEGMENT = Pattern.compile("(\\d{20})\\.segment");
    private static final int RESERVE = 1 << 16; // bytes
    private static final long LONGEST_STATE = 1 << 24; // bytes

    /// Directories open in this process. A file lock alone would not do: POSIX gives all locks of a
    /// process on a file up as soon as any channel of that file is closed.
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final @Nullable FileChannel lockFile;

    private SpoolDirectory(Path path, @Nullable FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    static SpoolDirectory open(Path directory) throws SpoolException {
        try {
            Files.createDirectories(directory.resolve("quarantine"));
            return lock(directory.toRealPath());
        } catch (SpoolException e) {
            throw e;
        } catch (IOException e) {
            throw new SpoolException(
                    "cannot open spool "
                            + directory
                            + ": "
                            + Reasons.of(e)
                            + "; make it writable for the sensor, or set spool.directory",
                    e);
        }
    }

    private static SpoolDirectory lock(Path path) throws IOException {
        if (!OPEN.add(path)) {
            throw inUse(path);
        }
        try {
            var lockFile = FileChannel.open(path.resolve("lock"), CREATE, WRITE);
            if (lockFile.tryLock() == null) {
                lockFile.close();
                throw inUse(path);
            }
            return new SpoolDirectory(path, lockFile);
        } catch (IOException | RuntimeException e) {
            OPEN.remove(path);
            throw e;
        }
    }

    /// To look at only: whoever owns it may change it meanwhile.
    static SpoolDirectory unlocked(Path directory) {
        return new SpoolDirectory(directory, null);
    }

    /// Whether somebody has this spool open. Holds its lock for a moment if nobody has.
    ///
    /// @throws IOException if the lock file cannot be opened
    static boolean isInUse(Path directory) throws IOException {
        Path path = directory.toRealPath();
        Path file = path.resolve("lock");
        if (OPEN.contains(path)) {
            return true; // and closing its lock file here would give the lock up
        }
        if (!Files.exists(file)) {
            return false;
        }
        try (var lockFile = FileChannel.open(file, WRITE);
                var lock = lockFile.tryLock()) {
            return lock == null;
        }
    }

    private static SpoolException inUse(Path path) {
        return new SpoolException(
                "cannot open spool "
                        + path
                        + ": another sensor uses it; stop that one, or set spool.directory");
    }

    Path path() {
        return path;
    }

    /// Numbers of the first batches of all segment files, ascending.
    List<Long> segments() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> SEGMENT.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .filter(name -> name.group(1).startsWith("0")) // fits a long
                    .map(name -> Long.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    Path segment(long firstSeq) {
        return path.resolve(String.format(Locale.ROOT, "%020d.segment", firstSeq));
    }

    /// Makes a segment file with its header; both are on disk when it returns.
    FileChannel createSegment(long firstSeq, UUID bootId) throws IOException {
        Path file = segment(firstSeq);
        var channel = FileChannel.open(file, CREATE_NEW, READ, WRITE);
        try {
            writeAll(channel, Frames.segmentHeader(bootId, firstSeq));
            channel.force(true);
            sync();
            return channel;
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    void deleteSegment(long firstSeq) throws IOException {
        Files.deleteIfExists(segment(firstSeq));
        sync();
    }

    /// Empty if there is none or it is damaged.
    Optional<SpoolState> readState() throws IOException {
        Path file = path.resolve("state");
        if (!Files.exists(file) || Files.size(file) > LONGEST_STATE) {
            return Optional.empty();
        }
        return SpoolState.parse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    }

    /// Replaces the state as a whole. On a full disk it uses the reserve.
    void writeState(SpoolState state) throws IOException {
        try {
            replaceState(state);
        } catch (IOException e) {
            if (!Files.deleteIfExists(path.resolve("reserve"))) {
                throw e;
            }
            replaceState(state);
        }
    }

    private void replaceState(SpoolState state) throws IOException {
        Path next = path.resolve("state.tmp");
        try (var channel = FileChannel.open(next, CREATE, WRITE, TRUNCATE_EXISTING)) {
            writeAll(channel, ByteBuffer.wrap(state.print().getBytes(StandardCharsets.ISO_8859_1)));
            channel.force(true);
        }
        Files.move(next, path.resolve("state"), StandardCopyOption.ATOMIC_MOVE);
        sync();
    }

    /// Sets room aside for a state that must be written on a full disk, if there is room.
    void fillReserve() throws IOException {
        Path file = path.resolve("reserve");
        if (!Files.exists(file)) {
            try (var channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
                writeAll(channel, ByteBuffer.allocate(RESERVE));
            } catch (IOException full) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// Copies bytes that are no frame aside, once, for whoever wants to look at them.
    ///
    /// @param limit most bytes the quarantine may hold in all; what does not fit is not kept
    void quarantine(long firstSeq, FileChannel file, long from, long end, long limit)
            throws IOException {
        Path aside =
                path.resolve("quarantine")
                        .resolve(String.format(Locale.ROOT, "%020d-%d", firstSeq, from));
        if (Files.exists(aside) || quarantinedBytes() + (end - from) > limit) {
            return;
        }
        try (var out = FileChannel.open(aside, CREATE_NEW, WRITE)) {
            for (long at = from; at < end; ) {
                long copied = file.transferTo(at, end - at, out);
                if (copied <= 0) {
                    break;
                }
                at += copied;
            }
        }
    }

    /// Moves a whole segment file aside.
    void quarantine(long firstSeq) throws IOException {
        Path file = segment(firstSeq);
        Path aside = path.resolve("quarantine").resolve(String.valueOf(file.getFileName()));
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        sync();
    }

    private long quarantinedBytes() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(path.resolve("quarantine"))) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /// Makes creations, renames and deletions durable.
    private void sync() throws IOException {
        try (var directory = FileChannel.open(path, READ)) {
            directory.force(true);
        }
    }

    static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        if (lockFile != null) {
            lockFile.close(); // gives the lock up
            OPEN.remove(path);
        }
    }
}
