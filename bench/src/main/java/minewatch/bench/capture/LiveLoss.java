package minewatch.bench.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import minewatch.sensor.capture.linux.Affinity;
import minewatch.sensor.rehearsal.SyntheticTraffic;
import minewatch.testkit.net.Cable;
import minewatch.testkit.net.FrameSender;
import minewatch.testkit.net.PrivateNetwork;

/// How much of a load several programs lose, and what a packet costs them: a mix of a provider's
/// traffic over a veth pair in a network of its own. The sender has core 0, each program in turn
/// core 1. Loss is that of the whole, the first moment included; processor time is that of the
/// second half, of the busiest thread and of all, compilers included. What is not installed is left
/// out, and said. Needs root, `ip`, `taskset` and `chrt`.
///
/// `java -cp … minewatch.bench.capture.LiveLoss SECONDS PPS...`
public final class LiveLoss {
    private static final int FRAMES = 100_000;
    private static final int FLOWS = 20_000;
    private static final int SENDER_CORE = 0;
    private static final int TRICKLE_MILLIS = 100;
    private static final Pattern RECEIVED = Pattern.compile("(?s)RX:[^\n]*\n\\s*\\d+\\s+(\\d+)");

    private final int seconds;
    private final List<byte[]> frames = new ArrayList<>();

    private LiveLoss(int seconds) {
        this.seconds = seconds;
        SyntheticTraffic traffic = new SyntheticTraffic(FLOWS, 1);
        for (int i = 0; i < FRAMES; i++) {
            frames.add(traffic.next());
        }
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("usage: LiveLoss SECONDS PPS...");
            System.exit(2);
        }
        LiveLoss loss = new LiveLoss(Integer.parseInt(arguments[0]));
        List<LiveReader> readers = new ArrayList<>(List.of(new SensorReader("af-packet")));
        readers.add(new SensorReader("pcap"));
        addIfInstalled(readers, "tcpdump", new TcpdumpReader());
        addIfInstalled(readers, "ndpiReader", new NdpiReader());
        System.out.printf(
                "%-20s %9s %9s %9s %7s %7s %7s %6s%n",
                "program", "pps", "arrived", "handled", "lost %", "ns", "ns all", "MiB");
        for (String rate : Arrays.asList(arguments).subList(1, arguments.length)) {
            for (LiveReader reader : readers) {
                PrivateNetwork.run(() -> loss.measure(reader, Integer.parseInt(rate)));
            }
        }
        System.exit(0);
    }

    private static void addIfInstalled(
            List<LiveReader> readers, String program, LiveReader reader) {
        boolean installed =
                Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin")
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (installed) {
            readers.add(reader);
        } else {
            System.out.println(program + " is not installed, and left out");
        }
    }

    private void measure(LiveReader reader, int rate) throws Exception {
        Cable cable = Cable.lay();
        Path folder = Files.createTempDirectory("live-loss");
        Process process = null;
        try {
            process = reader.start(cable.far(), folder, seconds);
            Affinity.pin(SENDER_CORE);
            hurry();
            double offered = offer(cable, rate) / 2;
            Map<String, Long> before = LiveReader.cpuNanos(process);
            long arrivedBefore = arrived(cable);
            offered += offer(cable, rate) / 2;
            long arrived = arrived(cable);
            TimeUnit.SECONDS.sleep(1); // what is still in a buffer is work as well
            Map<String, Long> cpu = LiveReader.cpuNanos(process);
            cpu.replaceAll((thread, nanos) -> nanos - before.getOrDefault(thread, 0L));
            long mebi = LiveReader.peakMebi(process);
            trickle(process, cable);
            long handled = Math.min(reader.stop(process, folder, arrived), arrived);
            double steady = Math.max(1, handled * (1 - (double) arrivedBefore / arrived));
            System.out.printf(
                    "%-20s %9.0f %9d %9d %7.2f %7.0f %7.0f %6d%n",
                    reader.name(),
                    offered,
                    arrived,
                    handled,
                    100.0 * (arrived - handled) / arrived,
                    Collections.max(cpu.values()) / steady,
                    cpu.values().stream().mapToLong(Long::longValue).sum() / steady,
                    mebi);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            delete(folder);
        }
    }

    /// The load must come whatever else the machine does: real-time priority for this thread.
    private static void hurry() throws IOException, InterruptedException {
        Path self = Path.of("/proc/thread-self").toRealPath().getFileName();
        PrivateNetwork.command("chrt", "--fifo", "--pid", "1", String.valueOf(self));
    }

    /// Sends for half of the time, spread evenly.
    ///
    /// @return packets a second
    private double offer(Cable cable, int rate) throws IOException {
        try (FrameSender sender = FrameSender.open(cable.near())) {
            return offer(sender.load(frames), rate);
        }
    }

    private double offer(FrameSender.Load load, int rate) throws IOException {
        long start = System.nanoTime();
        long end = TimeUnit.SECONDS.toNanos(seconds) / 2;
        long sent = 0;
        int next = 0;
        long now = 0;
        while (now < end) {
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

    /// Some programs look at the time only when a packet comes.
    private void trickle(Process process, Cable cable) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try (FrameSender sender = FrameSender.open(cable.near())) {
                        while (process.isAlive()) {
                            sender.send(frames.subList(0, 1));
                            TimeUnit.MILLISECONDS.sleep(TRICKLE_MILLIS);
                        }
                    } catch (IOException e) {
                        // the cable is gone, and the program with it
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static long arrived(Cable cable) throws IOException, InterruptedException {
        String said = PrivateNetwork.command("ip", "-s", "link", "show", "dev", cable.far());
        Matcher received = RECEIVED.matcher(said);
        if (!received.find()) {
            throw new IOException("no count in: " + said);
        }
        return Long.parseLong(received.group(1));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
