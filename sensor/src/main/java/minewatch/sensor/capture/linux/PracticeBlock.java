package minewatch.sensor.capture.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import minewatch.sensor.capture.FrameHandler;

/// A block of a ring as the kernel would fill it, filled with made-up Ethernet frames: so that the
/// reading of blocks is in practice before the first real one.
///
/// - **Thread:** one.
public final class PracticeBlock {
    /// Size of a block.
    public static final int BYTES = RingSize.BLOCK_BYTES;

    private static final int ALIGNMENT = 16; // TPACKET_ALIGNMENT
    private static final int START = 82; // where the kernel puts an Ethernet header

    private final FrameHandler handler;
    private final BlockReader reader;
    private final MemorySegment block;
    private int frames;
    private int last;
    private int end = BlockReader.BLOCK_HEADER;

    /// @param handler gets the frames of a block once it is full
    /// @param block [#BYTES], lives as long as this
    public PracticeBlock(FrameHandler handler, MemorySegment block) {
        this.handler = handler;
        this.reader = new BlockReader(handler, LinkKind.ETHERNET);
        this.block = block;
    }

    /// @param frame at most 64 KiB
    /// @param timestampNanos ns since the Unix epoch
    public void add(byte[] frame, long timestampNanos) {
        int length = START + frame.length + ALIGNMENT - 1 & -ALIGNMENT;
        if (end + length > BYTES) {
            read();
        }
        block.asSlice(end, BlockReader.FRAME_HEADER).fill((byte) 0);
        if (frames > 0) {
            block.set(ValueLayout.JAVA_INT, last + BlockReader.NEXT, end - last);
        }
        block.set(
                ValueLayout.JAVA_INT,
                end + BlockReader.SECONDS,
                (int) (timestampNanos / BlockReader.NANOS_PER_SECOND));
        block.set(
                ValueLayout.JAVA_INT,
                end + BlockReader.NANOS,
                (int) (timestampNanos % BlockReader.NANOS_PER_SECOND));
        block.set(ValueLayout.JAVA_INT, end + BlockReader.CAPTURED, frame.length);
        block.set(ValueLayout.JAVA_INT, end + BlockReader.WIRE, frame.length);
        block.set(ValueLayout.JAVA_SHORT, end + BlockReader.START, (short) START);
        MemorySegment.copy(frame, 0, block, ValueLayout.JAVA_BYTE, end + START, frame.length);
        last = end;
        end += length;
        frames++;
    }

    private void read() {
        block.set(ValueLayout.JAVA_INT, BlockReader.FRAMES, frames);
        block.set(ValueLayout.JAVA_INT, BlockReader.FIRST_FRAME, BlockReader.BLOCK_HEADER);
        reader.read(block, end);
        handler.onBatchEnd();
        frames = 0;
        end = BlockReader.BLOCK_HEADER;
    }
}
