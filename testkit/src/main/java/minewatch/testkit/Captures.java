package minewatch.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Builds pcap and pcapng files for tests, in either byte order.
///
/// ```java
/// byte[] file = Captures.pcap(ByteOrder.LITTLE_ENDIAN).frame(1_000_000_000L, frame).bytes();
/// ```
public final class Captures {
    public static final int ETHERNET = 1;

    public static final int MICROS = 0xA1B2C3D4;
    public static final int NANOS = 0xA1B23C4D;
    public static final int MODIFIED = 0xA1B2CD34;

    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;

    private final ByteOrder order;
    private final int magic; // of pcap; 0 for pcapng
    private ByteBuffer out = ByteBuffer.allocate(1 << 12);

    private Captures(ByteOrder order, int magic) {
        this.order = order;
        this.magic = magic;
        out.order(order);
    }

    /// Classic, microseconds, Ethernet.
    public static Captures pcap(ByteOrder order) {
        return pcap(order, MICROS, ETHERNET);
    }

    /// @param magic [#MICROS], [#NANOS] or [#MODIFIED]
    public static Captures pcap(ByteOrder order, int magic, int linkType) {
        Captures file = new Captures(order, magic);
        file.room(24).putInt(magic).putShort((short) 2).putShort((short) 4);
        file.out.putInt(0).putInt(0).putInt(65535).putInt(linkType);
        return file;
    }

    /// pcapng with a section header; describe an interface before the first packet.
    public static Captures pcapng(ByteOrder order) {
        return new Captures(order, 0).section();
    }

    /// A pcap record that holds the whole frame.
    public Captures frame(long nanos, byte[] frame) {
        return frame(nanos, frame, frame.length);
    }

    /// A pcap record of a frame that was longer on the wire.
    public Captures frame(long nanos, byte[] frame, int wireLength) {
        long fraction = nanos % 1_000_000_000L / (magic == NANOS ? 1 : 1000);
        room(24 + frame.length).putInt((int) (nanos / 1_000_000_000L)).putInt((int) fraction);
        out.putInt(frame.length).putInt(wireLength);
        if (magic == MODIFIED) {
            out.putInt(1).putShort((short) 0x0800).putShort((short) 0);
        }
        out.put(frame);
        return this;
    }

    /// Another section of pcapng; it has no interfaces yet.
    public Captures section() {
        room(28).putInt(SECTION_HEADER).putInt(28).putInt(0x1A2B3C4D);
        out.putShort((short) 1).putShort((short) 0).putLong(-1).putInt(28);
        return this;
    }

    /// An interface description.
    ///
    /// @param options whole options, padded; may be empty
    public Captures iface(int linkType, int snapLength, byte[] options) {
        ByteBuffer body = ByteBuffer.allocate(8 + options.length).order(order);
        body.putShort((short) linkType).putShort((short) 0).putInt(snapLength).put(options);
        return block(INTERFACE_DESCRIPTION, body.array());
    }

    /// One option, padded.
    public byte[] option(int code, byte[] value) {
        ByteBuffer option = ByteBuffer.allocate(4 + (value.length + 3 & ~3)).order(order);
        return option.putShort((short) code).putShort((short) value.length).put(value).array();
    }

    /// An enhanced packet block.
    ///
    /// @param ticks in the resolution of the interface
    public Captures packet(int iface, long ticks, byte[] frame, int wireLength) {
        ByteBuffer body = ByteBuffer.allocate(20 + (frame.length + 3 & ~3)).order(order);
        body.putInt(iface).putInt((int) (ticks >>> 32)).putInt((int) ticks);
        body.putInt(frame.length).putInt(wireLength).put(frame);
        return block(ENHANCED_PACKET, body.array());
    }

    /// Any block of pcapng.
    ///
    /// @param body a multiple of 4 bytes
    public Captures block(int type, byte[] body) {
        room(12 + body.length).putInt(type).putInt(12 + body.length).put(body);
        out.putInt(12 + body.length);
        return this;
    }

    /// Anything at all.
    public Captures raw(byte[] bytes) {
        room(bytes.length).put(bytes);
        return this;
    }

    /// The file so far.
    public byte[] bytes() {
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int size = Math.max(out.capacity() * 2, out.position() + bytes);
            out = ByteBuffer.allocate(size).order(order).put(out.flip());
        }
        return out;
    }
}
