package minewatch.sensor.capture.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import minewatch.sensor.capture.CollectedFrames;
import minewatch.sensor.capture.FrameHandler;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockReaderTest {
    private static final byte[] FIRST =
            Packets.tcp("10.0.0.1", 1025, "10.0.0.2", 3333).payload("first").ethernet();
    private static final byte[] SECOND =
            Packets.udp("10.0.0.1", 1026, "10.0.0.2", 53).payload("second").ethernet();
    private static final int VLAN = 1 << 4;
    private static final int VLAN_TYPE = 1 << 6;
    private static final int NEXT = 0;
    private static final int CAPTURED = 12;
    private static final int WIRE = 16;
    private static final int START = 24; // with the network header's start in the upper half

    private final CollectedFrames collected = new CollectedFrames();

    @Test
    void framesComeInOrderWithTheirLengthsAndTimes() {
        BlockReader reader =
                read(new SyntheticBlock().frame(FIRST).frame(SECOND, 1400, 0, 0, 0).toBytes());

        assertThat(reader.frames()).isEqualTo(2);
        assertThat(reader.malformed()).isZero();
        assertThat(bytes()).containsExactly(FIRST, SECOND);
        assertThat(collected.frames.getLast().wireLength()).isEqualTo(1400);
        assertThat(collected.frames.getLast().timestampNanos())
                .isEqualTo(SyntheticBlock.TIME_NANOS);
        assertThat(collected.frames.getLast().linkType()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0x0010, 42, 0, 0x8100", // before Linux 3.14 the type was not told
        "0x0050, 42, 0x88A8, 0x88A8",
        "0x0050, 0, 0x8100, 0x8100", // VLAN 0: only a priority
        "0x0000, 42, 0, 0x8100", // before Linux 3.0
    })
    void tagThatTheKernelTookOutIsPutBack(int status, int tag, int type, int restored) {
        read(
                new SyntheticBlock()
                        .frame(FIRST, FIRST.length, status, tag, type)
                        .frame(SECOND)
                        .toBytes());

        ByteBuffer expected = ByteBuffer.allocate(FIRST.length + 4).put(FIRST, 0, 12);
        expected.putShort((short) restored).putShort((short) tag);
        expected.put(FIRST, 12, FIRST.length - 12);
        assertThat(bytes()).containsExactly(expected.array(), SECOND);
        assertThat(collected.frames.getFirst().wireLength()).isEqualTo(FIRST.length + 4);
    }

    @Test
    void tagOfAFrameWithoutEthernetIsLeftOut() {
        BlockReader reader = new BlockReader(collected, LinkKind.RAW_IP);
        byte[] block =
                new SyntheticBlock()
                        .frame(FIRST, FIRST.length, VLAN | VLAN_TYPE, 1, 0x8100)
                        .toBytes();

        reader.read(SyntheticBlock.memory(block), block.length);
        collected.onBatchEnd();

        assertThat(bytes()).containsExactly(FIRST);
        assertThat(collected.frames.getFirst().linkType()).isEqualTo(101);
    }

    @Test
    void whatTheLoopbackSendsIsSeenOnceOnly() {
        byte[] block =
                new SyntheticBlock()
                        .frame(FIRST)
                        .direction(PacketSocket.PACKET_OUTGOING)
                        .frame(FIRST)
                        .toBytes();

        assertThat(read(block, LinkKind.LOOPBACK).frames()).isEqualTo(1);
        assertThat(read(block, LinkKind.ETHERNET).frames()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        CAPTURED + ", 0x7FFFFFFF", // past the block
        CAPTURED + ", -1",
        START + ", 0", // in its own header
        START + ", 0xFFFF", // behind the block
    })
    void frameThatDoesNotFitIsCountedAndTheNextOneRead(int field, int value) {
        BlockReader reader =
                read(new SyntheticBlock().frame(FIRST).lie(field, value).frame(SECOND).toBytes());

        assertThat(bytes()).containsExactly(SECOND);
        assertThat(reader.malformed()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1", "67", "0x7FFFFFFF", "-1", "-80"})
    void nextFrameThatIsNowhereEndsTheBlock(int next) {
        byte[] block = new SyntheticBlock().frame(FIRST).frame(SECOND).toBytes();
        ByteBuffer.wrap(block).order(ByteOrder.nativeOrder()).putInt(48 + NEXT, next);

        BlockReader reader = read(block);

        assertThat(bytes()).containsExactly(FIRST);
        assertThat(reader.malformed()).isEqualTo(1);
    }

    @Test
    void announcedFramesThatAreNotThereAreCountedOnce() {
        byte[] block = new SyntheticBlock().frame(FIRST).toBytes();
        ByteBuffer.wrap(block).order(ByteOrder.nativeOrder()).putInt(12, Integer.MAX_VALUE);

        BlockReader reader = read(block);

        assertThat(bytes()).containsExactly(FIRST);
        assertThat(reader.malformed()).isEqualTo(1);
    }

    @Test
    void wireLengthIsNeverLessThanWhatIsHeld() {
        read(new SyntheticBlock().frame(FIRST).lie(WIRE, 1).toBytes());

        assertThat(collected.frames.getFirst().wireLength()).isEqualTo(FIRST.length);
    }

    @Test
    void wireLengthWithATagIsNoNegativeNumber() {
        read(new SyntheticBlock().frame(FIRST, Integer.MAX_VALUE, 0, 42, 0).toBytes());

        assertThat(collected.frames.getFirst().wireLength()).isEqualTo(Integer.MAX_VALUE);
    }

    /// What the warm-up reads is what the kernel writes.
    @Test
    void practiceBlocksAreReadAsTheirFrames() {
        MemorySegment memory = Arena.ofAuto().allocate(PracticeBlock.BYTES, 8);
        PracticeBlock block = new PracticeBlock(collected, memory);
        for (int i = 0; i < 6_000; i++) {
            block.add(i % 2 == 0 ? FIRST : SECOND, SyntheticBlock.TIME_NANOS + i);
        }

        assertThat(collected.frames).hasSizeGreaterThan(3_000); // the last block is not full
        assertThat(bytes().subList(2_998, 3_000)).containsExactly(FIRST, SECOND);
        assertThat(collected.frames.get(2_999).timestampNanos())
                .isEqualTo(SyntheticBlock.TIME_NANOS + 2_999);
    }

    @Test
    void readingABlockAllocatesNothing() {
        SyntheticBlock frames = new SyntheticBlock();
        for (int i = 0; i < 200; i++) {
            frames.frame(FIRST, FIRST.length, VLAN, 42, 0).frame(SECOND);
        }
        byte[] block = frames.toBytes();
        MemorySegment memory = SyntheticBlock.memory(block);
        BlockReader reader = new BlockReader(new Nothing(), LinkKind.ETHERNET);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 5_000; i++) { // warm up
            reader.read(memory, block.length);
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 5_000; i++) {
            reader.read(memory, block.length);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(reader.frames()).isEqualTo(10_000 * 400);
        assertThat(allocated).as("bytes for two million frames").isLessThan(100_000);
    }

    /// Each of many blocks has some of its fields overwritten with what hurts most.
    @Test
    void mutatedBlocksAreReadToAnEndInsideTheirMemory() {
        Random random = new Random(1);
        int[] values = {0, 1, 47, 48, 67, 68, 69, 0x7FFF, 0xFFFF, -1, Integer.MIN_VALUE};
        long malformed = 0;
        for (int round = 0; round < 20_000; round++) {
            SyntheticBlock valid = new SyntheticBlock();
            for (int i = random.nextInt(6); i >= 0; i--) {
                int status = random.nextBoolean() ? VLAN : 0;
                valid.frame(Arrays.copyOf(SECOND, random.nextInt(80)), 80, status, 7, 0);
            }
            byte[] block = valid.toBytes();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int at = random.nextInt(block.length - 3);
                int value = values[random.nextInt(values.length)];
                ByteBuffer.wrap(block).order(ByteOrder.nativeOrder()).putInt(at & ~1, value);
            }
            FramesInside frames = new FramesInside();
            BlockReader reader = new BlockReader(frames, LinkKind.ETHERNET);
            int length = random.nextInt(8) == 0 ? random.nextInt(block.length) : block.length;

            reader.read(SyntheticBlock.memory(block), length);

            assertThat(frames.count).isEqualTo(reader.frames());
            assertThat(reader.frames() + reader.malformed()).isLessThanOrEqualTo(length / 68 + 1);
            malformed += reader.malformed();
        }
        assertThat(malformed).as("mutations that hit").isGreaterThan(2_000);
    }

    private static final class Nothing implements FrameHandler {
        @Override
        public void onFrame(
                MemorySegment block,
                long offset,
                int capturedLength,
                int wireLength,
                long timestampNanos,
                int linkType) {
            // only what it costs to come here matters
        }

        @Override
        public void onBatchEnd() {
            // nothing was put off
        }
    }

    private BlockReader read(byte[] block) {
        return read(block, LinkKind.ETHERNET);
    }

    private BlockReader read(byte[] block, LinkKind link) {
        BlockReader reader = new BlockReader(collected, link);
        reader.read(SyntheticBlock.memory(block), block.length);
        collected.onBatchEnd();
        return reader;
    }

    private List<byte[]> bytes() {
        return collected.frames.stream().map(CollectedFrames.Frame::bytes).toList();
    }
}
