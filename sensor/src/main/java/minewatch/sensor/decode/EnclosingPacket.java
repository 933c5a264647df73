package minewatch.sensor.decode;

/// The innermost IP packet known to be one, while the decoder looks into what it carries. Reused.
final class EnclosingPacket {
    private boolean kept;
    private boolean guessed;
    private byte tunnels;
    private int vlan;
    private int ipVersion;
    private int ipLength;
    private int protocol;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;
    private long heldEnd;
    private long payloadOffset;
    private int payloadWireLength;

    void clear() {
        kept = false;
        guessed = false;
    }

    boolean isKept() {
        return kept;
    }

    /// Whether a tunnel was entered that only a port suggests, so that what follows may be
    /// anything.
    boolean isGuessed() {
        return guessed;
    }

    /// @param payloadAt where the content of its last header starts
    /// @param payloadLength of that content on the wire
    /// @param capturedEnd where the captured bytes of the packet end
    void keep(
            PacketView packet, long payloadAt, int payloadLength, long capturedEnd, boolean guess) {
        kept = true;
        guessed |= guess;
        tunnels = packet.tunnels;
        vlan = packet.vlan;
        ipVersion = packet.ipVersion;
        ipLength = packet.ipLength;
        protocol = packet.protocol;
        sourceHigh = packet.sourceHigh;
        sourceLow = packet.sourceLow;
        destinationHigh = packet.destinationHigh;
        destinationLow = packet.destinationLow;
        sourcePort = packet.sourcePort;
        destinationPort = packet.destinationPort;
        heldEnd = capturedEnd;
        payloadOffset = payloadAt;
        payloadWireLength = payloadLength;
    }

    /// Makes `packet` the enclosing one again, all but its payload.
    void restore(PacketView packet) {
        packet.clearTransport();
        packet.laterFragment = false;
        packet.tunnels = tunnels;
        packet.vlan = vlan;
        packet.ipVersion = ipVersion;
        packet.ipLength = ipLength;
        packet.protocol = protocol;
        packet.sourceHigh = sourceHigh;
        packet.sourceLow = sourceLow;
        packet.destinationHigh = destinationHigh;
        packet.destinationLow = destinationLow;
        packet.sourcePort = sourcePort;
        packet.destinationPort = destinationPort;
    }

    long heldEnd() {
        return heldEnd;
    }

    long payloadOffset() {
        return payloadOffset;
    }

    int payloadWireLength() {
        return payloadWireLength;
    }
}
