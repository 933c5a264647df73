package minewatch.sensor.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// What a disk may hold after a power cut: everything that was synced, and of what was not, any
/// part. It is told each operation in order ([CrashFileSystem]) and plays them up to any one.
///
/// A file's bytes are durable once the file is synced, a directory's entries (creations, renames,
/// deletions) once the directory is. Until then each write may be on disk whole, in part or not at
/// all, in any order, and each change of an entry or not. A file that grew without its data shows
/// zeros. This is weaker than what ext4 or XFS do, on purpose.
final class CrashDisk {
    private static final int SECTOR = 512; // bytes that are written as a whole

    /// One step that changes the disk, or makes changes last.
    sealed interface Step {
        record Create(int file, String path) implements Step {}

        record Write(int file, long at, byte[] bytes) implements Step {}

        record Truncate(int file, long size) implements Step {}

        record Sync(int file) implements Step {}

        record Rename(String from, String to) implements Step {}

        record Delete(String path) implements Step {}

        record SyncDirectory(String path) implements Step {}
    }

    /// What becomes of changes that were not synced.
    enum Unsynced {
        /// All are lost.
        LOST,
        /// All are there.
        KEPT,
        /// Each is lost, there, or there in part.
        ANY
    }

    private final List<Step> steps = new ArrayList<>();
    private int files;
    private int attempts;
    private int failFrom = Integer.MAX_VALUE;
    private int failTo = Integer.MAX_VALUE;

    synchronized int newFile() {
        return files++;
    }

    synchronized void add(Step step) {
        steps.add(step);
    }

    /// Lets the steps with these numbers fail: they throw and change nothing.
    synchronized void failAt(int first, int last) {
        failFrom = first;
        failTo = last;
    }

    /// Counts an attempt at a step.
    ///
    /// @throws IOException if it is to fail
    synchronized void attempt() throws IOException {
        int number = attempts++;
        if (number >= failFrom && number <= failTo) {
            throw new IOException("Input/output error");
        }
    }

    synchronized int attempts() {
        return attempts;
    }

    synchronized int size() {
        return steps.size();
    }

    /// Writes what may be left after a power cut when that many steps were done.
    ///
    /// @param to made; subdirectories as well
    synchronized void play(int done, Unsynced unsynced, RandomGenerator random, Path to)
            throws IOException {
        var left = new Left(unsynced, random);
        steps.subList(0, done).forEach(left::take);
        left.write(to);
    }

    /// The state under construction: durable contents, and what waits for a sync.
    private static final class Left {
        private final Unsynced unsynced;
        private final RandomGenerator random;
        private final Map<Integer, byte[]> durable = new HashMap<>();
        private final Map<Integer, List<Step>> waiting = new HashMap<>();
        private final TreeMap<String, Integer> entries = new TreeMap<>();
        private final List<Step> waitingEntries = new ArrayList<>();

        Left(Unsynced unsynced, RandomGenerator random) {
            this.unsynced = unsynced;
            this.random = random;
        }

        void take(Step step) {
            switch (step) {
                case Step.Write write -> waiting(write.file()).add(write);
                case Step.Truncate cut -> waiting(cut.file()).add(cut);
                case Step.Sync sync -> {
                    waiting(sync.file()).forEach(change -> apply(sync.file(), change));
                    waiting(sync.file()).clear();
                }
                case Step.SyncDirectory directory -> sync(directory.path());
                case Step.Create create -> waitingEntries.add(create);
                case Step.Rename rename -> waitingEntries.add(rename);
                case Step.Delete delete -> waitingEntries.add(delete);
            }
        }

        private void sync(String directory) {
            List<Step> ours =
                    waitingEntries.stream()
                            .filter(change -> directoryOf(change).equals(directory))
                            .toList();
            ours.forEach(change -> apply(entries, change));
            waitingEntries.removeAll(ours);
        }

        private List<Step> waiting(int file) {
            return waiting.computeIfAbsent(file, _ -> new ArrayList<>());
        }

        private void apply(int file, Step change) {
            byte[] before = durable.getOrDefault(file, new byte[0]);
            durable.put(
                    file,
                    switch (change) {
                        case Step.Write write -> written(before, write);
                        case Step.Truncate cut -> Arrays.copyOf(before, (int) cut.size());
                        default -> before;
                    });
        }

        private static byte[] written(byte[] before, Step.Write write) {
            int end = (int) write.at() + write.bytes().length;
            byte[] after = Arrays.copyOf(before, Math.max(before.length, end));
            System.arraycopy(write.bytes(), 0, after, (int) write.at(), write.bytes().length);
            return after;
        }

        private static void apply(Map<String, Integer> names, Step change) {
            switch (change) {
                case Step.Create create -> names.put(create.path(), create.file());
                case Step.Rename rename -> {
                    Integer file = names.remove(rename.from());
                    if (file != null) {
                        names.put(rename.to(), file);
                    }
                }
                case Step.Delete delete -> names.remove(delete.path());
                default -> throw new IllegalStateException("no entry: " + change);
            }
        }

        private static String directoryOf(Step change) {
            String path =
                    switch (change) {
                        case Step.Create create -> create.path();
                        case Step.Rename rename -> rename.to();
                        case Step.Delete delete -> delete.path();
                        default -> throw new IllegalStateException("no entry: " + change);
                    };
            int slash = path.lastIndexOf('/');
            return slash < 0 ? "" : path.substring(0, slash);
        }

        void write(Path to) throws IOException {
            for (Step change : waitingEntries) {
                if (isThere()) {
                    apply(entries, change);
                }
            }
            waiting.forEach((file, changes) -> changes.forEach(change -> perhaps(file, change)));
            Files.createDirectories(to.resolve("quarantine"));
            for (Map.Entry<String, Integer> entry : entries.entrySet()) {
                Path file = to.resolve(entry.getKey());
                Files.write(file, durable.getOrDefault(entry.getValue(), new byte[0]));
            }
        }

        private void perhaps(int file, Step change) {
            if (isThere()) {
                Step kept = change instanceof Step.Write write ? partOf(write) : change;
                apply(file, kept);
            }
        }

        /// Whole sectors of it, the others zero where the file grew.
        private Step partOf(Step.Write write) {
            if (unsynced != Unsynced.ANY || random.nextBoolean()) {
                return write;
            }
            byte[] bytes = write.bytes().clone();
            for (int from = 0; from < bytes.length; from += SECTOR) {
                if (random.nextBoolean()) {
                    Arrays.fill(bytes, from, Math.min(bytes.length, from + SECTOR), (byte) 0);
                }
            }
            return new Step.Write(write.file(), write.at(), bytes);
        }

        private boolean isThere() {
            return switch (unsynced) {
                case LOST -> false;
                case KEPT -> true;
                case ANY -> random.nextBoolean();
            };
        }
    }
}
