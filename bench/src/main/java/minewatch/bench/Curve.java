package minewatch.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Rows of a table in Markdown: what a packet costs at each point of a curve, and how many times
/// what it costs at the first.
public final class Curve {
    private static final int ROUNDS = 3;

    private final String name;
    private double first;

    public Curve(String name) {
        this.name = name;
    }

    public static void heading() {
        System.out.println("| curve | at | ns a packet | times the first | |");
        System.out.println("|---|---|---|---|---|");
    }

    /// What a point of a curve costs.
    public interface Measurement<T> {
        T at(int point) throws Exception;
    }

    /// Measures each point once in each of three rounds, and answers the least of each: on a
    /// machine that is shared, whole seconds are slow.
    public static <T> List<T> least(
            int points, Measurement<T> measurement, ToDoubleFunction<T> nanosPerPacket)
            throws Exception {
        List<T> least = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < points; i++) {
                T cost = measurement.at(i);
                if (round == 0) {
                    least.add(cost);
                } else if (nanosPerPacket.applyAsDouble(cost)
                        < nanosPerPacket.applyAsDouble(least.get(i))) {
                    least.set(i, cost);
                }
            }
        }
        return least;
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
