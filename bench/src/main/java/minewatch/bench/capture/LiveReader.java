package minewatch.bench.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A program of its own that captures from an interface, its packets' thread on one core.
abstract sealed class LiveReader permits SensorReader, TcpdumpReader, NdpiReader {
    private static final Path OPEN_SOCKETS = Path.of("/proc/thread-self/net/packet");
    private static final String PEAK = "VmHWM";
    private static final String ANONYMOUS = "RssAnon";
    private static final long START_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);
    static final int CORE = 1;

    private final String name;

    LiveReader(String name) {
        this.name = name;
    }

    final String name() {
        return name;
    }

    /// Starts to capture, and returns when it does.
    abstract Process start(String networkInterface, Path folder, int seconds)
            throws IOException, InterruptedException;

    /// Ends it, after the load.
    ///
    /// @param arrived packets at the interface
    /// @return packets it has handled
    abstract long stop(Process process, Path folder, long arrived)
            throws IOException, InterruptedException;

    /// Whether it captures, by what it has opened or written so far.
    boolean isReady(Path folder) throws IOException {
        return Files.readAllLines(OPEN_SOCKETS).size() > 1; // the first line is a heading
    }

    /// The program's output goes to a file in the folder.
    final Process launch(Path folder, List<String> command)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("out").toFile())
                        .start();
        process.getOutputStream().close();
        long until = System.nanoTime() + START_WITHIN_NANOS;
        while (!isReady(folder)) {
            if (!process.isAlive() || System.nanoTime() - until > 0) {
                throw new IOException(
                        command.getFirst() + ": " + Files.readString(folder.resolve("out")));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        TimeUnit.SECONDS.sleep(1); // from the socket to reading it
        return process;
    }

    /// Processor time of each thread so far, ns.
    static Map<String, Long> cpuNanos(Process process) throws IOException {
        Map<String, Long> nanos = new HashMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path thread : threads.toList()) {
                String told = Files.readString(thread.resolve("schedstat"));
                nanos.put(thread.toString(), Long.parseLong(told.split(" ", -1)[0]));
            }
        }
        return nanos;
    }

    /// Most memory so far. A ring is the kernel's, and mapped: part of it.
    static long peakMebi(Process process) throws IOException {
        return mebi(process, PEAK);
    }

    /// Memory now that is no file's and no ring's.
    static long anonymousMebi(Process process) throws IOException {
        return mebi(process, ANONYMOUS);
    }

    private static long mebi(Process process, String field) throws IOException {
        String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
        return number(status, "(?m)^" + field + ":\\s+(\\d+) kB$") >> 10;
    }

    static long number(String text, String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(text);
        if (!found.find()) {
            throw new IOException("no " + pattern + " in: " + text);
        }
        return Long.parseLong(found.group(1));
    }
}
