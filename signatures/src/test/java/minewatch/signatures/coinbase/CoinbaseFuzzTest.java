package minewatch.signatures.coinbase;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class CoinbaseFuzzTest {
    private static final PoolTable TABLE = PoolTable.builtIn();

    @FuzzTest(maxDuration = "10s")
    void anyBytesAreReadWithoutTrouble(FuzzedDataProvider data) {
        byte[] coinbase1 = data.consumeBytes(150);
        byte[] coinbase2 = data.consumeRemainingAsBytes();
        Coinbase coinbase = Coinbase.of(coinbase1, coinbase2);
        if (coinbase != null) {
            assertThat(coinbase.outputs()).hasSizeBetween(1, Coinbase.MAX_OUTPUTS);
            TABLE.find(coinbase);
        }
    }
}
