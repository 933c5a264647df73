package minewatch.sensor.spool;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/// The bytes of segment files (layout: package description).
final class Frames {
    /// Bytes before a frame's payload.
    static final int FRAME_HEADER = 16;

    /// Bytes before a segment's first frame.
    static final int SEGMENT_HEADER = 40;

    /// Longest payload, bytes. A batch must also fit a gRPC message of 4 MiB.
    static final int MAX_PAYLOAD = 3 << 20;

    private static final long MAGIC = 0x4D57_5350_4F4F_4C0AL; // "MWSPOOL\n"
    private static final int VERSION = 1;

    private Frames() {}

    static ByteBuffer segmentHeader(UUID bootId, long firstSeq) {
        var header = ByteBuffer.allocate(SEGMENT_HEADER);
        header.putLong(MAGIC).putInt(VERSION);
        header.putLong(bootId.getMostSignificantBits()).putLong(bootId.getLeastSignificantBits());
        header.putLong(firstSeq);
        return header.putInt(crc(header.slice(0, header.position()))).flip();
    }

    static ByteBuffer frame(UUID bootId, long seq, byte[] payload) {
        var frame = ByteBuffer.allocate(FRAME_HEADER + payload.length);
        frame.putInt(payload.length).putInt(0).putLong(seq).put(payload).flip();
        return frame.putInt(4, crc(bootId, frame));
    }

    /// @param frame header and payload
    static boolean isSound(UUID bootId, ByteBuffer frame) {
        return frame.getInt(4) == crc(bootId, frame);
    }

    private static int crc(UUID bootId, ByteBuffer frame) {
        var crc = new CRC32C();
        var id = ByteBuffer.allocate(16);
        id.putLong(bootId.getMostSignificantBits()).putLong(bootId.getLeastSignificantBits());
        crc.update(id.flip());
        crc.update(frame.slice(0, 4));
        crc.update(frame.slice(8, frame.limit() - 8));
        return (int) crc.getValue();
    }

    private static int crc(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
