package minewatch.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any line is either refused with a reason or a hit that survives another round.
class HitJsonFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyLineIsAHitOrRefused(FuzzedDataProvider data) {
        String line = data.consumeBoolean() ? spoiled(data) : data.consumeRemainingAsString();
        String written;
        try {
            written = HitJson.write(HitJson.parse(line));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("Exception");
            return;
        }
        assertThat(HitJson.write(HitJson.parse(written))).isEqualTo(written);
    }

    private static String spoiled(FuzzedDataProvider data) {
        var line = new StringBuilder(HitJson.write(Hits.full()));
        while (data.remainingBytes() > 4) {
            int at = data.consumeInt(0, line.length() - 1);
            line.replace(at, at + 1, data.consumeString(3));
        }
        return line.toString();
    }
}
