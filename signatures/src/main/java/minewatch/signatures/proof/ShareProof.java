package minewatch.signatures.proof;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Finds the algorithm under which a share of the Bitcoin family meets its difficulty.
public final class ShareProof {
    /// Target at difficulty 1 (Bitcoin's `0xffff · 2^208`).
    private static final BigInteger DIFFICULTY_ONE = BigInteger.valueOf(0xFFFF).shiftLeft(208);

    private static final int SCRYPT_SHIFT = 16; // pools state scrypt difficulty 65536 times as high
    private static final double SCALE = 1L << 40;

    /// Least expected hashes of a share for its proof to mean something: below, chance passes too
    /// often.
    private static final double LEAST_HASHES = 256;

    private ShareProof() {}

    /// @param header the 80 bytes the miner hashed
    /// @param difficulty of the pool, in force for the job
    /// @return `sha256d` or `scrypt`; null where neither meets the difficulty, or it is too low to
    ///   tell
    public static @Nullable String algorithm(byte[] header, double difficulty) {
        if (!(difficulty > 0) || difficulty > 1e30) {
            return null;
        }
        BigInteger target = target(difficulty);
        if (difficulty * 0x1p32 >= LEAST_HASHES && meets(Sha256d.hash(header), target)) {
            return "sha256d";
        }
        if (difficulty * 0x1p16 >= LEAST_HASHES
                && meets(Scrypt.hash(header), target.shiftLeft(SCRYPT_SHIFT))) {
            return "scrypt";
        }
        return null;
    }

    private static BigInteger target(double difficulty) {
        // Difficulties below one are common in tests and for small miners: keep 40 binary digits.
        if (difficulty >= SCALE) {
            return DIFFICULTY_ONE.divide(new java.math.BigDecimal(difficulty).toBigInteger());
        }
        return DIFFICULTY_ONE
                .shiftLeft(40)
                .divide(BigInteger.valueOf(Math.max(1, (long) (difficulty * SCALE))));
    }

    private static boolean meets(byte[] hash, BigInteger target) {
        byte[] bigEndian = new byte[hash.length];
        for (int i = 0; i < hash.length; i++) {
            bigEndian[i] = hash[hash.length - 1 - i];
        }
        return new BigInteger(1, bigEndian).compareTo(target) <= 0;
    }
}
