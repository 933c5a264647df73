package minewatch.sensor.flow;

/// The counters of one flow as the table holds them, both directions. Reused: never keep it past
/// the callback.
public interface FlowView {
    /// Packet time of the first packet, ns since the Unix epoch.
    long firstSeenNanos();

    /// Packet time of the latest packet.
    long lastSeenNanos();

    /// Packets, both directions.
    long packets();

    /// IP octets, both directions.
    long octets();

    /// Whether the flow was seen from its SYN on.
    boolean handshakeSeen();
}
