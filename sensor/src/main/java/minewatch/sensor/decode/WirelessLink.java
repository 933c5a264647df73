package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.i32;
import static minewatch.sensor.decode.BigEndian.u8;

import java.lang.foreign.MemorySegment;

/// IEEE 802.11 data frames that are not encrypted, with the headers that captures put before them.
/// All their fields are little-endian.
///
/// Source: IEEE 802.11-2020 §9.2 and §9.3.2, radiotap.org, CACE PPI 1.0.
final class WirelessLink {
    private static final int RADIOTAP_HEADER = 8; // bytes, at least
    private static final int RADIOTAP_TIME = 1; // present: the field before the flags
    private static final int RADIOTAP_FLAGS = 2;
    private static final int RADIOTAP_MORE = 1 << 31;
    private static final int MAX_PRESENT_WORDS = 8;
    private static final int FLAG_PADDED = 0x20; // the frame's header, to 4 bytes
    private static final int PPI_HEADER = 8;

    private static final int HEADER = 24;
    private static final int FOURTH_ADDRESS = 6;
    private static final int QOS_CONTROL = 2;
    private static final int HIGH_THROUGHPUT_CONTROL = 4;
    private static final int DATA = 0x08; // version 0, type 2, in the first byte
    private static final int TYPE_AND_VERSION = 0x0F;
    private static final int NO_DATA = 0x40; // of the subtype
    private static final int QOS = 0x80;
    private static final int BOTH_DISTRIBUTION_SYSTEMS = 0x03; // in the second
    private static final int ENCRYPTED = 0x40;
    private static final int ORDER = 0x80;
    private static final int AGGREGATE = 0x80; // in the QoS control field
    private static final int FRAGMENT_NUMBER = 0x0F;

    private static final int SNAP_HEADER = 8;

    private final Decoder decoder;

    WirelessLink(Decoder decoder) {
        this.decoder = decoder;
    }

    void decode(PacketView packet, long at) {
        decode(packet, at, false);
    }

    void decodeRadiotap(PacketView packet, long at) {
        MemorySegment block = packet.block;
        int held = decoder.held(at);
        int headerLength = held < RADIOTAP_HEADER ? RADIOTAP_HEADER : little16(block, at + 2);
        if (held < headerLength || headerLength < RADIOTAP_HEADER) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        int flags = radiotapFlags(block, at, headerLength);
        decode(packet, at + headerLength, (flags & FLAG_PADDED) != 0);
    }

    /// @return the flags field, 0 where there is none
    private static int radiotapFlags(MemorySegment block, long at, int headerLength) {
        int present = Integer.reverseBytes(i32(block, at + 4));
        int field = RADIOTAP_HEADER;
        int more = present;
        for (int words = 1; (more & RADIOTAP_MORE) != 0; words++) {
            if (words == MAX_PRESENT_WORDS || field + 4 > headerLength) {
                return 0;
            }
            more = Integer.reverseBytes(i32(block, at + field));
            field += 4;
        }
        if ((present & RADIOTAP_TIME) != 0) {
            field = (field + 7 & ~7) + 8;
        }
        boolean there = (present & RADIOTAP_FLAGS) != 0 && field < headerLength;
        return there ? u8(block, at + field) : 0;
    }

    /// Names the link type of what follows.
    void decodePpi(PacketView packet, long at) {
        MemorySegment block = packet.block;
        int held = decoder.held(at);
        int headerLength = held < PPI_HEADER ? PPI_HEADER : little16(block, at + 2);
        if (held < headerLength || headerLength < PPI_HEADER) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        int linkType = Integer.reverseBytes(i32(block, at + 4));
        if (linkType == LinkType.PPI) {
            decoder.reject(packet, DecodeAnomaly.LINK_UNSUPPORTED);
            return;
        }
        decoder.link.decode(packet, at + headerLength, linkType);
    }

    private void decode(PacketView packet, long at, boolean padded) {
        MemorySegment block = packet.block;
        if (decoder.held(at) < 2) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        int kind = u8(block, at);
        int flags = u8(block, at + 1);
        if ((kind & TYPE_AND_VERSION) != DATA || (kind & NO_DATA) != 0) {
            decoder.reject(packet, NonIpFrame.WIFI);
        } else if ((flags & ENCRYPTED) != 0) {
            decoder.reject(packet, NonIpFrame.WIFI_ENCRYPTED);
        } else {
            decodeData(packet, at, headerLength(kind, flags), padded);
        }
    }

    private static int headerLength(int kind, int flags) {
        int length = HEADER;
        if ((flags & BOTH_DISTRIBUTION_SYSTEMS) == BOTH_DISTRIBUTION_SYSTEMS) {
            length += FOURTH_ADDRESS;
        }
        if ((kind & QOS) != 0) {
            length += QOS_CONTROL + ((flags & ORDER) != 0 ? HIGH_THROUGHPUT_CONTROL : 0);
        }
        return length;
    }

    private void decodeData(PacketView packet, long at, int headerLength, boolean padded) {
        MemorySegment block = packet.block;
        long bodyAt = at + (padded ? headerLength + 3 & ~3 : headerLength);
        if (decoder.held(bodyAt) < SNAP_HEADER) {
            decoder.reject(packet, DecodeAnomaly.LINK_TRUNCATED);
            return;
        }
        if ((u8(block, at + HEADER - 2) & FRAGMENT_NUMBER) != 0) {
            decoder.reject(packet, NonIpFrame.WIFI);
        } else if (isAggregate(block, at)) {
            decoder.reject(packet, NonIpFrame.WIFI_AGGREGATE);
        } else {
            decoder.link.decodeLlc(packet, bodyAt);
        }
    }

    private static boolean isAggregate(MemorySegment block, long at) {
        if ((u8(block, at) & QOS) == 0) {
            return false;
        }
        boolean four = (u8(block, at + 1) & BOTH_DISTRIBUTION_SYSTEMS) == BOTH_DISTRIBUTION_SYSTEMS;
        return (u8(block, at + HEADER + (four ? FOURTH_ADDRESS : 0)) & AGGREGATE) != 0;
    }

    private static int little16(MemorySegment block, long at) {
        return u8(block, at) | u8(block, at + 1) << 8;
    }
}
