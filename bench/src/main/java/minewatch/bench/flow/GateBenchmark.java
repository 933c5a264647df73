package minewatch.bench.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.decode.PacketHandler;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.Gate;
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
import org.openjdk.jmh.annotations.Warmup;

/// The first-bytes test of a payload: decode alone, and decode with the gate behind it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GateBenchmark {
    private static final int FRAMES = 512;
    private static final int STRIDE = 2048; // bytes, between the starts of two frames
    private static final String HEAD =
            "Host: www.example.com\r\nUser-Agent: a/1.0\r\nAccept: */*\r\n\r\n";

    /// What the payloads begin like; `MIXED` takes each in turn.
    @Param({"TLS", "HTTP", "WEBSOCKET", "JSON", "MIXED"})
    public Kind kind = Kind.MIXED;

    /// First bytes of a segment.
    public enum Kind {
        TLS("\u0017\u0003\u0003\u0004\u0000" + "x".repeat(1000)),
        HTTP("GET /index.html HTTP/1.1\r\n" + HEAD),
        WEBSOCKET("\u0081~\u0001\u0000[" + "x".repeat(255)),
        JSON("{\"a\":1,\"b\":[2,3]}\n"),
        MIXED("");

        private final String payload; // a character a byte

        Kind(String payload) {
            this.payload = payload;
        }
    }

    private final MemorySegment block = Arena.ofAuto().allocate((long) FRAMES * STRIDE, 64);
    private final int[] lengths = new int[FRAMES];
    private long sum;
    private Decoder decoded = new Decoder(new Sum(false));
    private Decoder tested = new Decoder(new Sum(true));

    @Setup
    public void setUp() {
        decoded = new Decoder(new Sum(false));
        tested = new Decoder(new Sum(true));
        List<Kind> kinds =
                kind == Kind.MIXED
                        ? List.of(Kind.TLS, Kind.HTTP, Kind.WEBSOCKET, Kind.JSON)
                        : List.of(kind);
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame =
                    Packets.tcp("10.0.0.1", 40_000 + i, "10.0.0.2", 443)
                            .payload(kinds.get(i % kinds.size()).payload.getBytes(ISO_8859_1))
                            .ethernet();
            MemorySegment.copy(
                    MemorySegment.ofArray(frame), 0, block, (long) i * STRIDE, frame.length);
            lengths[i] = frame.length;
        }
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long decode() {
        return run(decoded);
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long decodeAndGate() {
        return run(tested);
    }

    private long run(Decoder decoder) {
        for (int i = 0; i < FRAMES; i++) {
            decoder.onFrame(block, (long) i * STRIDE, lengths[i], lengths[i], i, LinkType.ETHERNET);
        }
        decoder.onBatchEnd();
        return sum;
    }

    private final class Sum implements PacketHandler {
        private final boolean tests;

        Sum(boolean tests) {
            this.tests = tests;
        }

        @Override
        public void onPacket(PacketView packet) {
            sum += packet.payloadLength();
            if (tests && Gate.passes(packet)) {
                sum++;
            }
        }

        @Override
        public void onBatchEnd() {
            // nothing is kept
        }
    }
}
