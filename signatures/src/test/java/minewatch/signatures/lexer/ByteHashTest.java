package minewatch.signatures.lexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ByteHashTest {
    @Test
    void whereTheBytesStandMakesNoDifference() {
        Random random = new Random(1);
        for (int length = 0; length < 40; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            long alone = ByteHash.of(bytes, 0, length);
            for (int at = 0; at < 9; at++) {
                byte[] around = new byte[length + 18];
                random.nextBytes(around);
                System.arraycopy(bytes, 0, around, at, length);

                assertThat(ByteHash.of(around, at, at + length)).isEqualTo(alone).isNotZero();
            }
        }
    }

    @Test
    void eachByteAndTheLengthCount() {
        Set<Long> hashes = new HashSet<>();
        int texts = 0;
        for (int length = 0; length < 40; length++) {
            byte[] bytes = new byte[length];
            hashes.add(ByteHash.of(bytes, 0, length));
            texts++;
            for (int at = 0; at < length; at++) {
                for (int bit = 0; bit < 8; bit++) {
                    byte[] other = Arrays.copyOf(bytes, length);
                    other[at] ^= (byte) (1 << bit);
                    hashes.add(ByteHash.of(other, 0, length));
                    texts++;
                }
            }
        }

        assertThat(hashes).hasSize(texts);
    }

    @Test
    void shortNamesHaveCodesOfTheirOwn() {
        assertThat(JsonKey.of("jsonrpc").isToldByCode()).isTrue();
        assertThat(JsonKey.of("seed_hash").isToldByCode()).isFalse();
        assertThat(JsonKey.of("a").code()).isNotEqualTo(JsonKey.of("a\0").code());
        assertThat(JsonKey.of("").code()).isNotEqualTo(JsonKey.of("\0").code());
    }
}
