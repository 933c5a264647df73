package minewatch.bench.flow;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import minewatch.bench.IdleSessions;
import minewatch.bench.ImixFrames;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.flow.FlowTable;
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

/// Decoding and the update of a packet's flow, with tables from the cache's size to far beyond it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FlowTableBenchmark {
    private static final int FRAMES = 1 << 16;
    private static final Duration NEVER = Duration.ofDays(1);

    /// Flows the packets belong to.
    @Param({"1000", "50000", "1000000"})
    public int flows;

    private ImixFrames frames = new ImixFrames(1, 1, 0);
    private FlowTable table = new FlowTable(FlowConfig.DEFAULT, new IdleSessions());
    private Decoder decoder = new Decoder(table);
    private long round;

    @Setup
    public void setUp() {
        table.close();
        frames = new ImixFrames(FRAMES, flows, 1);
        FlowConfig config = new FlowConfig(1 << 20, 1 << 20, NEVER, NEVER);
        table = new FlowTable(config, new IdleSessions());
        decoder = new Decoder(table);
    }

    @TearDown
    public void tearDown() {
        table.close();
        table = new FlowTable(FlowConfig.DEFAULT, new IdleSessions());
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long decodeAndUpdate() {
        round++;
        for (int i = 0; i < FRAMES; i++) {
            int length = frames.frame(i).length;
            decoder.onFrame(
                    frames.block(), frames.offset(i), length, length, round, LinkType.ETHERNET);
        }
        decoder.onBatchEnd();
        return table.active();
    }
}
