package minewatch.sensor.spool;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds frames in the bytes of one segment file, whatever those bytes are: only a frame with the
/// right checksum and a number that can be there is returned.
///
/// @param file positional reads only; its position is not touched
/// @param end bytes of the file that count
/// @param minSeq least number a frame here can have
/// @param maxSeq greatest
record SegmentScan(FileChannel file, long end, UUID bootId, long minSeq, long maxSeq) {
    private static final int CHUNK = 1 << 16; // bytes searched at a time

    /// A sound frame.
    ///
    /// @param start of its header
    record Frame(long start, long seq, ByteString payload) {
        long end() {
            return start + Frames.FRAME_HEADER + payload.size();
        }
    }

    /// The first sound frame that begins there or later, or null.
    @Nullable Frame next(long offset) throws IOException {
        Frame frame = at(offset);
        return frame != null ? frame : search(offset + 1);
    }

    /// The frame that begins exactly there, or null.
    @Nullable Frame at(long offset) throws IOException {
        ByteBuffer header = read(offset, Frames.FRAME_HEADER);
        if (header.remaining() < Frames.FRAME_HEADER
                || !canBe(header.getInt(0), header.getLong(8), offset)) {
            return null;
        }
        int length = header.getInt(0);
        long seq = header.getLong(8);
        ByteBuffer frame = read(offset, Frames.FRAME_HEADER + length);
        if (frame.remaining() < Frames.FRAME_HEADER + length || !Frames.isSound(bootId, frame)) {
            return null;
        }
        frame.position(Frames.FRAME_HEADER);
        return new Frame(offset, seq, ByteString.copyFrom(frame));
    }

    private @Nullable Frame search(long offset) throws IOException {
        for (long from = offset; from < end; from += CHUNK) {
            ByteBuffer chunk = read(from, CHUNK + Frames.FRAME_HEADER - 1);
            int last = chunk.remaining() - Frames.FRAME_HEADER;
            for (int i = 0; i <= Math.min(last, CHUNK - 1); i++) {
                if (canBe(chunk.getInt(i), chunk.getLong(i + 8), from + i)) {
                    Frame frame = at(from + i);
                    if (frame != null) {
                        return frame;
                    }
                }
            }
        }
        return null;
    }

    private boolean canBe(int length, long seq, long offset) {
        return length >= 0
                && length <= Frames.MAX_PAYLOAD
                && offset + Frames.FRAME_HEADER + length <= end
                && seq >= minSeq
                && seq <= maxSeq;
    }

    /// As many of the bytes as there are.
    private ByteBuffer read(long offset, int length) throws IOException {
        var bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(length, end - offset)));
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                break;
            }
        }
        return bytes.flip();
    }
}
