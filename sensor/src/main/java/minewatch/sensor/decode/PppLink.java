package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.u16;
import static minewatch.sensor.decode.BigEndian.u8;

import java.lang.foreign.MemorySegment;

/// PPP, alone, in HDLC framing and over Ethernet; and Cisco's own use of HDLC.
///
/// Source: RFC 1661, RFC 1662, RFC 2516.
final class PppLink {
    private static final int IPV4 = 0x0021; // RFC 1332
    private static final int IPV6 = 0x0057; // RFC 5072
    private static final int MPLS = 0x0281; // RFC 3032 §4.3
    private static final int MPLS_MULTICAST = 0x0283;
    private static final int FIRST_CONTROL = 0x8000;
    private static final int ADDRESS_AND_CONTROL = 0xFF03; // RFC 1662 §3.1
    private static final int CISCO_UNICAST = 0x0F;
    private static final int CISCO_MULTICAST = 0x8F;
    private static final int CISCO_HEADER = 4; // bytes
    private static final int PPPOE_HEADER = 6;
    static final int PPPOE_FIRST = 0x11; // version 1, type 1
    private static final int PPPOE_SESSION = PPPOE_FIRST << 8; // and code 0

    private final Decoder decoder;

    PppLink(Decoder decoder) {
        this.decoder = decoder;
    }

    /// The address and control bytes may be left out, and so may the protocol's leading zero (RFC
    /// 1661 §6.5 and §6.6).
    void decode(PacketView packet, long start) {
        MemorySegment block = packet.block;
        long at = start;
        if (decoder.held(at) >= 2 && u16(block, at) == ADDRESS_AND_CONTROL) {
            at += 2;
        }
        if (decoder.held(at) < 2) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        boolean oneByte = (u8(block, at) & 1) != 0;
        int protocol = oneByte ? u8(block, at) : u16(block, at);
        at += oneByte ? 1 : 2;
        switch (protocol) {
            case IPV4 -> decoder.ip.decodeIpv4(packet, at);
            case IPV6 -> decoder.ip.decodeIpv6(packet, at);
            case MPLS, MPLS_MULTICAST -> decoder.mpls.decode(packet, at);
            default ->
                    decoder.reject(
                            packet,
                            protocol >= FIRST_CONTROL ? NonIpFrame.PPP_CONTROL : NonIpFrame.OTHER);
        }
    }

    void decodeHdlc(PacketView packet, long at) {
        if (decoder.held(at) < CISCO_HEADER) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        int address = u8(packet.block, at);
        if (address == CISCO_UNICAST || address == CISCO_MULTICAST) {
            decodeCisco(packet, at);
        } else {
            decode(packet, at);
        }
    }

    void decodeCisco(PacketView packet, long at) {
        if (decoder.held(at) < CISCO_HEADER) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        decoder.link.decodeEtherType(packet, u16(packet.block, at + 2), at + CISCO_HEADER);
    }

    /// A session; its discovery has another EtherType.
    void decodePppoe(PacketView packet, long at) {
        if (decoder.held(at) < PPPOE_HEADER) {
            decoder.reject(packet, DecodeAnomaly.PPPOE_TRUNCATED);
            return;
        }
        if (u16(packet.block, at) != PPPOE_SESSION) {
            decoder.reject(packet, DecodeAnomaly.PPPOE_BAD_HEADER);
            return;
        }
        decoder.endAt(at + PPPOE_HEADER + u16(packet.block, at + 4));
        decode(packet, at + PPPOE_HEADER);
    }
}
