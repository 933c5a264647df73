package minewatch.sensor.capture;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/// One block of native memory in front of a byte source. It is filled, read, and filled again; what
/// is left of a partial record moves to its front.
///
/// Copying blocks into memory that stays in the cache is what hides the latency of main memory from
/// a walk over records (measured: a third less time per packet than a mapped file).
final class BlockBuffer {
    /// More than the largest record.
    static final int BYTES = 512 << 10;

    /// At most read at a time: little enough to stay in a second-level cache beside what a worker
    /// touches for the packets in it.
    private static final int READ = 128 << 10;

    private static final ValueLayout.OfInt LE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort LE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment memory = Arena.ofAuto().allocate(BYTES, 64);
    private final ByteBuffer bytes = memory.asByteBuffer();
    private final FrameHandler handler;
    private @Nullable ReadableByteChannel source;
    private Runnable onFill = () -> {};
    private @Nullable IOException failure;
    private int position;
    private int limit;
    private long memoryOffset; // of memory[0] in the capture

    BlockBuffer(FrameHandler handler) {
        this.handler = handler;
    }

    void reset(ReadableByteChannel source, Runnable onFill) {
        this.source = source;
        this.onFill = onFill;
        failure = null;
        position = 0;
        limit = 0;
        memoryOffset = 0;
    }

    MemorySegment memory() {
        return memory;
    }

    /// Index in [#memory()] of the next byte.
    int position() {
        return position;
    }

    void position(int position) {
        this.position = position;
    }

    /// Index in [#memory()] after the last byte held.
    int limit() {
        return limit;
    }

    /// Bytes held from [#position()] on.
    int held() {
        return limit - position;
    }

    /// Offset in the capture of the byte at [#position()].
    long offset() {
        return memoryOffset + position;
    }

    /// What ended the source early; null where it simply ended.
    @Nullable IOException failure() {
        return failure;
    }

    /// Little-endian 32 bits at an index of [#memory()].
    int u32(long index) {
        return memory.get(LE32, index);
    }

    int u16(long index) {
        return memory.get(LE16, index) & 0xFFFF;
    }

    int u8(long index) {
        return memory.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
    }

    /// Makes `count` bytes available from [#position()] on, reading [#READ] at a time.
    ///
    /// @param count at most [#BYTES]
    /// @return false where the source ended or failed first
    boolean fill(int count) {
        if (held() >= count) {
            return true;
        }
        handler.onBatchEnd();
        moveRestToFront();
        boolean filled = readAtLeast(count);
        onFill.run();
        return filled;
    }

    /// Moves on by `count` bytes, which need not fit in memory.
    ///
    /// @return false where the source ended or failed first
    boolean skip(long count) {
        long left = count;
        while (left > held()) {
            left -= held();
            position = limit;
            if (!fill(1)) {
                return false;
            }
        }
        position += (int) left;
        return true;
    }

    private void moveRestToFront() {
        MemorySegment.copy(memory, position, memory, 0, held());
        memoryOffset += position;
        limit -= position;
        position = 0;
    }

    private boolean readAtLeast(int count) {
        ReadableByteChannel from = source;
        if (from == null || failure != null) {
            return false;
        }
        try {
            while (limit < count) {
                int end = Math.min(BYTES, limit + READ);
                int read = from.read(bytes.limit(end).position(limit));
                if (read < 0) {
                    return false;
                }
                limit += read;
            }
            return true;
        } catch (IOException e) {
            failure = e;
            return limit >= count;
        }
    }
}
