package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.i32;
import static minewatch.sensor.decode.BigEndian.i64;
import static minewatch.sensor.decode.BigEndian.u16;
import static minewatch.sensor.decode.BigEndian.u8;

import java.lang.foreign.MemorySegment;

/// IPv4 and IPv6, their extension and authentication headers, and fragments.
///
/// Fragments are not put together. A later one whose first one was seen gets its ports from there,
/// and as a piece of a TCP segment also its place in the stream, so that whoever orders segments
/// orders these. What lies behind the header of any other later fragment is not looked at.
///
/// Source: RFC 791 §3.1, RFC 8200 §3 and §4, RFC 4302 §2, RFC 1858, RFC 3128.
final class IpLayer {
    private static final int IPV4_HEADER = 20; // bytes
    private static final int IPV6_HEADER = 40;

    private static final long IPV4_MAPPED = 0xFFFF_0000_0000L; // RFC 4291 §2.5.5.2
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final int FRAGMENT_OFFSET = 0x1FFF; // in the IPv4 flags field, 8 bytes each
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int IPV6_FRAGMENT_OFFSET = 0xFFF8; // in bytes as it stands

    private static final int HOP_BY_HOP = 0; // IPv6 extension headers, IANA protocol numbers
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    private static final long NOT_FRAGMENTED = -1;

    private final Decoder decoder;
    private final TransportLayer transport;
    private final FragmentTable fragments = new FragmentTable();
    private long firstFragments;
    private long laterFragments;
    private long unmatchedFragments;

    IpLayer(Decoder decoder, TransportLayer transport) {
        this.decoder = decoder;
        this.transport = transport;
    }

    long firstFragments() {
        return firstFragments;
    }

    long laterFragments() {
        return laterFragments;
    }

    long unmatchedFragments() {
        return unmatchedFragments;
    }

    void decodeIpv4(PacketView packet, long at) {
        int held = decoder.held(at);
        if (held < IPV4_HEADER) {
            decoder.reject(packet, DecodeAnomaly.IPV4_TRUNCATED);
            return;
        }
        long first = i64(packet.block, at); // version to fragment offset
        int headerLength = (int) (first >>> 56 & 0x0F) << 2;
        int totalLength = (int) (first >>> 32) & 0xFFFF;
        if (first >>> 60 != 4) {
            decoder.reject(packet, DecodeAnomaly.IPV4_BAD_VERSION);
        } else if (headerLength < IPV4_HEADER) {
            decoder.reject(packet, DecodeAnomaly.IPV4_BAD_HEADER_LENGTH);
        } else if (totalLength < headerLength && totalLength != 0) {
            decoder.reject(packet, DecodeAnomaly.IPV4_BAD_TOTAL_LENGTH);
        } else if (held < headerLength) {
            decoder.reject(packet, DecodeAnomaly.IPV4_TRUNCATED);
        } else {
            int onWire = decoder.onWire(at);
            int length = totalLength == 0 ? onWire : Math.min(totalLength, onWire);
            decodeIpv4Body(packet, at, (int) first, headerLength, length);
        }
    }

    /// @param fragment identification, flags and fragment offset
    private void decodeIpv4Body(
            PacketView packet, long at, int fragment, int headerLength, int length) {
        MemorySegment block = packet.block;
        long second = i64(block, at + 8); // time to live to source
        packet.ipVersion = 4;
        packet.ipLength = length;
        packet.sourceHigh = 0;
        packet.sourceLow = IPV4_MAPPED | (second & LOW_32);
        packet.destinationHigh = 0;
        packet.destinationLow = IPV4_MAPPED | (i32(block, at + 16) & LOW_32);
        int protocol = (int) (second >>> 48) & 0xFF;
        if ((fragment & (FRAGMENT_OFFSET | MORE_FRAGMENTS)) != 0) {
            decodeIpv4Fragment(
                    packet, protocol, fragment, at + headerLength, length - headerLength);
        } else if (protocol == AUTHENTICATION) {
            decodeAuthentication(packet, at + headerLength, length - headerLength, NOT_FRAGMENTED);
        } else {
            transport.decode(packet, protocol, at + headerLength, length - headerLength);
        }
    }

    private void decodeIpv4Fragment(
            PacketView packet, int protocol, int fragment, long bodyAt, int length) {
        int offset = (fragment & FRAGMENT_OFFSET) << 3;
        fragments.select(packet, protocol << 16 | fragment >>> 16);
        if (offset != 0) {
            decodeLater(packet, protocol, offset, bodyAt, length);
            return;
        }
        firstFragments++;
        if (protocol == AUTHENTICATION) {
            decodeAuthentication(packet, bodyAt, length, bodyAt);
        } else {
            decodeFirst(packet, protocol, bodyAt, bodyAt, length);
        }
    }

    /// @param fragmentAt where the fragment's content begins, or [#NOT_FRAGMENTED]
    private void decodeAuthentication(PacketView packet, long at, int length, long fragmentAt) {
        int held = Math.min(decoder.held(at), length);
        int headerLength = held < 8 ? 8 : authenticationLength(packet.block, at);
        if (held < headerLength) {
            decoder.reject(packet, DecodeAnomaly.AH_TRUNCATED);
            return;
        }
        int protocol = u8(packet.block, at);
        decodeContent(packet, protocol, at + headerLength, length - headerLength, fragmentAt);
    }

    void decodeIpv6(PacketView packet, long at) {
        MemorySegment block = packet.block;
        int held = decoder.held(at);
        if (held < IPV6_HEADER) {
            decoder.reject(packet, DecodeAnomaly.IPV6_TRUNCATED);
            return;
        }
        long first = i64(block, at); // version to hop limit
        if (first >>> 60 != 6) {
            decoder.reject(packet, DecodeAnomaly.IPV6_BAD_VERSION);
            return;
        }
        packet.ipVersion = 6;
        packet.sourceHigh = i64(block, at + 8);
        packet.sourceLow = i64(block, at + 16);
        packet.destinationHigh = i64(block, at + 24);
        packet.destinationLow = i64(block, at + 32);
        int protocol = (int) (first >>> 8) & 0xFF;
        int announced = (int) (first >>> 16) & 0xFFFF;
        int onWire = decoder.onWire(at + IPV6_HEADER);
        // 0: a jumbogram (RFC 2675), or segmentation offload has yet to fill it in
        int length = announced == 0 ? onWire : Math.min(announced, onWire);
        packet.ipLength = IPV6_HEADER + length;
        if (isExtension(protocol)) {
            decodeExtensions(packet, protocol, at + IPV6_HEADER, length);
        } else {
            transport.decode(packet, protocol, at + IPV6_HEADER, length);
        }
    }

    private void decodeExtensions(PacketView packet, int first, long from, int bodyLength) {
        MemorySegment block = packet.block;
        int protocol = first;
        long at = from;
        int length = bodyLength;
        long fragmentAt = NOT_FRAGMENTED;
        for (int headers = 0; isExtension(protocol); headers++) {
            if (headers == Decoder.MAX_EXTENSION_HEADERS) {
                decoder.reject(packet, DecodeAnomaly.IPV6_TOO_MANY_EXTENSIONS);
                return;
            }
            int held = Math.min(decoder.held(at), length);
            int headerLength = held < 8 ? 8 : extensionLength(block, protocol, at);
            if (held < headerLength) {
                decoder.reject(packet, DecodeAnomaly.IPV6_EXTENSION_TRUNCATED);
                return;
            }
            int following = u8(block, at);
            if (protocol == FRAGMENT) {
                int offset = u16(block, at + 2) & IPV6_FRAGMENT_OFFSET;
                fragments.select(packet, i32(block, at + 4));
                if (offset != 0) {
                    decodeLater(
                            packet, following, offset, at + headerLength, length - headerLength);
                    return;
                }
                if ((u16(block, at + 2) & 1) != 0) { // else it is whole (RFC 6946)
                    firstFragments++;
                    fragmentAt = at + headerLength;
                }
            }
            protocol = following;
            at += headerLength;
            length -= headerLength;
        }
        decodeContent(packet, protocol, at, length, fragmentAt);
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
            case AUTHENTICATION -> authenticationLength(block, at);
            default -> (u8(block, at + 1) + 1) << 3; // RFC 8200 §4.3
        };
    }

    private static int authenticationLength(MemorySegment block, long at) {
        return (u8(block, at + 1) + 2) << 2; // RFC 4302 §2.2
    }

    private void decodeContent(
            PacketView packet, int protocol, long at, int length, long fragmentAt) {
        if (fragmentAt == NOT_FRAGMENTED) {
            transport.decode(packet, protocol, at, length);
        } else {
            decodeFirst(packet, protocol, fragmentAt, at, length);
        }
    }

    /// @param fragmentAt where the fragment's content begins: at the transport header, or before it
    ///   at further headers
    private void decodeFirst(
            PacketView packet, int protocol, long fragmentAt, long at, int length) {
        int headerLength = transport.headerLength(packet, protocol, at, length);
        if (headerLength > length) {
            decoder.reject(packet, DecodeAnomaly.FRAGMENT_TOO_SHORT);
            return;
        }
        if (headerLength > 0 && transport.isHeaderHeld(protocol, at)) {
            fragments.remember(packet, protocol, at, (int) (at - fragmentAt) + headerLength);
        }
        transport.decode(packet, protocol, at, length);
    }

    /// @param offset of its content in the whole datagram's, bytes
    private void decodeLater(PacketView packet, int protocol, int offset, long at, int length) {
        int first = fragments.find(packet.timestampNanos);
        boolean tcp = (first < 0 ? protocol : fragments.protocol(first)) == PacketView.PROTOCOL_TCP;
        int headerEnd = first < 0 ? TransportLayer.TCP_HEADER : fragments.headerLength(first);
        if (tcp && offset < headerEnd) {
            decoder.reject(packet, DecodeAnomaly.FRAGMENT_OVERLAPS_HEADER);
            return;
        }
        laterFragments++;
        packet.laterFragment = true;
        packet.clearTransport();
        if (first < 0) {
            unmatchedFragments++;
            packet.protocol = protocol;
            decoder.deliver(packet, at, 0);
            return;
        }
        packet.protocol = fragments.protocol(first);
        packet.sourcePort = fragments.sourcePort(first);
        packet.destinationPort = fragments.destinationPort(first);
        if (tcp) {
            packet.tcpSequence = fragments.payloadSequence(first) + offset - headerEnd;
        }
        decoder.deliver(packet, at, tcp ? length : 0);
    }
}
