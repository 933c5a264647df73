package minewatch.signatures.lexer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import minewatch.signatures.lexer.JsonTape.Kind;
import minewatch.signatures.lexer.JsonTape.Result;

class JsonTapeFirstFuzzTest {
    private final JsonTape tape = new JsonTape();

    /// Seeds: two texts in a row, one cut off, one that is followed by anything.
    @FuzzTest(maxDuration = "10s")
    void theFirstTextIsReadAsIfNothingFollowed(byte[] texts) {
        int end = tape.parseFirst(texts, 0, texts.length);
        if (end >= 0) {
            Kind kind = tape.kind(0);
            int nodes = tape.after(0);
            Result alone = tape.parse(texts, 0, end);
            assertThat(alone).isEqualTo(kind == Kind.OBJECT ? Result.OBJECT : Result.ARRAY);
            assertThat(tape.after(0)).isEqualTo(nodes);
        }
    }
}
