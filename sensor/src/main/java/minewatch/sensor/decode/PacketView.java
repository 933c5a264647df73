package minewatch.sensor.decode;

import java.lang.foreign.MemorySegment;

/// One IP packet with its transport header, read in place. Filled by the decoder and reused: never
/// keep it past the callback; inside [PacketHandler], not past the end of the batch.
///
/// - **Addresses** are 128 bits in two longs, big-endian; IPv4 is held IPv4-mapped
///   (`::ffff:a.b.c.d`, RFC 4291 §2.5.5.2), so `high` is 0 and `low` is `0x0000ffff_aabbccdd`.
/// - **Thread:** the capture worker's own.
public final class PacketView {
    public static final int PROTOCOL_TCP = 6;
    public static final int PROTOCOL_UDP = 17;
    public static final int TCP_FIN = 0x01;
    public static final int TCP_SYN = 0x02;
    public static final int TCP_RST = 0x04;
    public static final int TCP_PSH = 0x08;
    public static final int TCP_ACK = 0x10;

    /// What [#vlan()] is where the frame carries no tag.
    public static final int NO_VLAN = -1;

    MemorySegment block = MemorySegment.NULL;
    long frameOffset;
    int capturedLength;
    int wireLength;
    long timestampNanos;
    int vlan = NO_VLAN;
    byte tunnels; // small, so that a view is two cache lines
    int ipVersion;
    int ipLength;
    int protocol;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int sourcePort;
    int destinationPort;
    int tcpSequence;
    int tcpAcknowledgement;
    int tcpFlags;
    long payloadOffset;
    int payloadLength;
    int payloadWireLength;
    boolean laterFragment;

    /// Memory that holds the frame; see [#payloadOffset()].
    public MemorySegment block() {
        return block;
    }

    /// Where the frame starts in [#block()].
    public long frameOffset() {
        return frameOffset;
    }

    /// Bytes of the frame that were captured.
    public int capturedLength() {
        return capturedLength;
    }

    /// Length of the frame on the wire, octets.
    public int wireLength() {
        return wireLength;
    }

    /// Capture time, ns since the Unix epoch.
    public long timestampNanos() {
        return timestampNanos;
    }

    /// Outermost VLAN id, be it inside a tunnel, 0 to 4095, or [#NO_VLAN].
    public int vlan() {
        return vlan;
    }

    /// Tunnels the packet was taken out of: IP packets around it, and Ethernet frames in MPLS or in
    /// provider backbones.
    public int tunnels() {
        return tunnels;
    }

    /// 4 or 6.
    public int ipVersion() {
        return ipVersion;
    }

    /// IP header and payload, octets: what the IP header says, or what the frame had on the wire
    /// where that is less or the header leaves it open.
    public int ipLength() {
        return ipLength;
    }

    /// IANA protocol number of the payload after IPv6 extension headers.
    public int protocol() {
        return protocol;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    /// 0 to 65535; 0 where the protocol has no ports.
    public int sourcePort() {
        return sourcePort;
    }

    public int destinationPort() {
        return destinationPort;
    }

    /// Unsigned 32 bits. Of a later fragment, where its payload lies in the stream.
    public int tcpSequence() {
        return tcpSequence;
    }

    public int tcpAcknowledgement() {
        return tcpAcknowledgement;
    }

    public int tcpFlags() {
        return tcpFlags;
    }

    public boolean hasTcpFlag(int flag) {
        return (tcpFlags & flag) != 0;
    }

    /// Where the TCP or UDP payload starts in [#block()].
    public long payloadOffset() {
        return payloadOffset;
    }

    /// Payload bytes held, at most [#payloadWireLength()].
    public int payloadLength() {
        return payloadLength;
    }

    /// Payload octets by the IP and transport headers; more than [#payloadLength()] where the
    /// capture was cut short.
    public int payloadWireLength() {
        return payloadWireLength;
    }

    void clearTransport() {
        sourcePort = 0;
        destinationPort = 0;
        tcpSequence = 0;
        tcpAcknowledgement = 0;
        tcpFlags = 0;
    }

    /// Whether this is a fragment other than the first of its datagram, so without a transport
    /// header. Where the first one was seen before, the ports are those of the datagram, and a
    /// piece of a TCP segment has its place in the stream and its payload; there are no TCP flags.
    /// Else, and for all other protocols, ports or payload lengths are 0.
    public boolean isLaterFragment() {
        return laterFragment;
    }
}
