package minewatch.sensor.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Labels of strangers: read, or refused with a message, and nothing else.
class TruthFuzzTest {
    @FuzzTest(maxDuration = "20s")
    void anyTextIsReadOrRefused(FuzzedDataProvider data) {
        String heading =
                data.consumeBoolean()
                        ? "file,source_ip,verdict,protocol,algorithm,shares_accepted,hashrate,notes\n"
                        : "";
        try {
            Truth.read("t.csv", heading + data.consumeRemainingAsString())
                    .forEach((capture, labels) -> {
                        assertThat(capture).doesNotStartWith("/");
                        assertThat(labels).isNotEmpty();
                    });
        } catch (InvalidLabelsException e) {
            assertThat(e.getMessage()).startsWith("t.csv:").contains("(expected: ");
        }
    }
}
