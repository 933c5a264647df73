package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.i32;
import static minewatch.sensor.decode.BigEndian.i64;
import static minewatch.sensor.decode.BigEndian.u16;
import static minewatch.sensor.decode.BigEndian.u8;

import java.lang.foreign.MemorySegment;

/// Where a frame begins: the link types of captures, Ethernet, VLAN tags, LLC with SNAP.
///
/// Source: draft-ietf-opsawg-pcaplinktype, IEEE 802.3 §3.2.6, IEEE 802.1Q-2022 §9, RFC 1042.
final class LinkLayer {
    private static final int ETHERNET_HEADER = 14; // bytes
    private static final int BACKBONE_TAG = 4;
    private static final int SLL_HEADER = 16;
    private static final int SLL2_HEADER = 20;
    private static final int FAMILY_HEADER = 4;
    private static final int VLAN_TAG = 4;
    private static final int SNAP_HEADER = 8;
    private static final long SNAP = 0xAAAA_0300_0000L; // LLC, control, organisation of EtherTypes

    private final Decoder decoder;
    private final IpLayer ip;

    LinkLayer(Decoder decoder, IpLayer ip) {
        this.decoder = decoder;
        this.ip = ip;
    }

    void decode(PacketView packet, long at, int linkType) {
        if (linkType == LinkType.ETHERNET) {
            decodeEthernet(packet, at);
        } else {
            decodeOther(packet, at, linkType);
        }
    }

    private void decodeOther(PacketView packet, long at, int linkType) {
        switch (linkType) {
            case LinkType.LINUX_SLL -> decodeTyped(packet, at, SLL_HEADER, SLL_HEADER - 2);
            case LinkType.LINUX_SLL2 -> decodeTyped(packet, at, SLL2_HEADER, 0);
            case LinkType.RAW, LinkType.RAW_BSD, LinkType.RAW_OPENBSD -> decodeRaw(packet, at);
            case LinkType.IPV4 -> ip.decodeIpv4(packet, at);
            case LinkType.IPV6 -> ip.decodeIpv6(packet, at);
            case LinkType.NULL, LinkType.LOOP -> decodeFamily(packet, at);
            case LinkType.PPP -> decoder.ppp.decode(packet, at);
            case LinkType.PPP_HDLC -> decoder.ppp.decodeHdlc(packet, at);
            case LinkType.CISCO_HDLC -> decoder.ppp.decodeCisco(packet, at);
            case LinkType.WIFI -> decoder.wireless.decode(packet, at);
            case LinkType.WIFI_RADIOTAP -> decoder.wireless.decodeRadiotap(packet, at);
            case LinkType.PPI -> decoder.wireless.decodePpi(packet, at);
            default -> decoder.reject(packet, DecodeAnomaly.LINK_UNSUPPORTED);
        }
    }

    void decodeEthernet(PacketView packet, long at) {
        if (decoder.held(at) < ETHERNET_HEADER) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        int etherType = u16(packet.block, at + ETHERNET_HEADER - 2);
        if (etherType == EtherType.IPV4) {
            ip.decodeIpv4(packet, at + ETHERNET_HEADER);
        } else {
            decodeEtherType(packet, etherType, at + ETHERNET_HEADER);
        }
    }

    void decodeEtherType(PacketView packet, int etherType, long at) {
        switch (etherType) {
            case EtherType.IPV4 -> ip.decodeIpv4(packet, at);
            case EtherType.IPV6 -> ip.decodeIpv6(packet, at);
            case EtherType.VLAN, EtherType.QINQ, EtherType.QINQ_OLD -> decodeVlan(packet, at);
            default -> decodeRarer(packet, etherType, at);
        }
    }

    private void decodeRarer(PacketView packet, int etherType, long at) {
        switch (etherType) {
            case EtherType.MPLS, EtherType.MPLS_MULTICAST -> decoder.mpls.decode(packet, at);
            case EtherType.PPPOE_SESSION -> decoder.ppp.decodePppoe(packet, at);
            case EtherType.BACKBONE -> decodeBackbone(packet, at);
            default -> {
                if (etherType < EtherType.SMALLEST) {
                    decoder.endAt(at + etherType); // it is a length
                    decodeLlc(packet, at);
                } else {
                    decoder.reject(packet, NonIpFrame.ofEtherType(etherType));
                }
            }
        }
    }

    /// LLC, which names an EtherType only with SNAP after it.
    void decodeLlc(PacketView packet, long at) {
        if (decoder.held(at) < SNAP_HEADER || i64(packet.block, at) >>> 16 != SNAP) {
            decoder.reject(packet, NonIpFrame.LLC);
            return;
        }
        int etherType = u16(packet.block, at + SNAP_HEADER - 2);
        if (etherType < EtherType.SMALLEST) {
            decoder.reject(packet, NonIpFrame.LLC);
        } else {
            decodeEtherType(packet, etherType, at + SNAP_HEADER);
        }
    }

    /// Whether an Ethernet frame that carries IP seems to begin here, be it behind VLAN tags: for
    /// places where it might as well be something else.
    boolean isPlausibleEthernet(PacketView packet, long at) {
        MemorySegment block = packet.block;
        long typeAt = at + ETHERNET_HEADER - 2;
        for (int tags = 0; tags <= Decoder.MAX_VLAN_TAGS; tags++) {
            if (decoder.held(typeAt) < 2 + 1) {
                return false;
            }
            int etherType = u16(block, typeAt);
            if (!EtherType.isVlanTag(etherType)) {
                int first = u8(block, typeAt + 2);
                return switch (etherType) {
                    case EtherType.IPV4 -> first >>> 4 == 4;
                    case EtherType.IPV6 -> first >>> 4 == 6;
                    case EtherType.PPPOE_SESSION -> first == PppLink.PPPOE_FIRST;
                    case EtherType.MPLS -> true;
                    default -> false;
                };
            }
            typeAt += VLAN_TAG;
        }
        return false;
    }

    /// IP told by its version alone.
    void decodeRaw(PacketView packet, long at) {
        if (decoder.held(at) < 1) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        switch (u8(packet.block, at) >>> 4) {
            case 4 -> ip.decodeIpv4(packet, at);
            case 6 -> ip.decodeIpv6(packet, at);
            default -> decoder.reject(packet, DecodeAnomaly.IP_BAD_VERSION);
        }
    }

    private void decodeTyped(PacketView packet, long at, int headerLength, int typeAt) {
        if (decoder.held(at) < headerLength) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        decodeEtherType(packet, u16(packet.block, at + typeAt), at + headerLength);
    }

    /// @param first where the tag control information of the outermost tag is
    private void decodeVlan(PacketView packet, long first) {
        MemorySegment block = packet.block;
        long at = first;
        for (int tags = 0; tags < Decoder.MAX_VLAN_TAGS; tags++) {
            if (decoder.held(at) < VLAN_TAG) {
                decoder.reject(packet, DecodeAnomaly.VLAN_TRUNCATED);
                return;
            }
            if (packet.vlan == PacketView.NO_VLAN) {
                packet.vlan = u16(block, at) & 0x0FFF;
            }
            int etherType = u16(block, at + 2);
            at += VLAN_TAG;
            if (!EtherType.isVlanTag(etherType)) {
                decodeEtherType(packet, etherType, at);
                return;
            }
        }
        decoder.reject(packet, DecodeAnomaly.VLAN_TOO_DEEP);
    }

    /// A whole frame of a customer, in a provider's.
    private void decodeBackbone(PacketView packet, long at) {
        if (decoder.enterEthernet(packet)) {
            decodeEthernet(packet, at + BACKBONE_TAG);
        }
    }

    /// BSD loopback: the address family in the byte order of the machine that captured, of which
    /// AF_INET is 2 everywhere and AF_INET6 differs.
    private void decodeFamily(PacketView packet, long at) {
        if (decoder.held(at) < FAMILY_HEADER) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        int family = i32(packet.block, at);
        switch ((family & 0xFFFF) != 0 ? family : Integer.reverseBytes(family)) {
            case 2 -> ip.decodeIpv4(packet, at + FAMILY_HEADER);
            case 10, 24, 28, 30 -> ip.decodeIpv6(packet, at + FAMILY_HEADER);
            default -> decoder.reject(packet, NonIpFrame.OTHER);
        }
    }
}
