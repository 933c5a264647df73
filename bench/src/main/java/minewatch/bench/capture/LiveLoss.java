package minewatch.bench.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    private static final int TRICKLE_MILLIS = 100;

    private final int seconds;
    private final CableLoad load = new CableLoad();

    private LiveLoss(int seconds) {
        this.seconds = seconds;
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
        System.out.println(
                "| program | packets/s | arrived | handled | lost, % | ns a packet, busiest thread"
                        + " | ns, all threads | memory, MiB |");
        System.out.println("|---|---|---|---|---|---|---|---|");
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
            System.err.println(program + " is not installed, and left out");
        }
    }

    private void measure(LiveReader reader, int rate) throws Exception {
        Cable cable = Cable.lay();
        Path folder = Files.createTempDirectory("live-loss");
        Process process = null;
        try {
            process = reader.start(cable.far(), folder, seconds);
            CableLoad.hurry();
            long halfNanos = TimeUnit.SECONDS.toNanos(seconds) / 2;
            double offered = load.offer(cable, rate, halfNanos) / 2;
            Map<String, Long> before = LiveReader.cpuNanos(process);
            long arrivedBefore = CableLoad.arrived(cable);
            offered += load.offer(cable, rate, halfNanos) / 2;
            long arrived = CableLoad.arrived(cable);
            TimeUnit.SECONDS.sleep(1); // what is still in a buffer is work as well
            Map<String, Long> cpu = LiveReader.cpuNanos(process);
            cpu.replaceAll((thread, nanos) -> nanos - before.getOrDefault(thread, 0L));
            long mebi = LiveReader.peakMebi(process);
            trickle(process, cable);
            long handled = Math.min(reader.stop(process, folder, arrived), arrived);
            double steady = Math.max(1, handled * (1 - (double) arrivedBefore / arrived));
            System.out.printf(
                    "| %s | %.0f | %d | %d | %.2f | %.0f | %.0f | %d |%n",
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
            CableLoad.delete(folder);
        }
    }

    /// Some programs look at the time only when a packet comes.
    private void trickle(Process process, Cable cable) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try (FrameSender sender = FrameSender.open(cable.near())) {
                        while (process.isAlive()) {
                            sender.send(load.frames().subList(0, 1));
                            TimeUnit.MILLISECONDS.sleep(TRICKLE_MILLIS);
                        }
                    } catch (IOException e) {
                        // the cable is gone, and the program with it
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
