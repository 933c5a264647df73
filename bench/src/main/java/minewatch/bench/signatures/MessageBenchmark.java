package minewatch.bench.signatures;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.TimeUnit;
import minewatch.signatures.Matcher;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.lexer.JsonTape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One JSON text: read into a tape, and held against every dialect.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MessageBenchmark {
    /// What is said.
    public enum Message {
        NOTIFY(
                """
                {"id":null,"method":"mining.notify","params":["1f4c","%1$s","0100000001%1$s","2f706f6f6c2f%1$s",\
                ["%1$s","%1$s","%1$s"],"20000000","17034219","6553f100",false]}\
                """
                        .formatted("5e".repeat(32))),
        SUBMIT(
                """
                {"id":42,"method":"mining.submit","params":["account.worker1","1f4c","0000a1b2","6553f101",\
                "9f2c3d4e"]}\
                """),
        ACCEPTED("{\"id\":42,\"result\":true,\"error\":null}"),
        FOREIGN(
                """
                {"jsonrpc":"2.0","id":7,"method":"textDocument/hover","params":{"textDocument":{"uri":\
                "file:///a.java"},"position":{"line":3,"character":14}}}\
                """);

        @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
        private final byte[] text;

        Message(String text) {
            this.text = text.getBytes(US_ASCII);
        }
    }

    @Param public Message message = Message.NOTIFY;

    private final JsonTape tape = new JsonTape();
    private final Matcher matcher = SignaturePacks.builtIn().newMatcher();
    private int matched;
    private final Matcher.Sink sink = _ -> matched++;

    @Benchmark
    public JsonTape.Result parse() {
        return tape.parse(message.text, 0, message.text.length);
    }

    @Benchmark
    public int match() {
        matcher.parse(message.text, 0, message.text.length);
        matcher.match(null, null, sink);
        return matched;
    }
}
