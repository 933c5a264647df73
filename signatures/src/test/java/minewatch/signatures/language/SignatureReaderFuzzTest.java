package minewatch.signatures.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import minewatch.signatures.compile.CompiledPack;
import minewatch.signatures.compile.Examples;

class SignatureReaderFuzzTest {
    /// Half of the inputs are a valid file with a piece replaced, so that the fuzzer gets past
    /// YAML.
    @FuzzTest(maxDuration = "10s")
    void everyFileIsEitherCompiledOrExplained(FuzzedDataProvider data) {
        String text;
        if (data.consumeBoolean()) {
            int at = data.consumeInt(0, SignatureReaderTest.VALID.length());
            int end = data.consumeInt(at, Math.min(SignatureReaderTest.VALID.length(), at + 40));
            text =
                    SignatureReaderTest.VALID.substring(0, at)
                            + data.consumeRemainingAsString()
                            + SignatureReaderTest.VALID.substring(end);
        } else {
            text = data.consumeRemainingAsString();
        }
        try {
            SignatureFile file = SignatureReader.read("fuzz.yaml", text);
            assertThat(CompiledPack.of(List.of(file)).templates()).hasSize(file.messages().size());
            Examples.failures(file);
        } catch (InvalidSignaturesException e) {
            assertThat(e.problems()).isNotEmpty();
            assertThat(e.problems()).allMatch(p -> p.line() > 0 && p.column() > 0);
        }
    }
}
