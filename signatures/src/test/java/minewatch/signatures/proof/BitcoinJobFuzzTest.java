package minewatch.signatures.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

class BitcoinJobFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyTextsGiveAHeaderOrNone(FuzzedDataProvider data) {
        BitcoinJob job =
                BitcoinJob.of(
                        data.consumeString(70),
                        data.consumeString(300),
                        data.consumeString(300),
                        List.of(data.consumeString(64), data.consumeString(64)),
                        data.consumeString(9),
                        data.consumeString(9));
        if (job == null) {
            return;
        }
        byte[] header =
                job.header(
                        new BitcoinJob.Share(
                                data.consumeString(16),
                                data.consumeString(16),
                                data.consumeString(9),
                                data.consumeString(9),
                                data.consumeBoolean() ? data.consumeString(9) : null,
                                data.consumeInt()));
        assertThat(header == null || header.length == 80).isTrue();
        assertThat(job.previousHashIsWork() && Double.isNaN(job.networkHashes())).isFalse();
    }
}
