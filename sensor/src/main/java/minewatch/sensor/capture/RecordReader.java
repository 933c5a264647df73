package minewatch.sensor.capture;

import org.jspecify.annotations.Nullable;

/// Reads the records of one capture format from a [BlockBuffer].
abstract sealed class RecordReader permits PcapReader, PcapngReader {
    final BlockBuffer buffer;
    final FrameHandler handler;
    long packets;
    long octets;

    RecordReader(BlockBuffer buffer, FrameHandler handler) {
        this.buffer = buffer;
        this.handler = handler;
    }

    /// Delivers every frame there is.
    ///
    /// @return why reading ended early; null at the end of the capture
    abstract @Nullable CaptureProblem run();

    final int order32(boolean swapped, int value) {
        return swapped ? Integer.reverseBytes(value) : value;
    }

    final int order16(boolean swapped, int value) {
        return swapped ? Short.reverseBytes((short) value) & 0xFFFF : value;
    }

    final CaptureProblem tooLong(int capturedLength) {
        return CaptureProblem.corrupt(
                buffer.offset(),
                "record header says %d bytes (expected: at most %d)"
                        .formatted(
                                Integer.toUnsignedLong(capturedLength),
                                CaptureReader.MAX_FRAME_BYTES));
    }

    final CaptureProblem wireTooLong(int wireLength) {
        return CaptureProblem.corrupt(
                buffer.offset(),
                "record header says %d octets on the wire (expected: at most %d)"
                        .formatted(Integer.toUnsignedLong(wireLength), Integer.MAX_VALUE));
    }

    final CaptureProblem endsInside(String what, long needed) {
        return CaptureProblem.truncated(
                buffer.offset(), "%s %d bytes, %d remain".formatted(what, needed, buffer.held()));
    }
}
