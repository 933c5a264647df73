package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FaultsTest {
    @Test
    void causeIsToldAndWhereItWasMet() {
        Exception wrapped = new IllegalStateException(new IOException("no disk"));

        assertThat(Faults.describe(wrapped))
                .startsWith("java.io.IOException: no disk at minewatch.sensor.inspect.FaultsTest.")
                .contains("FaultsTest.java:");
    }

    @Test
    void foreignBytesInItAreHarmless() {
        String foreign = "a\n2026 ERROR forged\u001b[2J" + "x".repeat(10_000);

        assertThat(Faults.describe(new IllegalArgumentException(foreign)))
                .doesNotContain("\n", "\u001b")
                .contains("a?2026 ERROR forged?[2J")
                .hasSizeLessThan(500);
    }
}
