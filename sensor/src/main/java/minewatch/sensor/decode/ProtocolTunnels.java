package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.u16;
import static minewatch.sensor.decode.BigEndian.u8;

import java.lang.foreign.MemorySegment;

/// Tunnels that the IP header names: IP in IP of either version, GRE with what it carries, MPLS in
/// IP. Since they are told, what is wrong with their headers is an anomaly. What they carry that is
/// not IP leaves the packet around it.
///
/// Source: RFC 2003, RFC 2473, RFC 4213, RFC 4023, RFC 2784, RFC 2890, RFC 2637 §4.1,
/// draft-foschiano-erspan-03.
final class ProtocolTunnels {
    private static final int IPV4 = 4; // IANA protocol numbers
    private static final int IPV6 = 41;
    private static final int GRE = 47;
    private static final int MPLS = 137;

    private static final int GRE_HEADER = 4; // bytes
    private static final int CHECKSUM = 0x8000; // flags; each says that 4 bytes are there
    private static final int KEY = 0x2000;
    private static final int SEQUENCE = 0x1000;
    private static final int ACKNOWLEDGEMENT = 0x0080; // version 1
    private static final int VERSION = 0x0007;
    private static final int GRE_KNOWN = CHECKSUM | KEY | SEQUENCE;
    private static final int PPTP_FLAGS = KEY | 1; // must be there
    private static final int PPTP_KNOWN = PPTP_FLAGS | SEQUENCE | ACKNOWLEDGEMENT;
    private static final int PPTP = 0x880B; // protocol types, besides EtherTypes
    private static final int MIKROTIK = 0x6400; // Ethernet over IP, as RouterOS sends it
    private static final int ERSPAN = 0x88BE;
    private static final int ERSPAN_3 = 0x22EB;

    private static final int ERSPAN_2_HEADER = 8;
    private static final int ERSPAN_3_HEADER = 12;
    private static final int ERSPAN_3_SUBHEADER = 8;
    private static final int FRAME_TYPE = 0x7C00; // in the last 16 bits of the ERSPAN III header
    private static final int FRAME_TYPE_IP = 0x0800;
    private static final int HAS_SUBHEADER = 0x0001;

    private final Decoder decoder;

    ProtocolTunnels(Decoder decoder) {
        this.decoder = decoder;
    }

    /// @param at where the content of the IP packet starts
    /// @param length of that content on the wire
    void decode(PacketView packet, long at, int length) {
        switch (packet.protocol) {
            case IPV4 -> {
                if (decoder.enterIp(packet, at, length, false)) {
                    decoder.ip.decodeIpv4(packet, at);
                }
            }
            case IPV6 -> {
                if (decoder.enterIp(packet, at, length, false)) {
                    decoder.ip.decodeIpv6(packet, at);
                }
            }
            case MPLS -> {
                if (decoder.enterIp(packet, at, length, false)) {
                    decoder.mpls.decode(packet, at);
                }
            }
            case GRE -> decodeGre(packet, at, length);
            default -> decoder.deliver(packet, at, length);
        }
    }

    private void decodeGre(PacketView packet, long at, int length) {
        if (!decoder.enterIp(packet, at, length, false)) {
            return;
        }
        MemorySegment block = packet.block;
        if (decoder.held(at) < GRE_HEADER) {
            decoder.reject(packet, DecodeAnomaly.GRE_TRUNCATED);
            return;
        }
        int flags = u16(block, at);
        int type = u16(block, at + 2);
        if (!isKnown(flags, type)) {
            decoder.reject(packet, DecodeAnomaly.GRE_BAD_HEADER);
            return;
        }
        long bodyAt = at + GRE_HEADER + 4L * Integer.bitCount(flags & ~VERSION);
        if (decoder.held(bodyAt) < 0) {
            decoder.reject(packet, DecodeAnomaly.GRE_TRUNCATED);
        } else if ((flags & VERSION) == 1) {
            decoder.endAt(bodyAt + u16(block, at + 4));
            decodeGre1Content(packet, flags, type, bodyAt);
        } else {
            decodeGreContent(packet, flags, type, bodyAt);
        }
    }

    private static boolean isKnown(int flags, int type) {
        return switch (flags & VERSION) {
            case 0 -> (flags & ~GRE_KNOWN) == 0;
            case 1 ->
                    type == PPTP && (flags & PPTP_FLAGS) == PPTP_FLAGS && (flags & ~PPTP_KNOWN) == 0
                            || type == MIKROTIK && flags == PPTP_FLAGS;
            default -> false;
        };
    }

    /// What has a length where version 0 has a key.
    private void decodeGre1Content(PacketView packet, int flags, int type, long at) {
        if (type == MIKROTIK) {
            decoder.link.decodeEthernet(packet, at);
        } else if ((flags & SEQUENCE) == 0) { // an acknowledgement alone
            decoder.reject(packet, NonIpFrame.OTHER);
        } else {
            decoder.ppp.decode(packet, at);
        }
    }

    private void decodeGreContent(PacketView packet, int flags, int type, long at) {
        switch (type) {
            case EtherType.IPV4 -> decoder.ip.decodeIpv4(packet, at);
            case EtherType.IPV6 -> decoder.ip.decodeIpv6(packet, at);
            case EtherType.TRANSPARENT_ETHERNET -> decoder.link.decodeEthernet(packet, at);
            case EtherType.MPLS, EtherType.MPLS_MULTICAST -> decoder.mpls.decode(packet, at);
            case ERSPAN -> {
                if ((flags & SEQUENCE) == 0) { // type I has no header
                    decoder.link.decodeEthernet(packet, at);
                } else {
                    decodeErspan2(packet, at);
                }
            }
            case ERSPAN_3 -> decodeErspan3(packet, at);
            default -> decoder.reject(packet, NonIpFrame.OTHER);
        }
    }

    private void decodeErspan2(PacketView packet, long at) {
        if (decoder.held(at) < ERSPAN_2_HEADER) {
            decoder.reject(packet, DecodeAnomaly.ERSPAN_TRUNCATED);
        } else if (u8(packet.block, at) >>> 4 != 1) {
            decoder.reject(packet, DecodeAnomaly.ERSPAN_BAD_VERSION);
        } else {
            decoder.link.decodeEthernet(packet, at + ERSPAN_2_HEADER);
        }
    }

    private void decodeErspan3(PacketView packet, long at) {
        if (decoder.held(at) < ERSPAN_3_HEADER) {
            decoder.reject(packet, DecodeAnomaly.ERSPAN_TRUNCATED);
            return;
        }
        if (u8(packet.block, at) >>> 4 != 2) {
            decoder.reject(packet, DecodeAnomaly.ERSPAN_BAD_VERSION);
            return;
        }
        int last = u16(packet.block, at + ERSPAN_3_HEADER - 2);
        long bodyAt = at + ERSPAN_3_HEADER;
        bodyAt += (last & HAS_SUBHEADER) != 0 ? ERSPAN_3_SUBHEADER : 0;
        switch (last & FRAME_TYPE) {
            case 0 -> decoder.link.decodeEthernet(packet, bodyAt);
            case FRAME_TYPE_IP -> decoder.link.decodeRaw(packet, bodyAt);
            default -> decoder.reject(packet, NonIpFrame.OTHER);
        }
    }
}
