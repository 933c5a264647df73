package minewatch.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.UnaryOperator;
import minewatch.sensor.rehearsal.SyntheticTraffic;

/// So many frames of [SyntheticTraffic], each by itself and all in native memory.
public final class ImixFrames {
    /// Distance between the starts of two frames in [#block()], bytes.
    public static final int STRIDE = 1600;

    private final byte[][] frames;
    private final MemorySegment block;

    /// @param count frames
    /// @param flows that go on at a time
    public ImixFrames(int count, int flows, long seed) {
        this(count, flows, seed, frame -> frame);
    }

    /// @param change what to make of each frame, at most [#STRIDE] bytes
    public ImixFrames(int count, int flows, long seed, UnaryOperator<byte[]> change) {
        SyntheticTraffic traffic = new SyntheticTraffic(flows, seed);
        frames = new byte[count][];
        block = Arena.ofAuto().allocate((long) count * STRIDE, 64);
        for (int i = 0; i < count; i++) {
            frames[i] = change.apply(traffic.next());
            MemorySegment.copy(
                    frames[i], 0, block, ValueLayout.JAVA_BYTE, offset(i), frames[i].length);
        }
    }

    public int count() {
        return frames.length;
    }

    /// A frame by itself.
    public byte[] frame(int index) {
        return frames[index];
    }

    /// All frames in native memory.
    public MemorySegment block() {
        return block;
    }

    /// Where a frame starts in [#block()].
    public long offset(int index) {
        return (long) index * STRIDE;
    }
}
