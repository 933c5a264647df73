package minewatch.sensor.capture.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import minewatch.sensor.capture.FrameHandler;

/// Checks of every frame that it lies in the memory it is said to be in.
final class FramesInside implements FrameHandler {
    long count;

    @Override
    public void onFrame(
            MemorySegment block,
            long offset,
            int capturedLength,
            int wireLength,
            long timestampNanos,
            int linkType) {
        count++;
        assertThat(capturedLength).isNotNegative();
        assertThat(wireLength).isGreaterThanOrEqualTo(capturedLength);
        assertThat(offset).isNotNegative();
        assertThat(offset + capturedLength).isLessThanOrEqualTo(block.byteSize());
    }

    @Override
    public void onBatchEnd() {
        // each was looked at when it came
    }
}
