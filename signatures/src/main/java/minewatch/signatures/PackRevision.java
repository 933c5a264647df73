package minewatch.signatures;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// What tells one set of signature and endpoint files from another: the same files, under whatever
/// folder, have the same revision; any other byte, name or order of precedence has another.
final class PackRevision {
    private static final int HEX_DIGITS = 12; // enough for the few packs of one installation

    private final MessageDigest digest;

    PackRevision() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// @param files texts by name, in order of name
    void add(Map<String, String> files) {
        files.forEach((name, text) -> {
            add(name);
            add(text);
        });
    }

    /// Each with its length before it, so that no two lists of files are the same bytes.
    private void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }

    String text() {
        return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
    }
}
