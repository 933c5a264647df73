package minewatch.signatures.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ShareProofTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final double DIFFICULTY = 4295032833.0; // hashes at difficulty 1

    /// A job and a share of cpuminer-multi at node-stratum-pool, as they went over the wire.
    private static final BitcoinJob JOB =
            job("4033602e58cd0810fcd094350da8b535b1bf0ab400073bc00000000000000000", "1e0ffff0");

    private static BitcoinJob job(String previousHash, String bits) {
        return Objects.requireNonNull(
                BitcoinJob.of(
                        HEX.parseHex(previousHash),
                        HEX.parseHex(
                                "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff200377460d046f64046b08"),
                        HEX.parseHex(
                                "0d2f6e6f64655374726174756d2f00000000020000000000000000266a24aa21a9ed2cb37f8f418b5c3c4c7be4226384b5e558"
                                        + "8ac4e1d84b7cf20eeca42fb07aeb2710c9a012000000001976a9147680adec8eabcabac676be9e83854ade0bd22cdb88ac00000000"),
                        HEX.parseHex(
                                "90555519280827f859b7570075e70d6e69af7fa473a7ca792483aa4e2bb3c577"
                                        + "0267d07b85130b0636fda253825d850da04170ec112653a972bf1142cc2d586f"
                                        + "0a2b5397d7448a3d7e32862d7ab432e79fb1e75d7e685d9e5c277bc4817cb62f"
                                        + "625899aea53c0c92d64050caee0392d1ef9fab6559c15b7945d8716831bbe655"),
                        HEX.parseHex("20000000"),
                        HEX.parseHex(bits)));
    }

    private static BitcoinJob.Share share(String extranonce2, String nonce, String time) {
        return new BitcoinJob.Share("68000000", extranonce2, time, nonce, null, 0);
    }

    private static byte[] header(String nonce) {
        return Objects.requireNonNull(JOB.header(share("00000000", nonce, "6b04646f")));
    }

    @Test
    void realShareProvesSha256d() {
        assertThat(ShareProof.sha256d(header("08ac2800"), 0.0005 * DIFFICULTY)).isTrue();
    }

    @Test
    void anyOtherNonceProvesNothing() {
        for (int i = 0; i < 50; i++) {
            byte[] header = header(HEX.toHexDigits(0x1234_0000 + i));
            assertThat(ShareProof.sha256d(header, 0.0005 * DIFFICULTY)).isFalse();
            assertThat(ShareProof.scrypt(header, 0.0005 * DIFFICULTY)).isFalse();
        }
    }

    @Test
    void litecoinGenesisBlockProvesScrypt() {
        byte[] header =
                ByteBuffer.allocate(80)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(1)
                        .put(new byte[32])
                        .put(
                                reversed(
                                        "97ddfbbae6be97fd6cdf3e7ca13232a3afff2353e29badfab7f73011edd4ced9"))
                        .putInt(1317972665)
                        .putInt(0x1e0ffff0)
                        .putInt(2084524493)
                        .array();
        // Bits 1e0ffff0: 2^20 hashes.
        assertThat(ShareProof.scrypt(header, 0x1p20)).isTrue();
        assertThat(ShareProof.sha256d(header, 0x1p20)).isFalse();
    }

    @Test
    void costTooLowToTellProvesNothing() {
        assertThat(ShareProof.sha256d(header("08ac2800"), 1000)).isFalse();
        assertThat(ShareProof.sha256d(header("08ac2800"), Double.NaN)).isFalse();
        assertThat(ShareProof.scrypt(header("08ac2800"), Double.NaN)).isFalse();
    }

    @Test
    void valueThatIsNoHexadecimalGivesNoHeader() {
        assertThat(JOB.header(share("zz", "08ac2800", "6b04646f"))).isNull();
        assertThat(JOB.header(share("00000000", "08ac2800", "6b04"))).isNull();
    }

    @Test
    void valueThatIsMissingOrTooShortGivesNoJob() {
        byte[] hash = new byte[32];
        byte[] word = new byte[4];
        byte[] none = {};
        assertThat(BitcoinJob.of(hash, none, none, hash, word, word)).isNotNull();
        assertThat(BitcoinJob.of(new byte[31], none, none, hash, word, word)).isNull();
        assertThat(BitcoinJob.of(hash, null, none, hash, word, word)).isNull();
        assertThat(BitcoinJob.of(hash, none, none, word, word, word)).isNull();
        assertThat(BitcoinJob.of(hash, none, none, hash, none, word)).isNull();
        assertThat(BitcoinJob.of(hash, none, none, hash, word, hash)).isNull();
    }

    @Test
    void rolledVersionBitsChangeOnlyWhatTheMaskAllows() {
        BitcoinJob.Share rolled =
                new BitcoinJob.Share(
                        "68000000", "00000000", "6b04646f", "08ac2800", "ffffffff", 0x1fffe000);
        byte[] header = Objects.requireNonNull(JOB.header(rolled));

        assertThat(HEX.formatHex(header, 0, 4)).isEqualTo("00e0ff3f");
    }

    @Test
    void smallHashOfTheBlockBeforeTellsThatBlocksAreNamedByTheirWork() {
        assertThat(JOB.networkHashes()).isBetween(1.04e6, 1.05e6);
        assertThat(JOB.previousHashIsWork()).isTrue();
    }

    @Test
    void hashOfALitecoinBlockIsNoWork() {
        // As cgminer 3.7.2 got it on Litecoin's test network.
        String litecoin = "4ba8cddecb7a291fae3ea0b21445ac4dea6000fef7de9067c0f6f0c4628f9771";
        assertThat(job(litecoin, "1d7b5889").previousHashIsWork()).isFalse();
    }

    @Test
    void bitsThatAskForNothingTellNothing() {
        String zero = "00".repeat(32);
        assertThat(job(zero, "207fffff").previousHashIsWork()).isFalse();
        assertThat(job(zero, "1d000000").previousHashIsWork()).isFalse();
    }

    private static byte[] reversed(String hex) {
        byte[] bytes = HEX.parseHex(hex);
        for (int i = 0; i < bytes.length / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[bytes.length - 1 - i];
            bytes[bytes.length - 1 - i] = swapped;
        }
        return bytes;
    }
}
