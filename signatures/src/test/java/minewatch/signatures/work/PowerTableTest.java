package minewatch.signatures.work;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerTableTest {
    private final PowerTable table = PowerTable.builtIn();

    private static Rate about(double best) {
        return new Rate(best * 0.8, best, best * 1.25, 100, 100, 600);
    }

    /// A CPU on sha256d, a CPU on Equihash, a graphics card's fraction on Ethash; and algorithms
    /// nothing is known of.
    @ParameterizedTest
    @CsvSource({
        "sha256d, 5e5",
        "equihash-200-9, 0.6",
        "ethash, 290",
        "rx/0, 1000",
        "argon2/chukwav2, 250",
        "scrypt, 1e6"
    })
    void whereNoListedHardwareFitsThereIsNoFigure(String algorithm, double hashrate) {
        assertThat(table.watts(algorithm, about(hashrate), 1)).isNull();
    }

    @Test
    void farmOfModernMinersLiesBetweenTheBestAndTheWorstHardware() {
        Power power = requireNonNull(table.watts("sha256d", about(100e12 * 50), 50));

        assertThat(power.low()).isCloseTo(80e12 * 50 * 13.5e-12, within(1.0));
        assertThat(power.high()).isCloseTo(125e12 * 50 * 98e-12, within(1.0));
        assertThat(power.best()).isBetween(power.low(), power.high());
        assertThat(power.basis()).isEqualTo("sha256d-2010s-2020s");
    }

    @Test
    void slowSessionsExcludeFastHardware() {
        Power power = requireNonNull(table.watts("sha256d", about(13.5e12), 1));

        assertThat(power.low()).isGreaterThan(0.8 * 13.5 * 30); // no S21 runs at 13.5 TH/s
        assertThat(power.high()).isCloseTo(1.25 * 13.5 * 98, within(1.0));
    }

    @Test
    void graphicsCardsCountBelowTheSlowestAsic() {
        Power power = requireNonNull(table.watts("ethash", about(30e6), 1));

        assertThat(power.best()).isBetween(50.0, 100.0);
        assertThat(power.basis()).isEqualTo("ethash-2020s");
    }

    @Test
    void sessionsShareTheRate() {
        assertThat(table.watts("rx/0", about(27e3), 1)).isNotNull();
        assertThat(table.watts("rx/0", about(27e3), 10)).isNull();
    }

    @Test
    void brokenTableNamesItsRow() {
        assertThatThrownBy(() -> PowerTable.parse("head\nsha256d,S9,13.5,parsecs,,98,2017,x,y,z"))
                .hasMessageContaining("efficiency.csv: [sha256d, S9, 13.5, parsecs");
    }
}
