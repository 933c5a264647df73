package minewatch.bench.capture;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import minewatch.bench.IdleSessions;
import minewatch.bench.inspect.Workers;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.capture.CaptureResult;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.PacketHandler;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.flow.FlowTable;

/// Reads a capture once, as far as a room, and prints what a packet of each half of it cost in
/// processor time of this thread: the first half has what the compiler and a growing table cost,
/// the second is steady.
///
/// `java -cp … minewatch.bench.capture.Replay capture|decode|flow|worker CAPTURE`
public final class Replay {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Half first = new Half();
    private final Half second = new Half();
    private Half now = first;

    private Replay() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: Replay capture|decode|flow|worker CAPTURE");
            System.exit(2);
        }
        switch (arguments[0]) {
            case "capture" -> run("capture", new Frames(), arguments[1]);
            case "decode" -> run("decode", new Decoder(new Packets()), arguments[1]);
            case "flow" -> runTable(arguments[1]);
            case "worker" -> runWorker(arguments[1]);
            default -> {
                System.err.println("no room: " + arguments[0]);
                System.exit(2);
            }
        }
    }

    private static void runTable(String capture) throws IOException {
        try (FlowTable table = new FlowTable(FlowConfig.DEFAULT, new IdleSessions())) {
            run("flow", new Decoder(table), capture);
        }
    }

    /// With the whole pack.
    private static void runWorker(String capture) throws Exception {
        long[] hits = {0};
        try (Worker worker = Workers.of(Workers.wholePack(), found -> hits[0] += found.size())) {
            run("worker", worker, capture);
            worker.finish();
            System.out.printf("hits %d%n", hits[0]);
        }
    }

    private static void run(String room, FrameHandler handler, String capture) throws IOException {
        Replay replay = new Replay();
        long start = THREADS.getCurrentThreadCpuTime();
        replay.now.begin(0, start);
        Counted counted = new Counted(handler);
        CaptureResult result =
                new CaptureReader(counted)
                        .read(
                                capture,
                                (read, total) -> {
                                    if (replay.now == replay.first && read * 2 >= total) {
                                        replay.turn(counted.frames);
                                    }
                                });
        replay.now.end(counted.frames, THREADS.getCurrentThreadCpuTime());
        System.out.printf(
                "room %s%npackets %d%nfirst-half-ns %.1f%nsecond-half-ns %.1f%nresident-mib %d%n",
                room, result.packets(), replay.first.nanos(), replay.second.nanos(), residentMib());
    }

    private void turn(long frames) {
        long cpu = THREADS.getCurrentThreadCpuTime();
        first.end(frames, cpu);
        second.begin(frames, cpu);
        now = second;
    }

    /// Memory of this process that is no file's (proc_pid_status(5), RssAnon).
    private static long residentMib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
                .findFirst()
                .orElse(0);
    }

    private static final class Half {
        private long frames;
        private long nanos;

        void begin(long frames, long cpu) {
            this.frames = -frames;
            nanos = -cpu;
        }

        void end(long frames, long cpu) {
            this.frames += frames;
            nanos += cpu;
        }

        double nanos() {
            return (double) nanos / Math.max(1, frames);
        }
    }

    private static final class Counted implements FrameHandler {
        private final FrameHandler next;
        private long frames;

        Counted(FrameHandler next) {
            this.next = next;
        }

        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            frames++;
            next.onFrame(block, offset, capturedLength, wireLength, timestampNanos, linkType);
        }

        @Override
        public void onBatchEnd() {
            next.onBatchEnd();
        }
    }

    /// The end of the way for frames.
    private static final class Frames implements FrameHandler {
        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            // read no further
        }

        @Override
        public void onBatchEnd() {
            // nothing was put off
        }
    }

    /// The end of the way for packets.
    private static final class Packets implements PacketHandler {
        @Override
        public void onPacket(PacketView packet) {
            // read no further
        }

        @Override
        public void onBatchEnd() {
            // nothing was put off
        }
    }
}
