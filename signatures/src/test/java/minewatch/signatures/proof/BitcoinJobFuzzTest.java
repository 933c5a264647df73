package minewatch.signatures.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

class BitcoinJobFuzzTest {
    @FuzzTest(maxDuration = "10s")
    void anyValuesGiveAHeaderOrNone(FuzzedDataProvider data) {
        BitcoinJob job =
                BitcoinJob.of(
                        bytes(data, 32),
                        bytes(data, 120),
                        bytes(data, 120),
                        bytes(data, 64),
                        bytes(data, 4),
                        bytes(data, 4));
        if (job == null) {
            return;
        }
        byte[] header =
                job.header(
                        new BitcoinJob.Share(
                                text(data, 4),
                                text(data, 8),
                                text(data, 4),
                                text(data, 4),
                                data.consumeBoolean() ? text(data, 4) : null,
                                data.consumeInt()));
        assertThat(header == null || header.length == 80).isTrue();
        assertThat(job.previousHashIsWork() && Double.isNaN(job.networkHashes())).isFalse();
        if (header != null) {
            ShareProof.sha256d(header, data.consumeDouble());
        }
    }

    /// Mostly as many as there should be.
    private static byte @Nullable [] bytes(FuzzedDataProvider data, int usual) {
        return switch (data.consumeInt(0, 31)) {
            case 0 -> null;
            case 1 -> data.consumeBytes(2 * usual);
            default -> Arrays.copyOf(data.consumeBytes(usual), usual);
        };
    }

    /// Mostly what should be there: hexadecimal of so many bytes.
    private static String text(FuzzedDataProvider data, int bytes) {
        if (data.consumeInt(0, 15) == 0) {
            return data.consumeString(2 * bytes + 2);
        }
        byte[] value = new byte[bytes];
        byte[] given = data.consumeBytes(bytes);
        System.arraycopy(given, 0, value, 0, given.length);
        return HexFormat.of().formatHex(value);
    }
}
