package minewatch.feed;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import minewatch.feed.v1.Batch;

/// Tells a batch that is sent again from another one of the same number.
public final class BatchDigest {
    private BatchDigest() {}

    /// SHA-256 of the hits alone: gaps may be told again with the next batch.
    public static ByteString of(Batch batch) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            batch.getHitsList().forEach(hit -> digest.update(hit.toByteArray()));
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
