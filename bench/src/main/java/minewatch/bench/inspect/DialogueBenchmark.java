package minewatch.bench.inspect;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import minewatch.sensor.Worker;
import minewatch.sensor.decode.LinkType;
import minewatch.signatures.SignaturePacks;
import minewatch.testkit.Packets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A packet of a dialogue that goes on and on, from the frame to the books: a share, then the
/// pool's answer, of one flow after the other.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DialogueBenchmark {
    private static final int ROUND = 1 << 12; // packets
    private static final int STRIDE = 256; // bytes, between the starts of two frames
    private static final int SEQUENCE = 14 + 20 + 4; // in a frame
    private static final int PORT = 3333;

    private static final ValueLayout.OfInt BE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// Dialogues at a time.
    @Param({"1", "16000"})
    public int dialogues;

    private Worker worker = Workers.of(SignaturePacks.builtIn());
    private MemorySegment block = MemorySegment.NULL;
    private int[] lengths = {};
    private int[] payloads = {};
    private int next; // frame: a flow's share, then its answer
    private int round;
    private long nanos;

    @Setup
    public void setUp() {
        worker.close();
        worker = Workers.of(SignaturePacks.builtIn());
        block = Arena.ofAuto().allocate(2L * dialogues * STRIDE, 64);
        lengths = new int[2 * dialogues];
        payloads = new int[2 * dialogues];
        for (int i = 0; i < dialogues; i++) {
            String miner = "10.%d.%d.%d".formatted(i >> 14, i >> 7 & 0x7F, 1 + (i & 0x7F));
            put(
                    2 * i,
                    Packets.tcp(miner, 40_000, "192.0.2.1", PORT),
                    """
                    {"id":4,"method":"mining.submit","params":["a.b","1f4c","0000a1b2","6553f101","9f2c3d4e"]}
                    """);
            put(
                    2 * i + 1,
                    Packets.tcp("192.0.2.1", PORT, miner, 40_000),
                    "{\"id\":4,\"result\":true,\"error\":null}\n");
        }
        while (round < 4) { // by then every dialogue has its session, and its books are open
            packet();
        }
    }

    private void put(int index, Packets packet, String payload) {
        byte[] frame = packet.flags(Packets.ACK | Packets.PSH).payload(payload).ethernet();
        MemorySegment.copy(
                frame, 0, block, ValueLayout.JAVA_BYTE, (long) index * STRIDE, frame.length);
        lengths[index] = frame.length;
        payloads[index] = payload.length();
    }

    @TearDown
    public void tearDown() {
        worker.close();
    }

    @Benchmark
    @OperationsPerInvocation(ROUND)
    public long packet() {
        for (int i = 0; i < ROUND; i++) {
            if (next == lengths.length) {
                next = 0;
                round++;
            }
            long at = (long) next * STRIDE;
            block.set(BE32, at + SEQUENCE, round * payloads[next]);
            nanos += 1000;
            worker.onFrame(block, at, lengths[next], lengths[next], nanos, LinkType.ETHERNET);
            next++;
            if (next == lengths.length) {
                worker.onBatchEnd(); // its memory is about to be changed
            }
        }
        worker.onBatchEnd();
        return worker.packets();
    }
}
