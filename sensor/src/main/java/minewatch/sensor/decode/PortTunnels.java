package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.i32;
import static minewatch.sensor.decode.BigEndian.u16;
import static minewatch.sensor.decode.BigEndian.u8;

import java.lang.foreign.MemorySegment;

/// Tunnels that only a UDP port suggests: VXLAN, VXLAN-GPE, Geneve, GTP-U, L2TP version 2, Teredo.
///
/// Anything may use these ports. So every fixed, reserved and length field must be right, an IP
/// packet must seem to follow, and all of it must decode; else the datagram is what there is, and
/// never an anomaly.
///
/// Source: RFC 7348 §5, draft-ietf-nvo3-vxlan-gpe-13 §3, RFC 8926 §3.4, 3GPP TS 29.281 §5, RFC 2661
/// §3.1, RFC 4380 §5.1.1.
final class PortTunnels {
    static final int NONE = 0;

    private static final int LOWEST_PORT = 1701;
    private static final int L2TP = 1701;
    private static final int GTP = 2152;
    private static final int TEREDO = 3544;
    private static final int VXLAN = 4789;
    private static final int VXLAN_GPE = 4790;
    private static final int GENEVE = 6081;
    private static final int VXLAN_LINUX = 8472; // the Linux kernel's, before there was a standard
    private static final int HIGHEST_PORT = 8472;

    private static final int NETWORK_HEADER = 8; // bytes: VXLAN, Geneve without options, GTP-U
    private static final int VXLAN_FLAGS = 0x0800_0000;
    private static final int VXLAN_POLICY = 0x8000_0000; // draft-smith-vxlan-group-policy
    private static final int VXLAN_POLICY_FIELDS = 0x8048_FFFF; // that bit, two more, a group
    private static final int GPE_FLAGS = 0x0C00_0000;
    private static final int GPE_IPV4 = 1;
    private static final int GPE_IPV6 = 2;
    private static final int GPE_ETHERNET = 3;
    private static final int GENEVE_RESERVED = 0xC0BF; // version, control bit, reserved bits
    private static final int GTP_FIXED = 0xF8; // version 1, protocol type 1, no spare bit
    private static final int GTP_VERSION = 0x30;
    private static final int GTP_EXTENSION = 0x04;
    private static final int GTP_OPTIONAL = 0x07; // any of them: 4 bytes more
    private static final int GTP_PAYLOAD = 255; // T-PDU
    private static final int MAX_GTP_EXTENSIONS = 8;
    private static final int L2TP_FIXED = 0xB4FF; // control bit, reserved bits, version
    private static final int L2TP_VERSION = 2;
    private static final int L2TP_LENGTH = 0x4000;
    private static final int L2TP_SEQUENCE = 0x0800;
    private static final int L2TP_OFFSET = 0x0200;
    private static final int TEREDO_AUTHENTICATION = 1;
    private static final int TEREDO_AUTHENTICATION_LENGTH = 13; // bytes, and the client's
    private static final int TEREDO_ORIGIN = 0;
    private static final int TEREDO_ORIGIN_LENGTH = 8;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int PPP_HEADER = 4; // at most

    private static final long NOT_THERE = -1;

    private final Decoder decoder;

    PortTunnels(Decoder decoder) {
        this.decoder = decoder;
    }

    /// Which tunnel the ports suggest, by its port; [#NONE].
    static int of(int sourcePort, int destinationPort) {
        int tunnel = of(destinationPort);
        return tunnel == NONE ? of(sourcePort) : tunnel;
    }

    private static int of(int port) {
        return port < LOWEST_PORT || port > HIGHEST_PORT ? NONE : ofPortInRange(port);
    }

    private static int ofPortInRange(int port) {
        return switch (port) {
            case L2TP, GTP, TEREDO, VXLAN, VXLAN_GPE, GENEVE -> port;
            case VXLAN_LINUX -> VXLAN;
            default -> NONE;
        };
    }

    /// @param at where the datagram's payload starts
    /// @param length of the payload on the wire
    /// @param inHeader the same by the UDP header, so with what further fragments have of it
    void decode(PacketView packet, long at, int length, int inHeader) {
        int announced = Math.max(length, inHeader); // 0 means the rest
        if (packet.tunnels == Decoder.MAX_TUNNELS
                || Math.min(decoder.held(at), length) < NETWORK_HEADER) {
            decoder.deliver(packet, at, length);
            return;
        }
        switch (of(packet.sourcePort, packet.destinationPort)) {
            case VXLAN -> decodeVxlan(packet, at, length);
            case VXLAN_GPE -> decodeGpe(packet, at, length, announced);
            case GENEVE -> decodeGeneve(packet, at, length, announced);
            case GTP -> decodeGtp(packet, at, length, announced);
            case L2TP -> decodeL2tp(packet, at, length, announced);
            case TEREDO -> decodeTeredo(packet, at, length, announced);
            default -> decoder.deliver(packet, at, length);
        }
    }

    private void decodeVxlan(PacketView packet, long at, int length) {
        int flags = i32(packet.block, at);
        int fixed = (flags & VXLAN_POLICY) != 0 ? flags & ~VXLAN_POLICY_FIELDS : flags;
        if (fixed == VXLAN_FLAGS && u8(packet.block, at + 7) == 0) {
            decodeEthernet(packet, at, length, at + NETWORK_HEADER);
        } else {
            decoder.deliver(packet, at, length);
        }
    }

    private void decodeGpe(PacketView packet, long at, int length, int announced) {
        int flags = i32(packet.block, at);
        if ((flags & 0xFFFF_FF00) != GPE_FLAGS || u8(packet.block, at + 7) != 0) {
            decoder.deliver(packet, at, length);
            return;
        }
        long bodyAt = at + NETWORK_HEADER;
        switch (flags & 0xFF) {
            case GPE_ETHERNET -> decodeEthernet(packet, at, length, bodyAt);
            case GPE_IPV4, GPE_IPV6 -> decodeIp(packet, at, length, bodyAt, at + announced);
            default -> decoder.deliver(packet, at, length);
        }
    }

    private void decodeGeneve(PacketView packet, long at, int length, int announced) {
        int flags = u16(packet.block, at);
        long bodyAt = at + NETWORK_HEADER + ((flags >>> 8 & 0x3F) << 2);
        if ((flags & GENEVE_RESERVED) != 0 || u8(packet.block, at + 7) != 0) {
            decoder.deliver(packet, at, length);
            return;
        }
        switch (u16(packet.block, at + 2)) {
            case EtherType.TRANSPARENT_ETHERNET -> decodeEthernet(packet, at, length, bodyAt);
            case EtherType.IPV4, EtherType.IPV6 ->
                    decodeIp(packet, at, length, bodyAt, at + announced);
            default -> decoder.deliver(packet, at, length);
        }
    }

    private void decodeGtp(PacketView packet, long at, int length, int announced) {
        MemorySegment block = packet.block;
        int flags = u8(block, at);
        long end = at + NETWORK_HEADER + u16(block, at + 2);
        if ((flags & GTP_FIXED) != GTP_VERSION
                || u8(block, at + 1) != GTP_PAYLOAD
                || end > at + announced) {
            decoder.deliver(packet, at, length);
            return;
        }
        long bodyAt = at + NETWORK_HEADER;
        if ((flags & GTP_OPTIONAL) != 0) {
            bodyAt += 4;
        }
        if ((flags & GTP_EXTENSION) != 0) {
            bodyAt = skipGtpExtensions(packet, bodyAt);
        }
        if (bodyAt == NOT_THERE) {
            decoder.deliver(packet, at, length);
        } else {
            decodeIp(packet, at, length, bodyAt, end);
        }
    }

    /// @param from where the first one starts; the byte before says whether there is one
    /// @return where the last one ends
    private long skipGtpExtensions(PacketView packet, long from) {
        MemorySegment block = packet.block;
        long at = from;
        for (int extensions = 0; decoder.held(at) > 0; extensions++) {
            if (u8(block, at - 1) == 0) {
                return at;
            }
            int length = u8(block, at) << 2;
            if (length == 0 || extensions == MAX_GTP_EXTENSIONS) {
                return NOT_THERE;
            }
            at += length;
        }
        return NOT_THERE;
    }

    private void decodeL2tp(PacketView packet, long at, int length, int announced) {
        MemorySegment block = packet.block;
        int flags = u16(block, at);
        if ((flags & L2TP_FIXED) != L2TP_VERSION) {
            decoder.deliver(packet, at, length);
            return;
        }
        boolean hasLength = (flags & L2TP_LENGTH) != 0;
        long end = at + (hasLength ? u16(block, at + 2) : announced);
        long bodyAt = at + (hasLength ? 8 : 6) + ((flags & L2TP_SEQUENCE) != 0 ? 4 : 0);
        if ((flags & L2TP_OFFSET) != 0 && decoder.held(bodyAt) >= 2) {
            bodyAt += 2 + u16(block, bodyAt);
        }
        long ipAt = skipPpp(packet, bodyAt);
        if (end > at + announced || ipAt == NOT_THERE || !isIp(packet, ipAt, end)) {
            decoder.deliver(packet, at, length);
        } else if (decoder.enterIp(packet, at, length, true)) {
            decoder.endAt(end);
            decoder.ppp.decode(packet, bodyAt);
        }
    }

    /// @return where what follows the PPP header at `at` starts
    private long skipPpp(PacketView packet, long at) {
        if (decoder.held(at) < PPP_HEADER) {
            return NOT_THERE;
        }
        long protocolAt = u16(packet.block, at) == 0xFF03 ? at + 2 : at;
        return protocolAt + ((u8(packet.block, protocolAt) & 1) != 0 ? 1 : 2);
    }

    private void decodeTeredo(PacketView packet, long at, int length, int announced) {
        MemorySegment block = packet.block;
        long bodyAt = at;
        if (u16(block, bodyAt) == TEREDO_AUTHENTICATION) {
            bodyAt += TEREDO_AUTHENTICATION_LENGTH + u8(block, at + 2) + u8(block, at + 3);
        }
        if (decoder.held(bodyAt) >= 2 && u16(block, bodyAt) == TEREDO_ORIGIN) {
            bodyAt += TEREDO_ORIGIN_LENGTH;
        }
        boolean ipv6 = decoder.held(bodyAt) > 0 && u8(block, bodyAt) >>> 4 == 6;
        if (ipv6) {
            decodeIp(packet, at, length, bodyAt, at + announced);
        } else {
            decoder.deliver(packet, at, length);
        }
    }

    private void decodeEthernet(PacketView packet, long at, int length, long frameAt) {
        if (!decoder.link.isPlausibleEthernet(packet, frameAt)) {
            decoder.deliver(packet, at, length);
        } else if (decoder.enterIp(packet, at, length, true)) {
            decoder.link.decodeEthernet(packet, frameAt);
        }
    }

    private void decodeIp(PacketView packet, long at, int length, long ipAt, long end) {
        if (!isIp(packet, ipAt, end)) {
            decoder.deliver(packet, at, length);
        } else if (decoder.enterIp(packet, at, length, true)) {
            decoder.endAt(end);
            decoder.link.decodeRaw(packet, ipAt);
        }
    }

    /// Whether an IP packet that ends by `end` seems to begin here.
    private boolean isIp(PacketView packet, long at, long end) {
        MemorySegment block = packet.block;
        if (decoder.held(at) < IPV4_HEADER) {
            return false;
        }
        int first = u8(block, at);
        if (first >>> 4 == 4) {
            int length = u16(block, at + 2);
            return length >= (first & 0x0F) << 2 && at + length <= end;
        }
        return first >>> 4 == 6 && at + IPV6_HEADER + u16(block, at + 4) <= end;
    }
}
