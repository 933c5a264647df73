package minewatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormsTest {
    @Property
    void printedDurationParsesToTheSame(@ForAll @LongRange(max = 99_999_999_999L) long millis) {
        Duration duration = Duration.ofMillis(millis);
        assertThat(Durations.parse(Durations.print(duration))).isEqualTo(duration);
    }

    @Property
    void printedSizeParsesToTheSame(@ForAll @LongRange(max = 1L << 55) long bytes) {
        assertThat(Sizes.parse(Sizes.print(bytes))).isEqualTo(bytes);
    }

    @Test
    void largestUnitThatFitsIsPrinted() {
        assertThat(Durations.print(Duration.ofMinutes(90))).isEqualTo("90m");
        assertThat(Durations.print(Duration.ofDays(7))).isEqualTo("7d");
        assertThat(Sizes.print(64 << 20)).isEqualTo("64MiB");
        assertThat(Sizes.print(1500)).isEqualTo("1500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "1.5s", "5 s", "1w", "9999999999999s"})
    void otherDurationsAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "64MB", "64 MiB", "1e3", "99999999TiB"})
    void otherSizesAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Sizes.parse(text));
    }

    @Test
    void hostPortPrintsAsItParses() {
        for (String text : List.of("c1.example:7443", "127.0.0.1:0", "[2001:db8::1]:7443")) {
            assertThat(HostPort.parse(text).toString()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "host:", ":1", "host:65536", "2001:db8::1:7443", "a b:1"})
    void otherHostPortsAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HostPort.parse(text));
    }

    @Test
    void nearestNameForgivesASlipAndNothingMore() {
        var known = List.of("idle-timeout", "max-sessions", "capacity");
        assertThat(NearestName.of("idel-timeout", known)).contains("idle-timeout");
        assertThat(NearestName.of("Capacity", known)).contains("capacity");
        assertThat(NearestName.of("capcity", known)).contains("capacity");
        assertThat(NearestName.of("colour", known)).isEmpty();
        assertThat(NearestName.of("x".repeat(100_000), known)).isEmpty();
    }
}
