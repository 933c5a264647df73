package minewatch.signatures.proof;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// scrypt with N = 1024, r = 1, p = 1 over a block header, as Litecoin hashes blocks (RFC 7914).
///
/// About a millisecond and 128 KiB a hash: for a few shares of a dialogue, not for all.
final class Scrypt {
    private static final int N = 1024;
    private static final int BLOCK_WORDS = 32; // 128 bytes, r = 1
    private static final int BLOCK_BYTES = BLOCK_WORDS * 4;
    private static final int HASH_BYTES = 32;

    private Scrypt() {}

    static byte[] hash(byte[] header) {
        byte[] expanded = pbkdf2(header, header, BLOCK_BYTES);
        int[] block = new int[BLOCK_WORDS];
        words(expanded).get(block);
        mix(block);
        words(expanded).put(block);
        return pbkdf2(header, expanded, HASH_BYTES);
    }

    private static IntBuffer words(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    }

    /// RFC 7914 §5, scryptROMix.
    private static void mix(int[] block) {
        int[] memory = new int[N * BLOCK_WORDS];
        for (int i = 0; i < N; i++) {
            System.arraycopy(block, 0, memory, i * BLOCK_WORDS, BLOCK_WORDS);
            blockMix(block);
        }
        for (int i = 0; i < N; i++) {
            int at = (block[16] & (N - 1)) * BLOCK_WORDS;
            for (int k = 0; k < BLOCK_WORDS; k++) {
                block[k] ^= memory[at + k];
            }
            blockMix(block);
        }
    }

    /// RFC 7914 §4, scryptBlockMix for r = 1: the two halves keep their order.
    private static void blockMix(int[] block) {
        salsa(block, 0, 16);
        salsa(block, 16, 0);
    }

    /// RFC 7914 §3: the half at `at`, mixed with the other, through Salsa20/8.
    private static void salsa(int[] block, int at, int other) {
        int[] x = new int[16];
        for (int i = 0; i < 16; i++) {
            block[at + i] ^= block[other + i];
            x[i] = block[at + i];
        }
        for (int round = 0; round < 8; round += 2) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
        for (int i = 0; i < 16; i++) {
            block[at + i] += x[i];
        }
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }

    /// PBKDF2-HMAC-SHA256 with one iteration (RFC 8018 §5.2).
    private static byte[] pbkdf2(byte[] password, byte[] salt, int length) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(password, "HmacSHA256"));
            byte[] derived = new byte[length];
            for (int block = 1; (block - 1) * HASH_BYTES < length; block++) {
                mac.update(salt);
                mac.update(ByteBuffer.allocate(4).putInt(block).array());
                byte[] part = mac.doFinal();
                int at = (block - 1) * HASH_BYTES;
                System.arraycopy(part, 0, derived, at, Math.min(HASH_BYTES, length - at));
            }
            return Arrays.copyOf(derived, length);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java platform", e);
        }
    }
}
