package minewatch.bench.feed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What Linux tells of a process and of its children, by `/proc`.
final class ProcessUsage {
    private static final int CHILDREN = 4; // of these fields, those of children that ended
    private static final double TICKS = 100; // a second, USER_HZ on every Linux

    private ProcessUsage() {}

    /// Processor time of a process alone, seconds.
    static double cpuSeconds(long pid) throws IOException {
        return ticks(pid, 2) / TICKS;
    }

    /// Processor time of a process and of all its children, ended ones included, seconds.
    static double cpuSecondsOfAll(long pid) throws IOException {
        double ticks = ticks(pid, CHILDREN);
        for (ProcessHandle child : children(pid)) {
            try {
                ticks += ticks(child.pid(), CHILDREN);
            } catch (IOException ended) {
                // then the parent has its time
            }
        }
        return ticks / TICKS;
    }

    static long residentMebi(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
                .findFirst()
                .orElse(0);
    }

    private static List<ProcessHandle> children(long pid) {
        return ProcessHandle.of(pid)
                .map(process -> process.descendants().toList())
                .orElse(List.of());
    }

    /// The sum of utime, stime and, of four fields, cutime and cstime (proc(5)).
    private static double ticks(long pid, int fields) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long sum = 0;
        for (int i = 0; i < fields; i++) {
            sum += Long.parseLong(afterName[11 + i]);
        }
        return sum;
    }
}
