package minewatch.sensor.capture;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// pcapng: blocks, each with its length before and after its body (draft-ietf-opsawg-pcapng §3–4).
/// Section headers, interface descriptions and the three kinds of packet block are read; every
/// other block is skipped.
final class PcapngReader extends RecordReader {
    static final int SECTION_HEADER = 0x0A0D0D0A;
    static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;

    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int MIN_BLOCK = 12; // bytes: type, length, length
    private static final int MIN_SECTION_HEADER = 28;
    private static final int MIN_INTERFACE_DESCRIPTION = 20;
    private static final int PACKET_HEADER = 28; // bytes before the data, enhanced and obsolete
    private static final int SIMPLE_PACKET_HEADER = 12;
    private static final int TRAILER = 4;

    /// Longest block that is read whole: a frame of the greatest length and 64 KiB of options.
    private static final int MAX_HELD_BLOCK = CaptureReader.MAX_FRAME_BYTES + (64 << 10);

    /// The obsolete packet block can name no more.
    private static final int MAX_INTERFACES = 1 << 16;

    private static final int OPTION_END = 0;
    private static final int OPTION_TIME_RESOLUTION = 9;
    private static final int OPTION_TIME_OFFSET = 14;

    private final List<PcapngInterface> interfaces = new ArrayList<>();
    private boolean swapped;
    private long lastTimestampNanos;

    PcapngReader(BlockBuffer buffer, FrameHandler handler) {
        super(buffer, handler);
    }

    @Override
    @Nullable CaptureProblem run() {
        while (buffer.fill(MIN_BLOCK)) {
            CaptureProblem problem = readBlock();
            if (problem != null) {
                return problem;
            }
        }
        return buffer.held() == 0 ? null : endsInside("block needs", MIN_BLOCK);
    }

    private @Nullable CaptureProblem readBlock() {
        int type = u32(0);
        if (type == SECTION_HEADER) { // reads the same in both orders
            int magic = buffer.u32(buffer.position() + 8L);
            swapped = magic != BYTE_ORDER_MAGIC;
            if (order32(swapped, magic) != BYTE_ORDER_MAGIC) {
                return corrupt("byte-order magic is %08x (expected: 1a2b3c4d)".formatted(magic));
            }
        }
        long length = Integer.toUnsignedLong(u32(4));
        if (length < MIN_BLOCK || length % 4 != 0) {
            return corrupt(
                    "block length is %d (expected: a multiple of 4, at least 12)"
                            .formatted(length));
        }
        return switch (type) {
            case SECTION_HEADER -> readSectionHeader(length);
            case INTERFACE_DESCRIPTION, OBSOLETE_PACKET, SIMPLE_PACKET, ENHANCED_PACKET ->
                    readHeldBlock(type, length);
            default -> skipBlock(length);
        };
    }

    private @Nullable CaptureProblem readSectionHeader(long length) {
        if (length < MIN_SECTION_HEADER) {
            return tooShort("section header", MIN_SECTION_HEADER, length);
        }
        interfaces.clear();
        return skipBlock(length);
    }

    /// A block whose content is of no interest; it need not fit in memory.
    private @Nullable CaptureProblem skipBlock(long length) {
        long start = buffer.offset();
        if (!buffer.skip(length - TRAILER) || !buffer.fill(TRAILER)) {
            return blockTruncated(start, length);
        }
        if (Integer.toUnsignedLong(u32(0)) != length) {
            return trailerDiffers(start, length, u32(0));
        }
        buffer.position(buffer.position() + TRAILER);
        return null;
    }

    private @Nullable CaptureProblem readHeldBlock(int type, long length) {
        if (length > MAX_HELD_BLOCK) {
            return corrupt(
                    "block length is %d (expected: at most %d)".formatted(length, MAX_HELD_BLOCK));
        }
        if (!buffer.fill((int) length)) {
            return blockTruncated(buffer.offset(), length);
        }
        int trailer = u32((int) length - TRAILER);
        if (trailer != (int) length) {
            return trailerDiffers(buffer.offset(), length, trailer);
        }
        CaptureProblem problem =
                switch (type) {
                    case INTERFACE_DESCRIPTION -> readInterface((int) length);
                    case SIMPLE_PACKET -> readSimplePacket((int) length);
                    default -> readPacket(type, (int) length);
                };
        if (problem == null) {
            buffer.position(buffer.position() + (int) length);
        }
        return problem;
    }

    private @Nullable CaptureProblem readInterface(int length) {
        if (length < MIN_INTERFACE_DESCRIPTION) {
            return tooShort("interface description", MIN_INTERFACE_DESCRIPTION, length);
        }
        if (interfaces.size() == MAX_INTERFACES) {
            return corrupt("more than %d interfaces in a section".formatted(MAX_INTERFACES));
        }
        PcapngInterface described = new PcapngInterface(u16(8), u32(12));
        readOptions(described, 16, length - TRAILER);
        interfaces.add(described);
        return null;
    }

    private void readOptions(PcapngInterface described, int from, int end) {
        int at = from;
        while (at + 4 <= end) {
            int code = u16(at);
            int size = u16(at + 2);
            int value = at + 4;
            if (code == OPTION_END || value + size > end) {
                return;
            }
            if (code == OPTION_TIME_RESOLUTION && size >= 1) {
                described.resolution(buffer.u8(buffer.position() + (long) value));
            } else if (code == OPTION_TIME_OFFSET && size >= 8) {
                described.offsetSeconds(u64(value));
            }
            at = value + ((size + 3) & ~3);
        }
    }

    /// The enhanced and the obsolete packet block differ in how they name the interface alone.
    private @Nullable CaptureProblem readPacket(int type, int length) {
        if (length < PACKET_HEADER + TRAILER) {
            return tooShort("packet block", PACKET_HEADER + TRAILER, length);
        }
        long interfaceId =
                type == ENHANCED_PACKET
                        ? Integer.toUnsignedLong(u32(8))
                        : Integer.toUnsignedLong(u16(8));
        if (interfaceId >= interfaces.size()) {
            return unknownInterface(interfaceId);
        }
        PcapngInterface from = interfaces.get((int) interfaceId);
        int capturedLength = u32(20);
        if (capturedLength < 0 || capturedLength > CaptureReader.MAX_FRAME_BYTES) {
            return tooLong(capturedLength);
        }
        if (capturedLength > length - PACKET_HEADER - TRAILER) {
            return corrupt(
                    "packet block of %d bytes says it holds %d".formatted(length, capturedLength));
        }
        long ticks = (long) u32(12) << 32 | Integer.toUnsignedLong(u32(16));
        lastTimestampNanos = from.nanos(ticks);
        return deliver(PACKET_HEADER, capturedLength, u32(24), from.linkType());
    }

    /// Has no time of its own; it is given that of the packet before it.
    private @Nullable CaptureProblem readSimplePacket(int length) {
        if (length < SIMPLE_PACKET_HEADER + TRAILER) {
            return tooShort("simple packet block", SIMPLE_PACKET_HEADER + TRAILER, length);
        }
        if (interfaces.isEmpty()) {
            return unknownInterface(0);
        }
        int wireLength = u32(8);
        if (wireLength < 0) {
            return wireTooLong(wireLength);
        }
        PcapngInterface from = interfaces.getFirst();
        int room = length - SIMPLE_PACKET_HEADER - TRAILER;
        int capturedLength = Math.min(from.captured(wireLength), room);
        if (capturedLength > CaptureReader.MAX_FRAME_BYTES) {
            return tooLong(capturedLength);
        }
        return deliver(SIMPLE_PACKET_HEADER, capturedLength, wireLength, from.linkType());
    }

    private @Nullable CaptureProblem deliver(
            int data, int capturedLength, int wireLength, int linkType) {
        if (wireLength < 0) {
            return wireTooLong(wireLength);
        }
        int octetsOnWire = Math.max(wireLength, capturedLength);
        packets++;
        octets += octetsOnWire;
        handler.onFrame(
                buffer.memory(),
                buffer.position() + (long) data,
                capturedLength,
                octetsOnWire,
                lastTimestampNanos,
                linkType);
        return null;
    }

    private CaptureProblem corrupt(String reason) {
        return CaptureProblem.corrupt(buffer.offset(), reason);
    }

    private CaptureProblem unknownInterface(long id) {
        return corrupt(
                "packet of interface %d, but the section describes %d"
                        .formatted(id, interfaces.size()));
    }

    private CaptureProblem tooShort(String what, int expected, long length) {
        return corrupt("%s of %d bytes (expected: at least %d)".formatted(what, length, expected));
    }

    private CaptureProblem blockTruncated(long start, long length) {
        long remain = buffer.offset() + buffer.held() - start;
        return CaptureProblem.truncated(
                start, "block header says %d bytes, %d remain".formatted(length, remain));
    }

    private static CaptureProblem trailerDiffers(long start, long length, int trailer) {
        return CaptureProblem.corrupt(
                start,
                "block length is %d before and %d after the block"
                        .formatted(length, Integer.toUnsignedLong(trailer)));
    }

    private int u32(int at) {
        return order32(swapped, buffer.u32(buffer.position() + (long) at));
    }

    private int u16(int at) {
        return order16(swapped, buffer.u16(buffer.position() + (long) at));
    }

    private long u64(int at) {
        long first = Integer.toUnsignedLong(u32(at));
        long second = Integer.toUnsignedLong(u32(at + 4));
        return swapped ? first << 32 | second : second << 32 | first;
    }
}
