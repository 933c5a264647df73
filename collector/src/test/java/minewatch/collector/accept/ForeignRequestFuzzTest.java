package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import minewatch.collector.accept.ForeignRequest.MalformedException;

/// Any bytes are either refused with a reason or a request with a key on P-256.
class ForeignRequestFuzzTest {
    private static final byte[] SOUND = SigningRequestFixture.ecRequest("tap-1");

    @FuzzTest(maxDuration = "10s")
    void anyBytesAreARequestOrRefused(FuzzedDataProvider data) {
        byte[] bytes = data.consumeBoolean() ? spoiled(data) : data.consumeRemainingAsBytes();
        try {
            assertThat(ForeignRequest.parse(bytes).publicKey().getAlgorithm()).isEqualTo("EC");
        } catch (MalformedException e) {
            assertThat(e).hasMessageStartingWith("signing request: ");
        }
    }

    private static byte[] spoiled(FuzzedDataProvider data) {
        byte[] bytes = SOUND.clone();
        while (data.remainingBytes() > 4) {
            bytes[data.consumeInt(0, bytes.length - 1)] = data.consumeByte();
        }
        return bytes;
    }
}
