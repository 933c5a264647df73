package minewatch.sensor.capture;

import org.jspecify.annotations.Nullable;

/// Classic pcap: a 24-byte file header, then records (draft-ietf-opsawg-pcap §4–5). Also the
/// variant of Linux 2.2 (“modified”, magic `a1b2cd34`), whose record headers are 8 bytes longer.
final class PcapReader extends RecordReader {
    static final int MAGIC_MICROS = 0xA1B2C3D4;
    static final int MAGIC_NANOS = 0xA1B23C4D;
    static final int MAGIC_MODIFIED = 0xA1B2CD34;

    private static final int FILE_HEADER = 24; // bytes
    private static final int RECORD_HEADER = 16;
    private static final int MODIFIED_RECORD_HEADER = 24;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private boolean swapped;
    private boolean lengthsMayBeSwapped;
    private int recordHeader;
    private long nanosPerFraction;
    private int linkType;

    PcapReader(BlockBuffer buffer, FrameHandler handler) {
        super(buffer, handler);
    }

    static boolean isMagic(int magic) {
        return magic == MAGIC_MICROS || magic == MAGIC_NANOS || magic == MAGIC_MODIFIED;
    }

    @Override
    @Nullable CaptureProblem run() {
        if (!buffer.fill(FILE_HEADER)) {
            return endsInside("file header needs", FILE_HEADER);
        }
        readFileHeader(buffer.position());
        buffer.position(buffer.position() + FILE_HEADER);
        while (buffer.fill(recordHeader)) {
            CaptureProblem problem = deliverHeld();
            if (problem != null) {
                return problem;
            }
        }
        return buffer.held() == 0 ? null : endsInside("record header needs", recordHeader);
    }

    private void readFileHeader(long at) {
        swapped = !isMagic(buffer.u32(at));
        int magic = order32(swapped, buffer.u32(at));
        recordHeader = magic == MAGIC_MODIFIED ? MODIFIED_RECORD_HEADER : RECORD_HEADER;
        nanosPerFraction = magic == MAGIC_NANOS ? 1 : 1000;
        // Before version 2.4 some programs wrote the two lengths the other way round.
        lengthsMayBeSwapped =
                order16(swapped, buffer.u16(at + 4)) == 2
                        && order16(swapped, buffer.u16(at + 6)) < 4;
        linkType = order32(swapped, buffer.u32(at + 20)) & 0xFFFF; // above: FCS length
    }

    /// Delivers the records that start in the block as it is; the last may need one more fill.
    private @Nullable CaptureProblem deliverHeld() {
        while (buffer.held() >= recordHeader) {
            long at = buffer.position();
            int first = order32(swapped, buffer.u32(at + 8));
            int second = order32(swapped, buffer.u32(at + 12));
            boolean exchange = lengthsMayBeSwapped && Integer.compareUnsigned(first, second) > 0;
            int capturedLength = exchange ? second : first;
            int wireLength = exchange ? first : second;
            if (capturedLength < 0 || capturedLength > CaptureReader.MAX_FRAME_BYTES) {
                return tooLong(capturedLength);
            }
            if (wireLength < 0) {
                return wireTooLong(wireLength);
            }
            if (!buffer.fill(recordHeader + capturedLength)) {
                return CaptureProblem.truncated(
                        buffer.offset(),
                        "record header says %d bytes, %d remain"
                                .formatted(capturedLength, buffer.held() - recordHeader));
            }
            deliver(buffer.position(), capturedLength, Math.max(wireLength, capturedLength));
        }
        return null;
    }

    private void deliver(int at, int capturedLength, int wireLength) {
        long seconds = Integer.toUnsignedLong(order32(swapped, buffer.u32(at)));
        long fraction = Integer.toUnsignedLong(order32(swapped, buffer.u32(at + 4L)));
        packets++;
        octets += wireLength;
        handler.onFrame(
                buffer.memory(),
                at + (long) recordHeader,
                capturedLength,
                wireLength,
                seconds * NANOS_PER_SECOND + fraction * nanosPerFraction,
                linkType);
        buffer.position(at + recordHeader + capturedLength);
    }
}
