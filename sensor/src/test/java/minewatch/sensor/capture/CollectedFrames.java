package minewatch.sensor.capture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Copies every frame, as late as the contract allows: at the end of the batch.
public final class CollectedFrames implements FrameHandler {
    public record Frame(byte[] bytes, int wireLength, long timestampNanos, int linkType) {}

    private record Pending(
            MemorySegment block, long offset, int length, int wireLength, long nanos, int type) {}

    public final List<Frame> frames = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();

    @Override
    public void onFrame(
            MemorySegment block,
            long offset,
            int capturedLength,
            int wireLength,
            long timestampNanos,
            int linkType) {
        pending.add(
                new Pending(block, offset, capturedLength, wireLength, timestampNanos, linkType));
    }

    @Override
    public void onBatchEnd() {
        for (Pending p : pending) {
            byte[] bytes = p.block.asSlice(p.offset, p.length).toArray(ValueLayout.JAVA_BYTE);
            frames.add(new Frame(bytes, p.wireLength, p.nanos, p.type));
        }
        pending.clear();
    }
}
