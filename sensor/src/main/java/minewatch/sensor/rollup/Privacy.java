package minewatch.sensor.rollup;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What of the people behind the traffic leaves the sensor.
///
/// @param excerpts whether the first message of each shape goes along as evidence; never where
///   identifiers are hashed, for messages hold them in clear
/// @param identifierKey where not empty, accounts and workers leave as HMAC-SHA-256 under this key
///   (RFC 2104), first 16 bytes in hex, so that the same name is recognised and not read
public record Privacy(boolean excerpts, String identifierKey) {
    public static final Privacy OPEN = new Privacy(true, "");
    private static final int DIGEST_BYTES = 16;

    public Privacy {
        excerpts = excerpts && identifierKey.isEmpty();
    }

    List<String> identifiers(List<String> names) {
        return identifierKey.isEmpty() ? names : names.stream().map(this::digest).toList();
    }

    private String digest(String name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(
                    new SecretKeySpec(
                            identifierKey.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] digest = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java platform", e);
        }
    }
}
