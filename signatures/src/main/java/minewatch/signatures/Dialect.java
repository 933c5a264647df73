package minewatch.signatures;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One signature file of the pack: a mining protocol as a grammar of messages.
///
/// @param id protocol name of the contract, `stratum-v1`
/// @param revision raised with every change of meaning; stands in a hit's evidence
/// @param title for people, by language tag (`en`, `zh`)
/// @param browser the miner is a web page: the verdict is `browser`, never `miner`
/// @param framing how messages are cut from the stream
/// @param algorithm what is mined unless the traffic says otherwise; null if it cannot be told
/// @param work how difficulty and target translate to hashes
/// @param templates the message shapes
public record Dialect(
        String id,
        int revision,
        Map<String, String> title,
        boolean browser,
        Framing framing,
        @Nullable String algorithm,
        WorkRule work,
        List<Template> templates) {

    /// How messages are cut from the byte stream.
    public enum Framing {
        /// JSON texts one after the other, with or without line ends.
        JSON,
        /// JSON texts in WebSocket messages (RFC 6455).
        WEBSOCKET
    }
}
