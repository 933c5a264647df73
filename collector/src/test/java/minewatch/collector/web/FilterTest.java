package minewatch.collector.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.linecorp.armeria.common.QueryParams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
    @ParameterizedTest
    @CsvSource({"15, 15", "150000, 15", "150600, 1506", "150602, 150602", "1500, 1500"})
    void aCodeFindsAllItContains(String asked, String prefix) {
        assertThat(Filter.of(QueryParams.of("region", asked)).region()).isEqualTo(prefix);
    }

    @Test
    void emptyFieldsOfTheFormAskForEverything() {
        assertThat(Filter.of(QueryParams.of("region", "", "text", "  ")).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1500000", "15%", "-1", "１５"})
    void aRegionThatIsNoCodeIsRefused(String region) {
        assertThatExceptionOfType(Problem.RequestException.class)
                .isThrownBy(() -> Filter.of(QueryParams.of("region", region)))
                .withMessage(
                        "region: "
                                + region
                                + " (expected: 1 to 6 leading digits of a GB/T 2260 code)");
    }

    @Test
    void textIsBounded() {
        assertThat(Filter.of(QueryParams.of("text", "矿".repeat(100))).text()).hasSize(100);
        assertThatExceptionOfType(Problem.RequestException.class)
                .isThrownBy(() -> Filter.of(QueryParams.of("text", "矿".repeat(101))))
                .withMessageStartingWith("text: 矿矿")
                .withMessageContaining("… (expected: at most 100 characters");
        assertThatExceptionOfType(Problem.RequestException.class)
                .isThrownBy(() -> Filter.of(QueryParams.of("text", "a\u0000b")))
                .withMessageStartingWith("text: a�b ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "01", "1.5", "9999999999999999999", "1e3", "", " 1"})
    void anIdIsAPlainPositiveNumber(String id) {
        assertThatExceptionOfType(Problem.RequestException.class)
                .isThrownBy(() -> Parameters.id(id));
    }

    @Test
    void anIdMayHaveEighteenDigits() {
        assertThat(Parameters.id("999999999999999999")).isEqualTo(999_999_999_999_999_999L);
    }
}
