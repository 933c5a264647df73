package minewatch.signatures;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One signature file of the pack: a mining protocol as a grammar of messages.
///
/// @param id name of the file, `stratum-v1`, as it stands in a hit's evidence
/// @param protocol protocol name of the contract; the id, unless several files describe one
///   protocol
/// @param revision raised with every change of meaning; stands in a hit's evidence
/// @param title for people, by language tag (`en`, `zh`)
/// @param claim what proof of it is proof of
/// @param framing how messages are cut from the stream
/// @param algorithm what is mined unless the traffic says otherwise; null if it cannot be told
/// @param work how difficulty and target translate to hashes
/// @param templates the message shapes
public record Dialect(
        String id,
        String protocol,
        int revision,
        Map<String, String> title,
        Claim claim,
        Framing framing,
        @Nullable String algorithm,
        WorkRule work,
        List<Template> templates) {

    /// Whether its shares can be counted: where nothing can be read they are not known, not none.
    public boolean tellsShares() {
        return templates.stream().anyMatch(template -> template.act() == Act.SHARE);
    }

    /// The most a dialogue in it is ever called.
    public enum Claim {
        /// Somebody mines.
        MINER,
        /// Somebody passes on the mining of others: a farm's gateway, a proxy.
        RELAY,
        /// A web page mines.
        BROWSER,
        /// Mining, but what can be seen never proves it: encrypted.
        PROBABLE,
        /// The same, and much else looks like it.
        POSSIBLE,
        /// A coin's peer; not mining by itself, and never more.
        NODE,
        /// Something that is not mining. Its weights are below 0 and count against every dialect of
        /// the same conversation.
        NONE
    }

    /// A protocol whose messages cannot be read.
    ///
    /// @param id protocol name of the contract, `tls`; empty where not even that is known
    public static Dialect opaque(String id) {
        WorkRule work = new WorkRule(Double.NaN, WorkRule.TargetForm.NONE, "H/s");
        return new Dialect(
                id, id, 1, Map.of(), Claim.PROBABLE, Framing.JSON, null, work, List.of());
    }

    /// What carries the messages in the byte stream. Those that are not JSON are rendered as such
    /// (reference page of signatures).
    public enum Framing {
        /// JSON texts one after the other, with or without line ends.
        JSON,
        /// JSON texts in WebSocket messages (RFC 6455).
        WEBSOCKET,
        /// HTTP/1: JSON texts in bodies, and the heads, rendered as texts.
        HTTP,
        /// JSON lines mixed with BTCAgent's binary frames.
        BTCAGENT,
        /// Stratum V2 frames in clear.
        SV2,
        /// Stratum V2 in Noise: nothing but sizes.
        NOISE,
        /// Duino-Coin's lines.
        DUINO,
        /// Length-prefixed messages of whole cipher blocks.
        BLOCKS,
        /// Messages of Bitcoin's peers and of those that descend from it.
        BITCOIN,
        /// Levin messages of Monero's peers.
        LEVIN,
        /// Ethereum's discovery datagrams and RLPx handshakes.
        DEVP2P,
        /// Messages of P2Pool's peers.
        P2POOL
    }
}
