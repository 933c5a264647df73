package minewatch.sensor.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;

class CaptureFuzzTest {
    /// Any bytes end as a result, and every frame lies inside the memory it is said to be in.
    @FuzzTest(maxDuration = "10s")
    void anyFileEndsAsAResult(byte[] file) {
        InsideMemory frames = new InsideMemory();

        CaptureResult result =
                new CaptureReader(frames)
                        .read(
                                "fuzz",
                                Channels.newChannel(new ByteArrayInputStream(file)),
                                file.length,
                                CaptureProgress.NONE);

        assertThat(result.packets()).isEqualTo(frames.count);
        assertThat(result.octets()).isEqualTo(frames.octets);
        CaptureProblem problem = result.problem();
        assertThat(problem == null ? "" : problem.describe("fuzz")).doesNotContain("\n");
    }

    private static final class InsideMemory implements FrameHandler {
        private long count;
        private long octets;

        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            count++;
            octets += wireLength;
            assertThat(wireLength).isGreaterThanOrEqualTo(capturedLength);
            assertThat(offset + capturedLength).isLessThanOrEqualTo(block.byteSize());
        }

        @Override
        public void onBatchEnd() {
            // every frame was looked at when it came
        }
    }
}
