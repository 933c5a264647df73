package minewatch.bench;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.stream.Stream;
import minewatch.bench.decode.DecodeBenchmark;
import minewatch.bench.flow.FlowTableBenchmark;
import minewatch.bench.flow.GateBenchmark;
import minewatch.bench.inspect.DialogueBenchmark;
import minewatch.bench.inspect.HandshakeBenchmark;
import minewatch.bench.signatures.MessageBenchmark;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// What runs for each packet allocates nothing, by the benchmarks' own count. A run of a benchmark
/// allocates some bytes itself; a single object for each packet or message would be 16 at least.
class AllocationTest {
    private static final double MOST_BYTES = 1;

    /// The first ones run code that is not compiled to the end, which allocates what it need not.
    private static final int ITERATIONS = 10;

    @ParameterizedTest
    @MethodSource("hotRooms")
    void nothingIsAllocated(String benchmark) throws RunnerException {
        Options options =
                new OptionsBuilder()
                        .include(benchmark)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(ITERATIONS)
                        .measurementTime(TimeValue.milliseconds(300))
                        .addProfiler(GCProfiler.class)
                        .verbosity(VerboseMode.SILENT)
                        .build();
        Collection<RunResult> results = new Runner(options).run();
        assertThat(results).isNotEmpty();
        for (RunResult result : results) {
            Result<?> allocated =
                    requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"));
            assertThat(allocated.getStatistics().getMin())
                    .as("bytes an operation, %s", result.getParams().id())
                    .isLessThan(MOST_BYTES);
        }
    }

    static Stream<String> hotRooms() {
        return Stream.of(
                DecodeBenchmark.class.getName() + ".ours",
                FlowTableBenchmark.class.getName() + ".decodeAndUpdate",
                GateBenchmark.class.getName() + ".decodeAndGate",
                HandshakeBenchmark.class.getName() + ".clientHello",
                HandshakeBenchmark.class.getName() + ".dnsAnswer",
                DialogueBenchmark.class.getName() + ".packet",
                MessageBenchmark.class.getName() + ".parse",
                MessageBenchmark.class.getName() + ".match");
    }
}
