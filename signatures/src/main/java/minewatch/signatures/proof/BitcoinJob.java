package minewatch.signatures.proof;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A `mining.notify` of the Bitcoin family, ready for shares to be recomputed from it.
///
/// All values as they stand on the wire, hexadecimal. Version, time, bits and nonce are written
/// byte-reversed there, and the previous hash with each of its eight words byte-reversed.
///
/// Source: Slush's Stratum protocol description, "mining.notify"; BIP 310 for `version_bits`.
///
/// @param coinbase1 first part of the coinbase transaction
/// @param coinbase2 what follows the extranonces in it
/// @param branches the merkle path of the coinbase
public record BitcoinJob(
        String previousHash,
        String coinbase1,
        String coinbase2,
        List<String> branches,
        String version,
        String bits,
        String time) {
    private static final int HEADER_BYTES = 80;
    private static final HexFormat HEX = HexFormat.of();

    /// What a share adds to its job.
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

    /// The block header the miner hashed; null where a value is no hexadecimal of its length.
    public byte @Nullable [] header(Share share) {
        try {
            ByteArrayOutputStream header = new ByteArrayOutputStream(HEADER_BYTES);
            header.writeBytes(reversedWords(HEX.parseHex(version(share))));
            header.writeBytes(reversedWords(HEX.parseHex(previousHash)));
            header.writeBytes(merkleRoot(share));
            header.writeBytes(reversedWords(HEX.parseHex(share.time)));
            header.writeBytes(reversedWords(HEX.parseHex(bits)));
            header.writeBytes(reversedWords(HEX.parseHex(share.nonce)));
            return header.size() == HEADER_BYTES ? header.toByteArray() : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private String version(Share share) {
        if (share.versionBits == null) {
            return version;
        }
        int rolled = HexFormat.fromHexDigits(share.versionBits);
        int merged =
                (HexFormat.fromHexDigits(version) & ~share.versionMask)
                        | (rolled & share.versionMask);
        return HEX.toHexDigits(merged);
    }

    private byte[] merkleRoot(Share share) {
        ByteArrayOutputStream coinbase = new ByteArrayOutputStream();
        for (String part : List.of(coinbase1, share.extranonce1, share.extranonce2, coinbase2)) {
            coinbase.writeBytes(HEX.parseHex(part));
        }
        byte[] root = Sha256d.hash(coinbase.toByteArray());
        for (String branch : branches) {
            ByteArrayOutputStream pair = new ByteArrayOutputStream();
            pair.writeBytes(root);
            pair.writeBytes(HEX.parseHex(branch));
            root = Sha256d.hash(pair.toByteArray());
        }
        return root;
    }

    private static byte[] reversedWords(byte[] bytes) {
        if (bytes.length % 4 != 0) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes (expected: whole words of 4)");
        }
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[(i & ~3) + 3 - (i & 3)];
        }
        return reversed;
    }
}
