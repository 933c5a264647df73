package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Waits for changes of files in some folders: what `--watch` runs on, until Ctrl-C.
final class Watch implements AutoCloseable {
    /// An editor writes a file in several steps: this long without a change, and it is done.
    private static final long QUIET_MILLIS = 200;

    /// One round of the command.
    @FunctionalInterface
    interface Round {
        void run() throws IOException, InterruptedException;
    }

    private final WatchService service;

    private Watch(WatchService service) {
        this.service = service;
    }

    /// Runs `round`, and again after every change below `paths`, until the process is told to end,
    /// which it does with exit code 0.
    ///
    /// @param paths files, or folders whose own files are watched
    static void untilInterrupted(List<Path> paths, Round round)
            throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(Watch::halt, "watch-end"));
        try (Watch watch = over(paths)) {
            while (true) {
                round.run();
                System.out.flush();
                System.err.println("watching " + count(paths) + "; Ctrl-C ends");
                watch.await();
            }
        }
    }

    private static Watch over(List<Path> paths) throws IOException {
        Watch watch = new Watch(FileSystems.getDefault().newWatchService());
        try {
            for (Path folder : folders(paths)) {
                folder.register(
                        watch.service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            }
            return watch;
        } catch (IOException e) {
            watch.close();
            throw e;
        }
    }

    private static Set<Path> folders(List<Path> paths) {
        Set<Path> folders = new LinkedHashSet<>();
        for (Path path : paths) {
            Path absolute = path.toAbsolutePath();
            Path parent = absolute.getParent();
            folders.add(Files.isDirectory(absolute) || parent == null ? absolute : parent);
        }
        return folders;
    }

    private void await() throws InterruptedException {
        WatchKey key = service.take();
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }

    private static String count(List<Path> paths) {
        return paths.size() == 1
                ? paths.getFirst().toString()
                : ScanCommand.count(paths.size(), "place");
    }

    /// Left to itself the machine would exit 130 or 143; ending a watch is no failure.
    private static void halt() {
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
