package minewatch.signatures.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CoinTableTest {
    private final CoinTable table = CoinTable.builtIn();

    @Test
    void mergeMinedCoinsHaveTheirAlgorithmInCommon() {
        assertThat(table.of(List.of("LTC", "DOGE"))).isEqualTo(new CoinWork("scrypt", 65_536));
        assertThat(table.of(List.of("DASH"))).isEqualTo(new CoinWork("x11", 1));
    }

    @Test
    void coinsThatDifferOrAreNotKnownTellNothing() {
        assertThat(table.of(List.of("BTC", "LTC"))).isNull();
        assertThat(table.of(List.of("BTC", "DGB"))).isNull();
        assertThat(table.of(List.of("DGB"))).isNull();
        assertThat(table.of(List.of())).isNull();
    }

    @Test
    void brokenRowIsNamed() {
        assertThatThrownBy(() -> CoinTable.parse("h\nX,x11,0,me\n"))
                .hasMessage(
                        "coins.csv:2: X,x11,0,me (expected: coin,algorithm,share_multiplier,source)");
    }
}
