package minewatch.collector.accept;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.time.Duration;

/// The tokens by which sensors may enrol, known by their hashes. Shared by all collectors of one
/// database. Every method may block.
public interface EnrolmentTokens {
    /// @param hash of the secret
    void add(String sensor, ByteString hash, Duration valid) throws IOException;

    Token find(ByteString hash) throws IOException;

    /// Uses the token up.
    ///
    /// @return false if it is not open: somebody was faster, or it has just ended
    boolean use(ByteString hash) throws IOException;

    /// What is known of a token.
    sealed interface Token {
        /// @param sensor may enrol with it
        record Open(String sensor) implements Token {}

        record Used() implements Token {}

        record Expired() implements Token {}

        record Unknown() implements Token {}
    }
}
