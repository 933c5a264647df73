package minewatch.feed;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Hit;

/// Tells a batch that is sent again from another one of the same number.
public final class BatchDigest {
    private BatchDigest() {}

    /// SHA-256 of the hits alone: gaps may be told again with the next batch.
    public static ByteString of(Batch batch) {
        return of(batch.getHitsList().stream().map(Hit::toByteArray).toList());
    }

    /// @param hits of the batch, each as serialized
    public static ByteString of(List<byte[]> hits) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            hits.forEach(digest::update);
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
