package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.i32;
import static minewatch.sensor.decode.BigEndian.u16;
import static minewatch.sensor.decode.BigEndian.u8;

import java.lang.foreign.MemorySegment;

/// TCP and UDP headers; for all else, whether it is a tunnel.
///
/// Source: RFC 9293 §3.1, RFC 768.
final class TransportLayer {
    static final int TCP_HEADER = 20; // bytes, without options
    static final int UDP_HEADER = 8;

    private final Decoder decoder;

    TransportLayer(Decoder decoder) {
        this.decoder = decoder;
    }

    /// @param length of the transport header and its payload on the wire, bytes
    void decode(PacketView packet, int protocol, long at, int length) {
        packet.protocol = protocol;
        packet.laterFragment = false;
        switch (protocol) {
            case PacketView.PROTOCOL_TCP -> decodeTcp(packet, at, length);
            case PacketView.PROTOCOL_UDP -> decodeUdp(packet, at, length);
            default -> {
                packet.clearTransport();
                decoder.protocolTunnels.decode(packet, at, length);
            }
        }
    }

    private void decodeTcp(PacketView packet, long at, int length) {
        MemorySegment block = packet.block;
        if (Math.min(packet.held(at), length) < TCP_HEADER) {
            decoder.reject(packet, DecodeAnomaly.TCP_TRUNCATED);
            return;
        }
        int headerLength = tcpHeaderLength(block, at);
        if (headerLength < TCP_HEADER || headerLength > length) {
            decoder.reject(packet, DecodeAnomaly.TCP_BAD_HEADER_LENGTH);
            return;
        }
        packet.sourcePort = u16(block, at);
        packet.destinationPort = u16(block, at + 2);
        packet.tcpSequence = i32(block, at + 4);
        packet.tcpAcknowledgement = i32(block, at + 8);
        packet.tcpFlags = u8(block, at + 13);
        decoder.deliver(packet, at + headerLength, length - headerLength);
    }

    private void decodeUdp(PacketView packet, long at, int length) {
        MemorySegment block = packet.block;
        if (Math.min(packet.held(at), length) < UDP_HEADER) {
            decoder.reject(packet, DecodeAnomaly.UDP_TRUNCATED);
            return;
        }
        int announced = u16(block, at + 4);
        if (announced < UDP_HEADER && announced != 0) {
            decoder.reject(packet, DecodeAnomaly.UDP_BAD_LENGTH);
            return;
        }
        packet.clearTransport();
        packet.sourcePort = u16(block, at);
        packet.destinationPort = u16(block, at + 2);
        // 0: a jumbogram (RFC 2675 §4), or segmentation offload has yet to fill it in
        int datagram = announced == 0 ? length : Math.min(announced, length);
        int tunnel = PortTunnels.of(packet.sourcePort, packet.destinationPort);
        if (tunnel == PortTunnels.NONE) {
            decoder.deliver(packet, at + UDP_HEADER, datagram - UDP_HEADER);
        } else {
            decoder.portTunnels.decode(
                    packet,
                    tunnel,
                    at + UDP_HEADER,
                    datagram - UDP_HEADER,
                    Math.max(announced, datagram) - UDP_HEADER);
        }
    }

    /// Bytes of a TCP or UDP header, as far as it is held; 0 for other protocols.
    static int headerLength(PacketView packet, int protocol, long at, int length) {
        return switch (protocol) {
            case PacketView.PROTOCOL_TCP ->
                    Math.min(packet.held(at), length) < TCP_HEADER
                            ? TCP_HEADER
                            : Math.max(TCP_HEADER, tcpHeaderLength(packet.block, at));
            case PacketView.PROTOCOL_UDP -> UDP_HEADER;
            default -> 0;
        };
    }

    /// Whether the fixed part of a TCP or UDP header was captured.
    static boolean isHeaderHeld(PacketView packet, int protocol, long at) {
        int fixed = protocol == PacketView.PROTOCOL_TCP ? TCP_HEADER : UDP_HEADER;
        return packet.held(at) >= fixed;
    }

    private static int tcpHeaderLength(MemorySegment block, long at) {
        return (u8(block, at + 12) >>> 4) << 2;
    }
}
