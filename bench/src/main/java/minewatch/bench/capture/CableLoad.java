package minewatch.bench.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import minewatch.sensor.capture.linux.Affinity;
import minewatch.sensor.rehearsal.SyntheticTraffic;
import minewatch.testkit.net.Cable;
import minewatch.testkit.net.FrameSender;
import minewatch.testkit.net.PrivateNetwork;

/// A mix of a provider's traffic, sent evenly into a cable from core 0, and what came out of it.
final class CableLoad {
    private static final int FRAMES = 100_000;
    private static final int FLOWS = 20_000;
    private static final int SENDER_CORE = 0;
    private static final Pattern RECEIVED = Pattern.compile("(?s)RX:[^\n]*\n\\s*\\d+\\s+(\\d+)");

    private final List<byte[]> frames = new ArrayList<>();

    CableLoad() {
        SyntheticTraffic traffic = new SyntheticTraffic(FLOWS, 1);
        for (int i = 0; i < FRAMES; i++) {
            frames.add(traffic.next());
        }
    }

    List<byte[]> frames() {
        return frames;
    }

    /// The load must come whatever else the machine does: a core and real-time priority for this
    /// thread.
    static void hurry() throws IOException, InterruptedException {
        Affinity.pin(SENDER_CORE);
        Path self = Path.of("/proc/thread-self").toRealPath().getFileName();
        PrivateNetwork.command("chrt", "--fifo", "--pid", "1", String.valueOf(self));
    }

    /// Sends for so long, spread evenly.
    ///
    /// @return packets a second
    double offer(Cable cable, int rate, long nanos) throws IOException {
        try (FrameSender sender = FrameSender.open(cable.near())) {
            return offer(sender.load(frames), rate, nanos);
        }
    }

    private static double offer(FrameSender.Load load, int rate, long nanos) throws IOException {
        long start = System.nanoTime();
        long sent = 0;
        int next = 0;
        long now = 0;
        while (now < nanos) {
            long due = (long) (rate * 1e-9 * now) - sent;
            if (due > 0) {
                int some = load.sendSome(next, (int) Math.min(due, Integer.MAX_VALUE));
                sent += some;
                next += some;
                if (next == load.count()) {
                    next = 0;
                }
            } else {
                Thread.onSpinWait();
            }
            now = System.nanoTime() - start;
        }
        return sent * 1e9 / now;
    }

    /// Packets that reached the far end.
    static long arrived(Cable cable) throws IOException, InterruptedException {
        String said = PrivateNetwork.command("ip", "-s", "link", "show", "dev", cable.far());
        Matcher received = RECEIVED.matcher(said);
        if (!received.find()) {
            throw new IOException("no count in: " + said);
        }
        return Long.parseLong(received.group(1));
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
