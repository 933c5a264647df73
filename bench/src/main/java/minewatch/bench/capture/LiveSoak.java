package minewatch.bench.capture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import minewatch.testkit.net.Cable;
import minewatch.testkit.net.PrivateNetwork;

/// Whether the sensor keeps up, and keeps to its memory, for long: a mix of a provider's traffic
/// over a veth pair in a network of its own, and each minute what was lost so far and what memory
/// the sensor holds. The sender has core 0, the sensor core 1. Needs root, `ip` and `chrt`.
///
/// `java -cp … minewatch.bench.capture.LiveSoak MINUTES PPS`
public final class LiveSoak {
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long TOLD_MILLIS = 1_500; // the sensor tells its counts once a second

    private final int minutes;
    private final int rate;
    private final CableLoad load = new CableLoad();
    private final SensorReader sensor = new SensorReader("af-packet");
    private long droppedBefore;
    private long arrivedBefore;

    private LiveSoak(int minutes, int rate) {
        this.minutes = minutes;
        this.rate = rate;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: LiveSoak MINUTES PPS");
            System.exit(2);
        }
        int minutes = number("MINUTES", arguments[0], 10_080);
        int rate = number("PPS", arguments[1], 100_000_000);
        PrivateNetwork.run(() -> new LiveSoak(minutes, rate).run());
        System.exit(0);
    }

    private static int number(String name, String text, int most) {
        int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > most) {
            System.err.println(name + ": " + text + " (expected: 1 to " + most + ")");
            System.exit(2);
        }
        return number;
    }

    private void run() throws Exception {
        Cable cable = Cable.lay();
        Path folder = Files.createTempDirectory("live-soak");
        Process process = null;
        try {
            process = sensor.start(cable.far(), folder, 60 * minutes);
            CableLoad.hurry();
            System.out.printf(
                    "%7s %9s %12s %9s %7s %9s%n",
                    "minute", "pps", "arrived", "dropped", "lost %", "RssAnon");
            System.out.printf(
                    "%7d %9s %12s %9s %7s %5d MiB%n",
                    0, "", "", "", "", LiveReader.anonymousMebi(process));
            for (int minute = 1; minute <= minutes; minute++) {
                minute(minute, cable, process);
            }
            long arrived = CableLoad.arrived(cable);
            long handled = sensor.stop(process, folder, arrived);
            System.out.printf(
                    "%nof %d that arrived %d were handled: lost %.4f %%%n",
                    arrived, handled, percent(arrived - handled, arrived));
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            CableLoad.delete(folder);
        }
    }

    private void minute(int minute, Cable cable, Process process) throws Exception {
        double offered = load.offer(cable, rate, MINUTE_NANOS);
        long memory = LiveReader.anonymousMebi(process);
        TimeUnit.MILLISECONDS.sleep(TOLD_MILLIS);
        long arrived = CableLoad.arrived(cable) - arrivedBefore;
        long dropped = SensorReader.kernelDrops() - droppedBefore;
        System.out.printf(
                "%7d %9.0f %12d %9d %7.4f %5d MiB%n",
                minute, offered, arrived, dropped, percent(dropped, arrived), memory);
        arrivedBefore += arrived;
        droppedBefore += dropped;
    }

    private static double percent(long part, long whole) {
        return 100.0 * part / Math.max(1, whole);
    }
}
