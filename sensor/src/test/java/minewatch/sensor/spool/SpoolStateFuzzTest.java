package minewatch.sensor.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any text is a state or none, never an exception; a state prints as it was read.
class SpoolStateFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyTextIsAStateOrNone(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsAsciiString();
        SpoolState.parse(text).ifPresent(state -> assertThat(state.print()).isEqualTo(text));
        String body = "minewatch-spool 1\nsensor s\nboot " + text + "\n";
        assertThat(SpoolState.parse(body)).isEmpty();
    }
}
