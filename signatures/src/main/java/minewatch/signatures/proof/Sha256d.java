package minewatch.signatures.proof;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 twice, as Bitcoin hashes blocks and transactions.
final class Sha256d {
    private Sha256d() {}

    static byte[] hash(byte[] bytes) {
        MessageDigest digest = sha256();
        return digest.digest(digest.digest(bytes));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
