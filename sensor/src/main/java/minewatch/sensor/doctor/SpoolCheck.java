package minewatch.sensor.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolConfig;
import org.jspecify.annotations.Nullable;

/// Whether hits have a place to wait: a folder that can be written, of no other sensor, with room.
final class SpoolCheck {
    private SpoolCheck() {}

    static List<Diagnosis> examine(Machine machine, SpoolConfig config) {
        Path directory = config.directory();
        String make =
                "install -d -m 700 -o "
                        + machine.user()
                        + " "
                        + directory
                        + ", or set spool.directory";
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            return List.of(
                    Diagnosis.failure(
                            Check.SPOOL,
                            directory + " is not a folder",
                            "mv " + directory + " " + directory + ".old, or set spool.directory"));
        }
        if (!Files.exists(directory)) {
            Path parent = existing(directory.toAbsolutePath().getParent());
            return List.of(
                    parent != null && canMakeFiles(parent)
                            ? room(config, parent, directory + " is made at the start")
                            : Diagnosis.failure(
                                    Check.SPOOL,
                                    directory
                                            + " is absent, and "
                                            + machine.user()
                                            + " may not make it",
                                    make));
        }
        String own = "chown -R " + machine.user() + " " + directory + ", or set spool.directory";
        try {
            if (!canMakeFiles(directory)) {
                return List.of(
                        Diagnosis.failure(
                                Check.SPOOL,
                                machine.user() + " may not write to " + directory,
                                own));
            }
            String state =
                    Spool.isInUse(directory)
                            ? " is in use: a sensor runs"
                            : " can be written and is free";
            return List.of(room(config, directory, directory + state));
        } catch (IOException e) {
            return List.of(
                    Diagnosis.failure(
                            Check.SPOOL,
                            directory + " has files " + machine.user() + " may not write",
                            own));
        }
    }

    /// Only a file that was made tells: rights alone do not know of read-only file systems.
    private static boolean canMakeFiles(Path directory) {
        try {
            Files.delete(Files.createTempFile(directory, "doctor", ".tmp"));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static Diagnosis room(SpoolConfig config, Path directory, String state) {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            long used = Files.isDirectory(config.directory()) ? used(config.directory()) : 0;
            String found =
                    state
                            + "; "
                            + Sizes.text(free)
                            + " are free, and it may take "
                            + Sizes.text(config.maxBytes())
                            + (used > 0 ? ", of which it has " + Sizes.text(used) : "");
            String remedy =
                    "df -h "
                            + directory
                            + ", and make room, or set spool.max-bytes: "
                            + (used + free) / 2;
            if (free + used < config.segmentBytes()) {
                return Diagnosis.failure(Check.SPOOL, "no room for a segment: " + found, remedy);
            }
            return free + used < config.maxBytes()
                    ? Diagnosis.warning(
                            Check.SPOOL, "less room than spool.max-bytes: " + found, remedy)
                    : Diagnosis.ok(Check.SPOOL, found);
        } catch (IOException e) {
            return Diagnosis.warning(
                    Check.SPOOL, state + "; its room could not be told", "df -h " + directory);
        }
    }

    private static long used(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static @Nullable Path existing(@Nullable Path directory) {
        Path path = directory;
        while (path != null && !Files.exists(path)) {
            path = path.getParent();
        }
        return path;
    }
}
