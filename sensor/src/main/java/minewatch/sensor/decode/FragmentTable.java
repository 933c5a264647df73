package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.i32;
import static minewatch.sensor.decode.BigEndian.u16;
import static minewatch.sensor.decode.BigEndian.u8;

/// What the first fragments of datagrams said that the later ones do not: ports, and for TCP where
/// the payload begins in the stream.
///
/// Holds the last [#ENTRIES] at most, in sets of a few, of which the oldest gives way; for 30 s of
/// packet time, beyond which an identification may mean another datagram (RFC 6864 §3). A flood of
/// fragments therefore costs other fragments their ports, and nothing else.
///
/// To use it, [#select] a datagram; then [#remember] its first fragment, or [#find] it.
final class FragmentTable {
    static final int ENTRIES = 4096;
    static final long MAX_AGE_NANOS = 30_000_000_000L;

    private static final int WAYS = 4; // entries in a set
    private static final int WORDS = 8; // of an entry: one cache line
    private static final int SOURCE_HIGH = 0;
    private static final int SOURCE_LOW = 1;
    private static final int DESTINATION_HIGH = 2;
    private static final int DESTINATION_LOW = 3;
    private static final int KEY = 4; // identification, IP version, VLAN
    private static final int TIME = 5;
    private static final int PORTS = 6; // source, destination, and the protocol above; 0 if empty
    private static final int STREAM =
            7; // sequence of the payload; below, bytes of headers before it

    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;
    private static final int SET_BITS = 10;

    private final long[] entries = new long[ENTRIES * WORDS];

    private long sourceHigh; // the datagram selected
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private long key;
    private int set;

    /// @param identification of the datagram, with its protocol where that distinguishes it (IPv4)
    void select(PacketView packet, int identification) {
        sourceHigh = packet.sourceHigh;
        sourceLow = packet.sourceLow;
        destinationHigh = packet.destinationHigh;
        destinationLow = packet.destinationLow;
        key =
                (identification & 0xFFFF_FFFFL)
                        | (long) packet.ipVersion << 32
                        | (long) (packet.vlan + 1) << 40;
        long hash = (sourceHigh ^ Long.rotateLeft(destinationHigh, 32)) * MIX;
        hash = (hash ^ sourceLow ^ Long.rotateLeft(destinationLow, 17)) * MIX;
        hash = (hash ^ hash >>> 32 ^ key) * MIX;
        set = (int) (hash >>> Long.SIZE - SET_BITS) * WAYS * WORDS;
    }

    /// @param at where the transport header starts
    /// @param headerLength bytes of the datagram before the transport payload
    void remember(PacketView packet, int protocol, long at, int headerLength) {
        int entry = place(packet.timestampNanos);
        entries[entry + SOURCE_HIGH] = sourceHigh;
        entries[entry + SOURCE_LOW] = sourceLow;
        entries[entry + DESTINATION_HIGH] = destinationHigh;
        entries[entry + DESTINATION_LOW] = destinationLow;
        entries[entry + KEY] = key;
        entries[entry + TIME] = packet.timestampNanos;
        entries[entry + PORTS] =
                (long) protocol << 32
                        | (long) u16(packet.block, at) << 16
                        | u16(packet.block, at + 2);
        int sequence = 0;
        if (protocol == PacketView.PROTOCOL_TCP) {
            boolean syn = (u8(packet.block, at + 13) & PacketView.TCP_SYN) != 0;
            sequence = i32(packet.block, at + 4) + (syn ? 1 : 0);
        }
        entries[entry + STREAM] = (long) sequence << 32 | headerLength;
    }

    /// @return the datagram's entry; -1 where its first fragment is not known
    int find(long now) {
        for (int way = 0; way < WAYS; way++) {
            int entry = set + way * WORDS;
            if (isSelected(entry) && age(entry, now) <= MAX_AGE_NANOS) {
                return entry;
            }
        }
        return -1;
    }

    int protocol(int entry) {
        return (int) (entries[entry + PORTS] >>> 32);
    }

    int sourcePort(int entry) {
        return (int) entries[entry + PORTS] >>> 16;
    }

    int destinationPort(int entry) {
        return (int) entries[entry + PORTS] & 0xFFFF;
    }

    /// Of the first byte of the TCP payload.
    int payloadSequence(int entry) {
        return (int) (entries[entry + STREAM] >>> 32);
    }

    int headerLength(int entry) {
        return (int) entries[entry + STREAM];
    }

    private int place(long now) {
        int oldest = set;
        for (int way = 0; way < WAYS; way++) {
            int entry = set + way * WORDS;
            if (entries[entry + PORTS] == 0 || isSelected(entry)) {
                return entry;
            }
            if (age(entry, now) > age(oldest, now)) {
                oldest = entry;
            }
        }
        return oldest;
    }

    private boolean isSelected(int entry) {
        return entries[entry + KEY] == key
                && entries[entry + SOURCE_LOW] == sourceLow
                && entries[entry + DESTINATION_LOW] == destinationLow
                && entries[entry + SOURCE_HIGH] == sourceHigh
                && entries[entry + DESTINATION_HIGH] == destinationHigh
                && entries[entry + PORTS] != 0;
    }

    /// A time far in the future is as old as one far in the past: a wrong time stamp must not stay.
    private long age(int entry, long now) {
        return Math.abs(now - entries[entry + TIME]);
    }
}
