package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.i32;
import static minewatch.sensor.decode.BigEndian.i64;
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
        if (Math.min(decoder.held(at), length) < TCP_HEADER) {
            decoder.reject(packet, DecodeAnomaly.TCP_TRUNCATED);
            return;
        }
        int offsetAndFlags = u16(block, at + 12);
        int headerLength = offsetAndFlags >>> 12 << 2;
        if (headerLength < TCP_HEADER || headerLength > length) {
            decoder.reject(packet, DecodeAnomaly.TCP_BAD_HEADER_LENGTH);
            return;
        }
        long first = i64(block, at); // ports and sequence number
        packet.sourcePort = (int) (first >>> 48);
        packet.destinationPort = (int) (first >>> 32) & 0xFFFF;
        packet.tcpSequence = (int) first;
        packet.tcpAcknowledgement = i32(block, at + 8);
        packet.tcpFlags = offsetAndFlags & 0xFF;
        decoder.deliver(packet, at + headerLength, length - headerLength);
    }

    private void decodeUdp(PacketView packet, long at, int length) {
        if (Math.min(decoder.held(at), length) < UDP_HEADER) {
            decoder.reject(packet, DecodeAnomaly.UDP_TRUNCATED);
            return;
        }
        long header = i64(packet.block, at);
        int announced = (int) (header >>> 16) & 0xFFFF;
        if (announced < UDP_HEADER && announced != 0) {
            decoder.reject(packet, DecodeAnomaly.UDP_BAD_LENGTH);
            return;
        }
        packet.clearTransport();
        packet.sourcePort = (int) (header >>> 48);
        packet.destinationPort = (int) (header >>> 32) & 0xFFFF;
        // 0: a jumbogram (RFC 2675 §4), or segmentation offload has yet to fill it in
        int datagram = announced == 0 ? length : Math.min(announced, length);
        if (PortTunnels.of(packet.sourcePort, packet.destinationPort) == PortTunnels.NONE) {
            decoder.deliver(packet, at + UDP_HEADER, datagram - UDP_HEADER);
        } else {
            decoder.portTunnels.decode(
                    packet, at + UDP_HEADER, datagram - UDP_HEADER, announced - UDP_HEADER);
        }
    }

    /// Bytes of a TCP or UDP header, as far as it is held; 0 for other protocols.
    int headerLength(PacketView packet, int protocol, long at, int length) {
        return switch (protocol) {
            case PacketView.PROTOCOL_TCP ->
                    Math.min(decoder.held(at), length) < TCP_HEADER
                            ? TCP_HEADER
                            : Math.max(TCP_HEADER, tcpHeaderLength(packet.block, at));
            case PacketView.PROTOCOL_UDP -> UDP_HEADER;
            default -> 0;
        };
    }

    /// Whether the fixed part of a TCP or UDP header was captured.
    boolean isHeaderHeld(int protocol, long at) {
        int fixed = protocol == PacketView.PROTOCOL_TCP ? TCP_HEADER : UDP_HEADER;
        return decoder.held(at) >= fixed;
    }

    private static int tcpHeaderLength(MemorySegment block, long at) {
        return (u8(block, at + 12) >>> 4) << 2;
    }
}
