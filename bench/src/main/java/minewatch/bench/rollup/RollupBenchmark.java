package minewatch.bench.rollup;

import java.util.List;
import java.util.concurrent.TimeUnit;
import minewatch.sensor.inspect.Finding;
import minewatch.sensor.inspect.Finding.Evidence;
import minewatch.sensor.inspect.Finding.Mined;
import minewatch.sensor.inspect.Finding.Parties;
import minewatch.sensor.inspect.Finding.Said;
import minewatch.sensor.inspect.Finding.Seen;
import minewatch.sensor.inspect.Verdict;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.sensor.rollup.Rollup;
import minewatch.signatures.Dialect;
import minewatch.signatures.work.PowerTable;
import minewatch.signatures.work.WorkDone;
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

/// A reporting interval: what each dialogue amounted to, gathered by source, and the hits made of
/// it. The time is that of one finding. This runs once a dialogue and interval, not for each
/// packet.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RollupBenchmark {
    private static final int FINDINGS = 1 << 12;
    private static final long IPV4 = 0xFFFF_0000_0000L; // mapped
    private static final double RATE = 1e14; // H/s

    /// Dialogues of one source.
    @Param({"1", "16"})
    public int dialogues = 1;

    private Finding[] findings = {};
    private long hits;
    private Rollup rollup = rollup();

    private Rollup rollup() {
        return new Rollup(
                new HitBuilder("bench", null, Privacy.OPEN, PowerTable.builtIn()),
                found -> hits += found.size());
    }

    @Setup
    public void setUp() {
        rollup = rollup();
        findings = new Finding[FINDINGS];
        for (int i = 0; i < FINDINGS; i++) {
            findings[i] = finding(i / dialogues, i);
        }
    }

    private static Finding finding(int source, int number) {
        var work = new WorkDone();
        return new Finding(
                new Parties(
                        6,
                        0,
                        IPV4 | 0x0A00_0000 | source,
                        1024 + number % 60_000,
                        0,
                        IPV4 | 0xCB00_7109L,
                        3333,
                        true),
                Dialect.opaque(""),
                Verdict.MINER,
                0.999,
                List.of(
                        new Evidence("stratum-v1.subscribe", 3, 4, 1, 1, true, "{\"id\":1}"),
                        new Evidence("stratum-v1.submit", 3, 7, 12, 2, true, "{\"id\":9}")),
                new Said(
                        List.of("cgminer/4"),
                        List.of("alice"),
                        List.of("w" + number),
                        null,
                        null,
                        null),
                new Mined("sha256d", false, 12L, 12L, 0L, work, RATE),
                new Seen(1, 300_000_000_000L, 60, 9000, true, true, true));
    }

    @Benchmark
    @OperationsPerInvocation(FINDINGS)
    public long interval() {
        for (Finding finding : findings) {
            rollup.onFinding(finding);
        }
        rollup.endInterval();
        return hits;
    }
}
