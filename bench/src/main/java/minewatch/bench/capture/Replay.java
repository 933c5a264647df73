package minewatch.bench.capture;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import minewatch.bench.IdleSessions;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.capture.CaptureResult;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.flow.FlowTable;

/// Reads captures several times through capture, decode and flow, and prints what a packet cost in
/// processor time of this thread. The first round is that of a new process, the last is steady.
///
/// `java -cp … minewatch.bench.capture.Replay ROUNDS PATH...`
public final class Replay {
    private Replay() {}

    public static void main(String[] arguments) {
        if (arguments.length < 2) {
            System.err.println("usage: Replay ROUNDS PATH...");
            System.exit(2);
        }
        int rounds = Integer.parseInt(arguments[0]);
        List<String> files = CaptureFiles.find(List.of(arguments).subList(1, arguments.length));
        IdleSessions sessions = new IdleSessions();
        try (FlowTable table = new FlowTable(FlowConfig.DEFAULT, sessions)) {
            CaptureReader reader = new CaptureReader(new Decoder(table));
            for (int round = 1; round <= rounds; round++) {
                replay(reader, table, files, round);
            }
        }
    }

    private static void replay(
            CaptureReader reader, FlowTable table, List<String> files, int round) {
        long packets = 0;
        long flowsBefore = table.created();
        long before = cpuNanos();
        for (String file : files) {
            CaptureResult result = reader.read(file, CaptureProgress.NONE);
            packets += result.packets();
            table.flush();
        }
        double nanos = (double) (cpuNanos() - before) / Math.max(packets, 1);
        System.out.printf(
                "round %d: %d packets, %d flows, %.1f ns a packet, %.2f Mpps%n",
                round, packets, table.created() - flowsBefore, nanos, 1000 / nanos);
    }

    private static long cpuNanos() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadCpuTime();
    }
}
