package minewatch.signatures.proof;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A `mining.notify` of the Bitcoin family, ready for shares to be hashed again from it.
///
/// Version, time, bits and nonce stand byte-reversed on the wire, and the previous hash with each
/// of its eight words byte-reversed.
///
/// Source: Slush's Stratum protocol description, "mining.notify"; BIP 310 for the version.
public final class BitcoinJob {
    private static final int HEADER_BYTES = 80;
    private static final int HASH_BYTES = 32;
    private static final int WORD_BYTES = 4;

    /// By how much the target may have become harder since the block before.
    private static final double RETARGET = 1.0 / 4;

    private static final HexFormat HEX = HexFormat.of();

    private final byte[] previousHash;
    private final byte[] coinbase1;
    private final byte[] coinbase2;
    private final byte[] branches;
    private final int version;
    private final int bits;

    /// What a share adds to its job; all hexadecimal, as on the wire.
    ///
    /// @param extranonce1 given by the pool at subscription
    /// @param versionBits bits of the version the miner rolled; null if none
    /// @param versionMask which bits of the version the miner may roll
    public record Share(
            String extranonce1,
            String extranonce2,
            String time,
            String nonce,
            @Nullable String versionBits,
            int versionMask) {}

    private BitcoinJob(
            byte[] previousHash,
            byte[] coinbase1,
            byte[] coinbase2,
            byte[] branches,
            int version,
            int bits) {
        this.previousHash = previousHash;
        this.coinbase1 = coinbase1;
        this.coinbase2 = coinbase2;
        this.branches = branches;
        this.version = version;
        this.bits = bits;
    }

    /// The job of these values, as on the wire and not to be changed any more; null where one is
    /// missing or not of its length.
    ///
    /// @param coinbase1 the coinbase transaction before the extranonces
    /// @param coinbase2 what follows them
    /// @param branches the merkle path of the coinbase
    public static @Nullable BitcoinJob of(
            byte @Nullable [] previousHash,
            byte @Nullable [] coinbase1,
            byte @Nullable [] coinbase2,
            byte @Nullable [] branches,
            byte @Nullable [] version,
            byte @Nullable [] bits) {
        if (previousHash == null
                || coinbase1 == null
                || coinbase2 == null
                || branches == null
                || version == null
                || bits == null
                || previousHash.length != HASH_BYTES
                || branches.length % HASH_BYTES != 0
                || version.length != WORD_BYTES
                || bits.length != WORD_BYTES) {
            return null;
        }
        return new BitcoinJob(
                reversedWords(previousHash),
                coinbase1,
                coinbase2,
                branches,
                word(version),
                word(bits));
    }

    /// What this job holds, bytes.
    public int bytes() {
        return previousHash.length + coinbase1.length + coinbase2.length + branches.length;
    }

    /// The coinbase transaction before the extranonces; not to be changed.
    public byte[] coinbase1() {
        return coinbase1;
    }

    /// The coinbase transaction after the extranonces; not to be changed.
    public byte[] coinbase2() {
        return coinbase2;
    }

    /// Hashes a block of this network costs, taken for Bitcoin's; NaN where the bits make no
    /// target.
    public double networkHashes() {
        int mantissa = bits & 0x7F_FFFF;
        return mantissa == 0
                ? Double.NaN
                : Math.scalb(1.0, 256) / Math.scalb((double) mantissa, 8 * ((bits >>> 24) - 3));
    }

    /// Whether the hash that names the block before is as small as a proof of work under this job's
    /// bits must be. In a coin that mines by another hash than the one that names its blocks
    /// (scrypt: Litecoin, Dogecoin) it is any number. False where the bits ask for so little that
    /// any number may pass.
    public boolean previousHashIsWork() {
        return networkHashes() >= ShareProof.LEAST_HASHES
                && ShareProof.meets(previousHash, networkHashes() * RETARGET);
    }

    /// The block header the miner hashed; null where a value is no hexadecimal of its length.
    public byte @Nullable [] header(Share share) {
        try {
            byte[] header = new byte[HEADER_BYTES];
            putReversed(versionOf(share), header, 0);
            System.arraycopy(previousHash, 0, header, 4, HASH_BYTES);
            System.arraycopy(merkleRoot(share), 0, header, 36, HASH_BYTES);
            putReversed(word(share.time), header, 68);
            putReversed(bits, header, 72);
            putReversed(word(share.nonce), header, 76);
            return header;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private int versionOf(Share share) {
        if (share.versionBits == null) {
            return version;
        }
        return (version & ~share.versionMask) | (word(share.versionBits) & share.versionMask);
    }

    private byte[] merkleRoot(Share share) {
        byte[] extranonce1 = HEX.parseHex(share.extranonce1);
        byte[] extranonce2 = HEX.parseHex(share.extranonce2);
        byte[] root = Sha256d.hash(coinbase1, extranonce1, extranonce2, coinbase2);
        for (int at = 0; at < branches.length; at += HASH_BYTES) {
            byte[] pair = new byte[2 * HASH_BYTES];
            System.arraycopy(root, 0, pair, 0, HASH_BYTES);
            System.arraycopy(branches, at, pair, HASH_BYTES, HASH_BYTES);
            root = Sha256d.hash(pair);
        }
        return root;
    }

    private static int word(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt();
    }

    private static int word(String hex) {
        if (hex.length() != 2 * WORD_BYTES) {
            throw new IllegalArgumentException(hex + " (expected: 8 hexadecimal digits)");
        }
        return HexFormat.fromHexDigits(hex);
    }

    private static void putReversed(int word, byte[] bytes, int at) {
        for (int i = 0; i < WORD_BYTES; i++) {
            bytes[at + i] = (byte) (word >>> (8 * i));
        }
    }

    private static byte[] reversedWords(byte[] bytes) {
        byte[] reversed = new byte[bytes.length & ~3];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = bytes[(i & ~3) + 3 - (i & 3)];
        }
        return reversed;
    }
}
