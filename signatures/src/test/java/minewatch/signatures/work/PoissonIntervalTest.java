package minewatch.signatures.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoissonIntervalTest {
    /// Exact limits, by summing Poisson terms with 40 digits; the tables of Garwood and of Pearson
    /// and Hartley have the same.
    @ParameterizedTest
    @CsvSource({
        "0, 0, 3.6889",
        "1, 0.0253, 5.5716",
        "2, 0.2422, 7.2247",
        "3, 0.6187, 8.7673",
        "5, 1.6235, 11.6683",
        "10, 4.7954, 18.3904",
        "20, 12.2165, 30.8884",
        "30, 20.2409, 42.8269",
        "50, 37.1110, 65.9188",
        "100, 81.3640, 121.6268"
    })
    void boundsAreThoseOfTheTables(double count, double low, double high) {
        PoissonInterval interval = PoissonInterval.of(count);

        assertThat(interval.low()).isCloseTo(low, within(1e-4));
        assertThat(interval.high()).isCloseTo(high, within(1e-4));
    }

    @Property(tries = 500)
    void boundsCutTheTailsTheyPromise(@ForAll @DoubleRange(min = 1, max = 99_000) double n) {
        PoissonInterval interval = PoissonInterval.of(n);

        assertThat(PoissonInterval.lowerGamma(n, interval.low())).isCloseTo(0.025, within(1e-10));
        assertThat(PoissonInterval.lowerGamma(n + 1, interval.high()))
                .isCloseTo(0.975, within(1e-10));
    }

    @Test
    void boundsGoOnSmoothlyWhereTheLargeCountsBegin() {
        PoissonInterval below = PoissonInterval.of(99_998);
        PoissonInterval above = PoissonInterval.of(100_000);

        assertThat(above.low() - below.low()).isCloseTo(2, within(0.01));
        assertThat(above.high() - below.high()).isCloseTo(2, within(0.01));
    }

    @Test
    void negativeCountsAreRefused() {
        assertThatThrownBy(() -> PoissonInterval.of(-1))
                .hasMessage("count: -1.0 (expected: 0 or more)");
    }
}
