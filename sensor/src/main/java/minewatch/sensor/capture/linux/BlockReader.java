package minewatch.sensor.capture.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import minewatch.sensor.capture.FrameHandler;

/// Hands out the frames of one block, and puts back the VLAN tag that the kernel took out of them.
///
/// ```
/// block   0 version  4 private  8 status  12 frames  16 first frame  20 used bytes  24 number
///        32 time of the first frame  40 of the last                                     (48 bytes)
/// frame   0 to the next  4 s  8 ns  12 captured  16 wire  20 status  24 start (u16)  26 network (u16)
///        28 hash  32 VLAN tag  36 VLAN type (u16)  48 address: 8 device type, 10 direction  (68 bytes)
/// ```
///
/// The kernel wrote these fields, yet none is believed: whatever they say, reading stays in the
/// block, ends, and what does not fit is counted.
///
/// - **Thread:** the ring's.
///
/// Source: include/uapi/linux/if_packet.h, `struct tpacket_block_desc`, `struct tpacket3_hdr`,
/// `struct sockaddr_ll`; all in this machine's byte order.
final class BlockReader {
    static final int BLOCK_HEADER = 48; // bytes
    static final int FRAME_HEADER = 68; // bytes, with the address

    static final int FRAMES = 12;
    static final int FIRST_FRAME = 16;

    static final int NEXT = 0;
    static final int SECONDS = 4;
    static final int NANOS = 8;
    static final int CAPTURED = 12;
    static final int WIRE = 16;
    private static final int STATUS = 20;
    static final int START = 24;
    private static final int VLAN_TAG = 32;
    private static final int VLAN_TYPE = 36;
    private static final int DIRECTION = 58;

    private static final int VLAN_VALID = 1 << 4; // TP_STATUS_VLAN_VALID
    private static final int VLAN_TYPE_VALID = 1 << 6; // TP_STATUS_VLAN_TPID_VALID
    private static final short DOT1Q = (short) 0x8100;
    private static final int TAG_BYTES = 4;

    /// Octets on the wire that are an int still when the tag is put back.
    private static final int MOST_WIRE = Integer.MAX_VALUE - TAG_BYTES;

    private static final int ADDRESSES = 12; // bytes of an Ethernet header before its type

    static final long NANOS_PER_SECOND = 1_000_000_000;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfShort BE16 = SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private final FrameHandler handler;
    private final LinkKind link;
    private MemorySegment block = MemorySegment.NULL;
    private int length;
    private int left;
    private long at;
    private long frames;
    private long malformed;

    BlockReader(FrameHandler handler, LinkKind link) {
        this.handler = handler;
        this.link = link;
    }

    /// Begins a block, and hands out all of its frames.
    void read(MemorySegment block, int length) {
        begin(block, length);
        while (hasNext()) {
            next();
        }
    }

    /// Begins a block. What is left of the one before is not handed out.
    ///
    /// @param block our own copy; frames with a VLAN tag are changed in it
    /// @param length bytes of it that hold something, at most its size
    void begin(MemorySegment block, int length) {
        this.block = block;
        this.length = length;
        left = 0;
        if (length < BLOCK_HEADER) {
            malformed++;
            return;
        }
        left = block.get(INT, FRAMES);
        at = Integer.toUnsignedLong(block.get(INT, FIRST_FRAME));
        endUnlessInside();
    }

    boolean hasNext() {
        return left > 0;
    }

    /// When the next frame came, ns since the Unix epoch. Only if there is one.
    long nextNanos() {
        return nanos(block, at);
    }

    /// Hands out the next frame, if it is one. Only if [#hasNext()].
    void next() {
        long next = Integer.toUnsignedLong(block.get(INT, at + NEXT));
        frame(block, at, length);
        left--;
        if (next < FRAME_HEADER) { // 0 in the last frame; else it would go on for ever
            if (left > 0) {
                malformed++;
            }
            left = 0;
            return;
        }
        at += next;
        endUnlessInside();
    }

    private void endUnlessInside() {
        if (left > 0 && (at < BLOCK_HEADER || at > length - FRAME_HEADER)) {
            malformed++;
            left = 0;
        }
    }

    /// Frames handed on.
    long frames() {
        return frames;
    }

    /// Frames, or rests of blocks, that did not fit into their block. Not 0 means that the kernel
    /// and this class do not agree on the layout.
    long malformed() {
        return malformed;
    }

    private void frame(MemorySegment block, long at, int length) {
        int captured = block.get(INT, at + CAPTURED);
        int header = Short.toUnsignedInt(block.get(SHORT, at + START));
        long start = at + header;
        if (header < FRAME_HEADER || captured < 0 || captured > length - start) {
            malformed++;
            return;
        }
        if (link.isLoopback()
                && block.get(ValueLayout.JAVA_BYTE, at + DIRECTION)
                        == PacketSocket.PACKET_OUTGOING) {
            return; // it comes in once more
        }
        int wire = Math.clamp(block.get(INT, at + WIRE), captured, MOST_WIRE);
        long nanos = nanos(block, at);
        frames++;
        if (isTagged(block, at) && captured >= ADDRESSES && link.isEthernet()) {
            restoreTag(block, at, start);
            handler.onFrame(
                    block,
                    start - TAG_BYTES,
                    captured + TAG_BYTES,
                    wire + TAG_BYTES,
                    nanos,
                    link.linkType());
        } else {
            handler.onFrame(block, start, captured, wire, nanos, link.linkType());
        }
    }

    private static long nanos(MemorySegment block, long at) {
        return Integer.toUnsignedLong(block.get(INT, at + SECONDS)) * NANOS_PER_SECOND
                + Integer.toUnsignedLong(block.get(INT, at + NANOS));
    }

    /// Before Linux 3.0 only the tag told; priority 0 in VLAN 0 then looked like none.
    private static boolean isTagged(MemorySegment block, long at) {
        return (block.get(INT, at + STATUS) & VLAN_VALID) != 0
                || block.get(INT, at + VLAN_TAG) != 0;
    }

    /// Moves the addresses to the front, over what was read already, and puts the tag behind them.
    private static void restoreTag(MemorySegment block, long at, long start) {
        short tag = (short) block.get(INT, at + VLAN_TAG);
        short type = block.get(SHORT, at + VLAN_TYPE);
        boolean typed = (block.get(INT, at + STATUS) & VLAN_TYPE_VALID) != 0;
        MemorySegment.copy(block, start, block, start - TAG_BYTES, ADDRESSES);
        block.set(BE16, start + ADDRESSES - TAG_BYTES, typed ? type : DOT1Q);
        block.set(BE16, start + ADDRESSES - TAG_BYTES + 2, tag);
    }
}
