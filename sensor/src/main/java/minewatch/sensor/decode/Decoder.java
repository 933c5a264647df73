package minewatch.sensor.decode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import minewatch.sensor.capture.FrameHandler;

/// Finds the IP packet in a frame and its transport header, in place: link layer, VLAN tags, IP,
/// TCP or UDP. Every frame ends as one packet, one [DecodeAnomaly] or one [NonIpFrame].
///
/// Lengths come from the headers, so Ethernet padding is never payload. Where a header announces
/// more than the frame had on the wire, the wire's length holds; where the capture was cut short,
/// the view says both what is held and what there was.
///
/// Throws on no input and allocates nothing.
public final class Decoder implements FrameHandler {
    /// Packets handed on before [PacketHandler#onBatchEnd()].
    public static final int BATCH = 64;

    public static final int MAX_VLAN_TAGS = 4;
    public static final int MAX_EXTENSION_HEADERS = 8;

    private static final ValueLayout.OfShort BE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int ETHERNET_HEADER = 14; // bytes
    private static final int SLL_HEADER = 16;
    private static final int SLL2_HEADER = 20;
    private static final int FAMILY_HEADER = 4;
    private static final int VLAN_TAG = 4;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;

    private static final long IPV4_MAPPED = 0xFFFF_0000_0000L; // RFC 4291 §2.5.5.2
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final int FRAGMENT_OFFSET = 0x1FFF; // in the IPv4 flags field
    private static final int MORE_FRAGMENTS = 0x2000;

    private static final int HOP_BY_HOP = 0; // IPv6 extension headers, IANA protocol numbers
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    private static final int PPP_IPV4 = 0x0021; // RFC 1332
    private static final int PPP_IPV6 = 0x0057; // RFC 5072
    private static final int PPP_ALL_STATIONS = 0xFF; // RFC 1662 §3.1
    private static final int CISCO_UNICAST = 0x0F;
    private static final int CISCO_MULTICAST = 0x8F;

    private final PacketHandler next;
    private final PacketView[] views = new PacketView[BATCH];
    private final Counts<DecodeAnomaly> anomalies = new Counts<>(DecodeAnomaly.class);
    private final Counts<NonIpFrame> nonIpFrames = new Counts<>(NonIpFrame.class);
    private PacketView view;
    private int batched;
    private long frames;
    private long packets;
    private long firstFragments;
    private long laterFragments;

    public Decoder(PacketHandler next) {
        this.next = next;
        for (int i = 0; i < BATCH; i++) {
            views[i] = new PacketView();
        }
        view = views[0];
    }

    @Override
    public void onFrame(
            MemorySegment block,
            long offset,
            int capturedLength,
            int wireLength,
            long timestampNanos,
            int linkType) {
        frames++;
        PacketView packet = view;
        packet.block = block;
        packet.frameOffset = offset;
        packet.capturedLength = capturedLength;
        packet.wireLength = wireLength;
        packet.timestampNanos = timestampNanos;
        packet.vlan = PacketView.NO_VLAN;
        decodeLink(packet, linkType);
    }

    @Override
    public void onBatchEnd() {
        endBatch();
    }

    /// Frames seen: the sum of [#packets()], all [#anomalies(DecodeAnomaly)] and all
    /// [#nonIpFrames(NonIpFrame)].
    public long frames() {
        return frames;
    }

    /// Views handed on.
    public long packets() {
        return packets;
    }

    public long anomalies(DecodeAnomaly kind) {
        return anomalies.get(kind);
    }

    public long nonIpFrames(NonIpFrame kind) {
        return nonIpFrames.get(kind);
    }

    /// Packets that were the first fragment of a longer one; decoded as far as they go.
    public long firstFragments() {
        return firstFragments;
    }

    /// Packets without a transport header, since they were another fragment than the first.
    public long laterFragments() {
        return laterFragments;
    }

    private void decodeLink(PacketView packet, int linkType) {
        long start = packet.frameOffset;
        switch (linkType) {
            case LinkType.ETHERNET -> decodeEthernet(packet);
            case LinkType.LINUX_SLL -> decodeTyped(packet, SLL_HEADER, start + SLL_HEADER - 2);
            case LinkType.LINUX_SLL2 -> decodeTyped(packet, SLL2_HEADER, start);
            case LinkType.RAW, LinkType.RAW_BSD, LinkType.RAW_OPENBSD -> decodeRaw(packet);
            case LinkType.IPV4 -> decodeIpv4(packet, start);
            case LinkType.IPV6 -> decodeIpv6(packet, start);
            case LinkType.NULL, LinkType.LOOP -> decodeFamily(packet);
            case LinkType.PPP -> decodePpp(packet);
            case LinkType.PPP_HDLC -> decodePppHdlc(packet);
            default -> count(DecodeAnomaly.LINK_UNSUPPORTED);
        }
    }

    private void decodeEthernet(PacketView packet) {
        if (packet.capturedLength < ETHERNET_HEADER) {
            count(DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        long start = packet.frameOffset;
        int etherType = u16(packet.block, start + ETHERNET_HEADER - 2);
        if (etherType == EtherType.IPV4) {
            decodeIpv4(packet, start + ETHERNET_HEADER);
        } else {
            decodeEtherType(packet, etherType, start + ETHERNET_HEADER);
        }
    }

    private void decodeTyped(PacketView packet, int headerLength, long typeAt) {
        if (packet.capturedLength < headerLength) {
            count(DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        decodeEtherType(packet, u16(packet.block, typeAt), packet.frameOffset + headerLength);
    }

    private void decodeEtherType(PacketView packet, int etherType, long at) {
        switch (etherType) {
            case EtherType.IPV4 -> decodeIpv4(packet, at);
            case EtherType.IPV6 -> decodeIpv6(packet, at);
            case EtherType.VLAN, EtherType.QINQ, EtherType.QINQ_OLD -> decodeVlan(packet, at);
            default -> count(NonIpFrame.ofEtherType(etherType));
        }
    }

    /// @param first where the tag control information of the outermost tag is
    private void decodeVlan(PacketView packet, long first) {
        MemorySegment block = packet.block;
        long at = first;
        for (int tags = 0; tags < MAX_VLAN_TAGS; tags++) {
            if (held(packet, at) < VLAN_TAG) {
                count(DecodeAnomaly.VLAN_TRUNCATED);
                return;
            }
            if (tags == 0) {
                packet.vlan = u16(block, at) & 0x0FFF;
            }
            int etherType = u16(block, at + 2);
            at += VLAN_TAG;
            if (!EtherType.isVlanTag(etherType)) {
                decodeEtherType(packet, etherType, at);
                return;
            }
        }
        count(DecodeAnomaly.VLAN_TOO_DEEP);
    }

    private void decodeRaw(PacketView packet) {
        if (packet.capturedLength == 0) {
            count(DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        switch (u8(packet.block, packet.frameOffset) >>> 4) {
            case 4 -> decodeIpv4(packet, packet.frameOffset);
            case 6 -> decodeIpv6(packet, packet.frameOffset);
            default -> count(DecodeAnomaly.IP_BAD_VERSION);
        }
    }

    /// BSD loopback: the address family in the byte order of the machine that captured, of which
    /// AF_INET is 2 everywhere and AF_INET6 differs.
    private void decodeFamily(PacketView packet) {
        if (packet.capturedLength < FAMILY_HEADER) {
            count(DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        long at = packet.frameOffset + FAMILY_HEADER;
        int family = packet.block.get(BE32, packet.frameOffset);
        switch ((family & 0xFFFF) != 0 ? family : Integer.reverseBytes(family)) {
            case 2 -> decodeIpv4(packet, at);
            case 10, 24, 28, 30 -> decodeIpv6(packet, at);
            default -> count(NonIpFrame.OTHER);
        }
    }

    /// The address and control bytes may be left out, and so may the protocol's leading zero (RFC
    /// 1661 §6.5 and §6.6).
    private void decodePpp(PacketView packet) {
        MemorySegment block = packet.block;
        long at = packet.frameOffset;
        if (held(packet, at) >= 2 && u16(block, at) == (PPP_ALL_STATIONS << 8 | 0x03)) {
            at += 2;
        }
        if (held(packet, at) < 2) {
            count(DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        boolean oneByte = (u8(block, at) & 1) != 0;
        int protocol = oneByte ? u8(block, at) : u16(block, at);
        at += oneByte ? 1 : 2;
        switch (protocol) {
            case PPP_IPV4 -> decodeIpv4(packet, at);
            case PPP_IPV6 -> decodeIpv6(packet, at);
            default -> count(protocol >= 0x8000 ? NonIpFrame.PPP_CONTROL : NonIpFrame.OTHER);
        }
    }

    private void decodePppHdlc(PacketView packet) {
        if (packet.capturedLength < FAMILY_HEADER) {
            count(DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        long start = packet.frameOffset;
        int address = u8(packet.block, start);
        if (address == CISCO_UNICAST || address == CISCO_MULTICAST) {
            decodeEtherType(packet, u16(packet.block, start + 2), start + FAMILY_HEADER);
        } else {
            decodePpp(packet);
        }
    }

    private void decodeIpv4(PacketView packet, long at) {
        MemorySegment block = packet.block;
        int held = held(packet, at);
        if (held < IPV4_HEADER) {
            count(DecodeAnomaly.IPV4_TRUNCATED);
            return;
        }
        int versionAndLength = u8(block, at);
        int headerLength = (versionAndLength & 0x0F) << 2;
        int totalLength = u16(block, at + 2);
        if (versionAndLength >>> 4 != 4) {
            count(DecodeAnomaly.IPV4_BAD_VERSION);
        } else if (headerLength < IPV4_HEADER) {
            count(DecodeAnomaly.IPV4_BAD_HEADER_LENGTH);
        } else if (totalLength < headerLength && totalLength != 0) {
            count(DecodeAnomaly.IPV4_BAD_TOTAL_LENGTH);
        } else if (held < headerLength) {
            count(DecodeAnomaly.IPV4_TRUNCATED);
        } else {
            int onWire = onWire(packet, at);
            int length = totalLength == 0 ? onWire : Math.min(totalLength, onWire);
            decodeIpv4Body(packet, at, headerLength, length);
        }
    }

    private void decodeIpv4Body(PacketView packet, long at, int headerLength, int length) {
        MemorySegment block = packet.block;
        packet.ipVersion = 4;
        packet.ipLength = length;
        packet.sourceHigh = 0;
        packet.sourceLow = IPV4_MAPPED | (block.get(BE32, at + 12) & LOW_32);
        packet.destinationHigh = 0;
        packet.destinationLow = IPV4_MAPPED | (block.get(BE32, at + 16) & LOW_32);
        int fragment = u16(block, at + 6);
        int protocol = u8(block, at + 9);
        long bodyAt = at + headerLength;
        int bodyLength = length - headerLength;
        if ((fragment & FRAGMENT_OFFSET) != 0) {
            deliverLaterFragment(packet, protocol, bodyAt);
            return;
        }
        if ((fragment & MORE_FRAGMENTS) != 0) {
            firstFragments++;
        }
        if (protocol == AUTHENTICATION) {
            decodeIpv4Authentication(packet, bodyAt, bodyLength);
        } else {
            decodeTransport(packet, protocol, bodyAt, bodyLength);
        }
    }

    private void decodeIpv4Authentication(PacketView packet, long at, int length) {
        int held = Math.min(held(packet, at), length);
        int headerLength = held < 8 ? 8 : (u8(packet.block, at + 1) + 2) << 2;
        if (held < headerLength) {
            count(DecodeAnomaly.AH_TRUNCATED);
            return;
        }
        int protocol = u8(packet.block, at);
        decodeTransport(packet, protocol, at + headerLength, length - headerLength);
    }

    private void decodeIpv6(PacketView packet, long at) {
        MemorySegment block = packet.block;
        int held = held(packet, at);
        if (held < IPV6_HEADER) {
            count(DecodeAnomaly.IPV6_TRUNCATED);
            return;
        }
        if (u8(block, at) >>> 4 != 6) {
            count(DecodeAnomaly.IPV6_BAD_VERSION);
            return;
        }
        packet.ipVersion = 6;
        packet.sourceHigh = block.get(BE64, at + 8);
        packet.sourceLow = block.get(BE64, at + 16);
        packet.destinationHigh = block.get(BE64, at + 24);
        packet.destinationLow = block.get(BE64, at + 32);
        int protocol = u8(block, at + 6);
        int announced = u16(block, at + 4);
        int onWire = onWire(packet, at + IPV6_HEADER);
        // 0: a jumbogram (RFC 2675), or segmentation offload has yet to fill it in
        int length = announced == 0 ? onWire : Math.min(announced, onWire);
        packet.ipLength = IPV6_HEADER + length;
        if (isExtension(protocol)) {
            decodeExtensions(packet, protocol, at + IPV6_HEADER, length);
        } else {
            decodeTransport(packet, protocol, at + IPV6_HEADER, length);
        }
    }

    private void decodeExtensions(PacketView packet, int first, long from, int bodyLength) {
        MemorySegment block = packet.block;
        int protocol = first;
        long at = from;
        int length = bodyLength;
        for (int headers = 0; isExtension(protocol); headers++) {
            if (headers == MAX_EXTENSION_HEADERS) {
                count(DecodeAnomaly.IPV6_TOO_MANY_EXTENSIONS);
                return;
            }
            int held = Math.min(held(packet, at), length);
            int headerLength = held < 8 ? 8 : extensionLength(block, protocol, at);
            if (held < headerLength) {
                count(DecodeAnomaly.IPV6_EXTENSION_TRUNCATED);
                return;
            }
            int following = u8(block, at);
            if (protocol == FRAGMENT) {
                int fragment = u16(block, at + 2);
                if ((fragment & 0xFFF8) != 0) {
                    deliverLaterFragment(packet, following, at + headerLength);
                    return;
                }
                firstFragments += fragment & 1;
            }
            protocol = following;
            at += headerLength;
            length -= headerLength;
        }
        decodeTransport(packet, protocol, at, length);
    }

    private static boolean isExtension(int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    private static int extensionLength(MemorySegment block, int protocol, long at) {
        return switch (protocol) {
            case FRAGMENT -> 8; // RFC 8200 §4.5
            case AUTHENTICATION -> (u8(block, at + 1) + 2) << 2; // RFC 4302 §2.2
            default -> (u8(block, at + 1) + 1) << 3; // RFC 8200 §4.3
        };
    }

    /// @param length of the transport header and its payload on the wire, bytes
    private void decodeTransport(PacketView packet, int protocol, long at, int length) {
        packet.protocol = protocol;
        packet.laterFragment = false;
        switch (protocol) {
            case PacketView.PROTOCOL_TCP -> decodeTcp(packet, at, length);
            case PacketView.PROTOCOL_UDP -> decodeUdp(packet, at, length);
            default -> {
                clearTransport(packet);
                deliver(packet, at, length);
            }
        }
    }

    private void decodeTcp(PacketView packet, long at, int length) {
        MemorySegment block = packet.block;
        if (Math.min(held(packet, at), length) < TCP_HEADER) {
            count(DecodeAnomaly.TCP_TRUNCATED);
            return;
        }
        int headerLength = (u8(block, at + 12) >>> 4) << 2;
        if (headerLength < TCP_HEADER || headerLength > length) {
            count(DecodeAnomaly.TCP_BAD_HEADER_LENGTH);
            return;
        }
        packet.sourcePort = u16(block, at);
        packet.destinationPort = u16(block, at + 2);
        packet.tcpSequence = block.get(BE32, at + 4);
        packet.tcpAcknowledgement = block.get(BE32, at + 8);
        packet.tcpFlags = u8(block, at + 13);
        deliver(packet, at + headerLength, length - headerLength);
    }

    private void decodeUdp(PacketView packet, long at, int length) {
        MemorySegment block = packet.block;
        if (Math.min(held(packet, at), length) < UDP_HEADER) {
            count(DecodeAnomaly.UDP_TRUNCATED);
            return;
        }
        int announced = u16(block, at + 4);
        if (announced < UDP_HEADER && announced != 0) {
            count(DecodeAnomaly.UDP_BAD_LENGTH);
            return;
        }
        clearTransport(packet);
        packet.sourcePort = u16(block, at);
        packet.destinationPort = u16(block, at + 2);
        // 0: a jumbogram (RFC 2675 §4), or segmentation offload has yet to fill it in
        int datagram = announced == 0 ? length : Math.min(announced, length);
        deliver(packet, at + UDP_HEADER, datagram - UDP_HEADER);
    }

    private void deliverLaterFragment(PacketView packet, int protocol, long at) {
        laterFragments++;
        packet.protocol = protocol;
        packet.laterFragment = true;
        clearTransport(packet);
        deliver(packet, at, 0);
    }

    private static void clearTransport(PacketView packet) {
        packet.sourcePort = 0;
        packet.destinationPort = 0;
        packet.tcpSequence = 0;
        packet.tcpAcknowledgement = 0;
        packet.tcpFlags = 0;
    }

    private void deliver(PacketView packet, long payloadAt, int payloadWireLength) {
        packet.payloadOffset = payloadAt;
        packet.payloadWireLength = payloadWireLength;
        packet.payloadLength = Math.max(0, Math.min(payloadWireLength, held(packet, payloadAt)));
        packets++;
        next.onPacket(packet);
        if (++batched == BATCH) {
            endBatch();
        } else {
            view = views[batched];
        }
    }

    private void endBatch() {
        batched = 0;
        view = views[0];
        next.onBatchEnd();
    }

    private void count(DecodeAnomaly kind) {
        anomalies.add(kind);
    }

    private void count(NonIpFrame kind) {
        nonIpFrames.add(kind);
    }

    /// Bytes captured from `at` on; below 0 where `at` lies past them.
    private static int held(PacketView packet, long at) {
        return (int) (packet.frameOffset + packet.capturedLength - at);
    }

    /// Octets the frame had on the wire from `at` on.
    private static int onWire(PacketView packet, long at) {
        return (int) (packet.frameOffset + packet.wireLength - at);
    }

    private static int u8(MemorySegment block, long at) {
        return block.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }

    private static int u16(MemorySegment block, long at) {
        return block.get(BE16, at) & 0xFFFF;
    }
}
