package minewatch.signatures.proof;

/// Whether a share of the Bitcoin family meets its target under an algorithm.
public final class ShareProof {
    /// Least expected hashes of a share for its proof to mean something: below, chance passes too
    /// often.
    public static final double LEAST_HASHES = 1 << 16;

    /// Log-odds that a share which meets its target was mined: chance passes one in [#LEAST_HASHES]
    /// at most.
    public static final double WEIGHT = 11;

    /// Pools state the difficulty of scrypt 65,536 times as high as that of sha256d.
    public static final double SCRYPT_SCALE = 1 << 16;

    /// Some pools count in other ways than by division, and take what is a little short.
    private static final double TOLERANCE = 1.01;

    private ShareProof() {}

    /// @param header the 80 bytes the miner hashed
    /// @param hashes a share costs, at least [#LEAST_HASHES] or nothing is proven; NaN if unknown
    public static boolean sha256d(byte[] header, double hashes) {
        return hashes >= LEAST_HASHES && meets(Sha256d.hash(header), hashes);
    }

    /// About a millisecond.
    ///
    /// @param header the 80 bytes the miner hashed
    /// @param hashes a share costs, at least [#LEAST_HASHES] or nothing is proven; NaN if unknown
    public static boolean scrypt(byte[] header, double hashes) {
        return hashes >= LEAST_HASHES && meets(Scrypt.hash(header), hashes);
    }

    /// @param hash little-endian, as it stands in a block header
    static boolean meets(byte[] hash, double hashes) {
        double value = 0;
        for (int i = hash.length - 1; i >= 0; i--) {
            value = value * 256 + (hash[i] & 0xFF);
        }
        return value * hashes <= TOLERANCE * 0x1p256;
    }
}
