package minewatch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Rows of a table in Markdown: what a packet costs at each point of a curve, and how many times
/// what it costs at the first.
public final class Curve {
    private final String name;
    private double first;

    public Curve(String name) {
        this.name = name;
    }

    public static void heading() {
        System.out.println("| curve | at | ns a packet | times the first | |");
        System.out.println("|---|---|---|---|---|");
    }

    public void add(String at, double nanosPerPacket, String remark) {
        first = first == 0 ? nanosPerPacket : first;
        System.out.printf(
                "| %s | %s | %.0f | %.2f | %s |%n",
                name, at, nanosPerPacket, nanosPerPacket / first, remark);
    }

    /// Memory of this process that is no file's (proc_pid_status(5), RssAnon).
    public static long residentMebi() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
