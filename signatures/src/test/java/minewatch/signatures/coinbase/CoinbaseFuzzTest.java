package minewatch.signatures.coinbase;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class CoinbaseFuzzTest {
    private static final PoolTable TABLE = PoolTable.builtIn();
    private static final int SCRIPT_LENGTH_AT = 41;

    @FuzzTest(maxDuration = "10s")
    void anyBytesAreReadWithoutTrouble(FuzzedDataProvider data) {
        boolean likely = data.consumeBoolean();
        byte[] script = data.consumeBytes(data.consumeInt(0, 110));
        byte[] coinbase1 = likely ? new byte[SCRIPT_LENGTH_AT + 1 + script.length] : script;
        if (likely) {
            coinbase1[SCRIPT_LENGTH_AT] = (byte) (script.length + data.consumeInt(0, 40));
            System.arraycopy(script, 0, coinbase1, SCRIPT_LENGTH_AT + 1, script.length);
        }
        Coinbase coinbase = Coinbase.of(coinbase1, data.consumeRemainingAsBytes());
        if (coinbase != null) {
            assertThat(coinbase.outputs()).hasSizeBetween(1, Coinbase.MAX_OUTPUTS);
            TABLE.find(coinbase);
        }
    }
}
