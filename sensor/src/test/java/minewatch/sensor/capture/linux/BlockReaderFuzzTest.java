package minewatch.sensor.capture.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class BlockReaderFuzzTest {
    /// Any bytes are read to an end, inside their memory, in as many frames as fit.
    @FuzzTest(maxDuration = "10s")
    void anyBlockIsReadToAnEnd(byte[] block) {
        FramesInside frames = new FramesInside();
        BlockReader reader = new BlockReader(frames, LinkKind.ETHERNET);

        reader.read(SyntheticBlock.memory(block), block.length);

        assertThat(frames.count).isEqualTo(reader.frames());
        assertThat(reader.frames() + reader.malformed())
                .isLessThanOrEqualTo(block.length / BlockReader.FRAME_HEADER + 1);
    }
}
