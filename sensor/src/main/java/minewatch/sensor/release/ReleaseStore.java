package minewatch.sensor.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import minewatch.feed.release.ReleaseFile;

/// Releases on disk, `N.release`: the one in force and the one before, so that there is another
/// where one is damaged. A file is there as a whole or not at all, also after a power cut.
///
/// - **Thread:** one.
final class ReleaseStore {
    private static final Pattern NAME =
            Pattern.compile("[1-9][0-9]{0,18}" + Pattern.quote(ReleaseFile.SUFFIX));

    private final Path directory;

    ReleaseStore(Path directory) {
        this.directory = directory;
    }

    /// What is kept.
    List<Path> newestFirst() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> NAME.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted(
                            Comparator.comparingInt((Path file) -> file.toString().length())
                                    .thenComparing(Comparator.naturalOrder())
                                    .reversed())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of(); // no release came yet
        }
    }

    /// @param before the number of the release in force so far; all others are deleted
    void keep(long number, byte[] bytes, long before) throws IOException {
        Files.createDirectories(directory);
        Path next = directory.resolve("next");
        Files.deleteIfExists(next); // of an attempt that was cut short
        DurableFile.create(next, bytes, DurableFile.SECRET);
        Files.move(next, file(number), StandardCopyOption.ATOMIC_MOVE);
        DurableFile.syncFolder(directory);
        for (Path other : newestFirst()) {
            if (!Set.of(file(number), file(before)).contains(other)) {
                Files.delete(other);
            }
        }
    }

    private Path file(long number) {
        return directory.resolve(number + ReleaseFile.SUFFIX);
    }
}
