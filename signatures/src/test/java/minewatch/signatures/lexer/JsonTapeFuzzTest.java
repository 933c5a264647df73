package minewatch.signatures.lexer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import minewatch.signatures.lexer.JsonTape.Kind;
import minewatch.signatures.lexer.JsonTape.Result;

class JsonTapeFuzzTest {
    private final JsonTape tape = new JsonTape();

    @FuzzTest(maxDuration = "10s")
    void everyTextEndsInAResultAndATapeThatHangsTogether(byte[] text) {
        Result result = tape.parse(text, 0, text.length);
        if (result == Result.OBJECT || result == Result.ARRAY || result == Result.SCALAR) {
            int nodes = tape.after(0);
            assertThat(nodes).isBetween(1, JsonTape.MAX_NODES);
            for (int node = 0; node < nodes; node++) {
                assertThat(tape.after(node)).isBetween(node + 1, nodes);
                tape.hash(node);
                if (tape.kind(node) == Kind.KEY) {
                    assertThat(tape.after(node)).isEqualTo(node + 1);
                }
            }
        }
    }
}
