package minewatch.sensor.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import minewatch.testkit.Captures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureReaderTest {
    private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
    private static final ByteOrder BIG = ByteOrder.BIG_ENDIAN;
    private static final long T = 1_700_000_000_123_456_789L; // ns
    private static final byte[] FRAME = "sixteen bytes...".getBytes(US_ASCII);

    private final CollectedFrames collected = new CollectedFrames();
    private final CaptureReader reader = new CaptureReader(collected);

    @ParameterizedTest
    @CsvSource({
        "true, A1B2C3D4, 1700000000123456000",
        "false, A1B2C3D4, 1700000000123456000",
        "true, A1B23C4D, 1700000000123456789",
        "false, A1B23C4D, 1700000000123456789",
        "true, A1B2CD34, 1700000000123456000",
        "false, A1B2CD34, 1700000000123456000"
    })
    void everyKindOfPcapGivesFrameTimeAndLinkType(boolean little, String magic, long expected) {
        int number = Integer.parseUnsignedInt(magic, 16);
        byte[] file =
                Captures.pcap(little ? LITTLE : BIG, number, 113)
                        .frame(T, FRAME, 1500)
                        .frame(T, FRAME)
                        .bytes();

        CaptureResult result = read(file);

        assertThat(result).isEqualTo(new CaptureResult("test", 2, 1500 + FRAME.length, null));
        CollectedFrames.Frame first = collected.frames.getFirst();
        assertThat(first.bytes()).isEqualTo(FRAME);
        assertThat(first.wireLength()).isEqualTo(1500);
        assertThat(first.timestampNanos()).isEqualTo(expected);
        assertThat(first.linkType()).isEqualTo(113);
        assertThat(collected.frames.get(1).bytes()).isEqualTo(FRAME);
    }

    @Test
    void frameCheckSequenceLengthIsNoPartOfTheLinkType() {
        read(Captures.pcap(LITTLE, Captures.MICROS, 0x4400_0001).frame(T, FRAME).bytes());

        assertThat(collected.frames.getFirst().linkType()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pcapngSectionsHaveTheirOwnInterfacesAndTime(boolean little) {
        Captures file = Captures.pcapng(little ? LITTLE : BIG);
        long micros = T / 1000;
        file.iface(1, 0, new byte[0])
                .iface(113, 0, file.option(9, new byte[] {9})) // nanoseconds
                .block(0x0BAD, new byte[40]) // unknown
                .packet(0, micros, FRAME, 20)
                .packet(1, T, FRAME, 21)
                .section()
                .iface(101, 0, file.option(9, new byte[] {(byte) 0x8A})) // 1/1024 s
                .packet(0, 5 * 1024 + 512, FRAME, 22);

        CaptureResult result = read(file.bytes());

        assertThat(result).isEqualTo(new CaptureResult("test", 3, 63, null));
        assertThat(collected.frames)
                .extracting(CollectedFrames.Frame::timestampNanos)
                .containsExactly(micros * 1000, T, 5_500_000_000L);
        assertThat(collected.frames)
                .extracting(CollectedFrames.Frame::linkType)
                .containsExactly(1, 113, 101);
        assertThat(collected.frames).allSatisfy(f -> assertThat(f.bytes()).isEqualTo(FRAME));
    }

    @Test
    void pcapngSectionsMayDifferInByteOrder() {
        byte[] first =
                Captures.pcapng(BIG).iface(1, 0, new byte[0]).packet(0, 1, FRAME, 16).bytes();
        byte[] second =
                Captures.pcapng(LITTLE).iface(9, 0, new byte[0]).packet(0, 2, FRAME, 16).bytes();

        CaptureResult result = read(concat(first, second));

        assertThat(result.problem()).isNull();
        assertThat(collected.frames)
                .extracting(CollectedFrames.Frame::linkType)
                .containsExactly(1, 9);
    }

    @Test
    void pcapngTimeOffsetIsAdded() {
        Captures file = Captures.pcapng(LITTLE);
        byte[] offset = ByteBuffer.allocate(8).order(LITTLE).putLong(1_000_000_000L).array();
        file.iface(1, 0, file.option(14, offset)).packet(0, 7, FRAME, 16);

        read(file.bytes());

        assertThat(collected.frames.getFirst().timestampNanos())
                .isEqualTo(1_000_000_000_000_007_000L);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3, 3000000000", // seconds
        "3, 3, 3000000",
        "12, 3000, 3",
        "30, 9223372036854775807, 0",
        "128, 3, 3000000000", // 2^0
        "160, 4294967296, 1000000000", // 2^-32
        "191, -9223372036854775808, 1000000000", // 2^-63
        "255, 1, 0"
    })
    void pcapngResolutionGivesNanoseconds(int resolution, long ticks, long expected) {
        PcapngInterface described = new PcapngInterface(1, 0);

        described.resolution(resolution);

        assertThat(described.nanos(ticks)).isEqualTo(expected);
    }

    @Test
    void simplePacketIsCutToTheSnapLengthAndTakesTheTimeBefore() {
        Captures file = Captures.pcapng(LITTLE).iface(1, 8, new byte[0]);
        file.packet(0, 42, FRAME, 16);
        byte[] body = ByteBuffer.allocate(12).order(LITTLE).putInt(1500).put(FRAME, 0, 8).array();
        file.block(3, body);

        CaptureResult result = read(file.bytes());

        assertThat(result.problem()).isNull();
        CollectedFrames.Frame simple = collected.frames.get(1);
        assertThat(simple.bytes()).isEqualTo(Arrays.copyOf(FRAME, 8));
        assertThat(simple.wireLength()).isEqualTo(1500);
        assertThat(simple.timestampNanos()).isEqualTo(42_000);
    }

    @Test
    void obsoletePacketBlockIsRead() {
        Captures file = Captures.pcapng(BIG).iface(1, 0, new byte[0]);
        ByteBuffer body = ByteBuffer.allocate(36).order(BIG);
        body.putShort((short) 0).putShort((short) 9).putInt(0).putInt(77).putInt(16).putInt(60);
        file.block(2, body.put(FRAME).array());

        assertThat(read(file.bytes()).problem()).isNull();

        assertThat(collected.frames.getFirst().timestampNanos()).isEqualTo(77_000);
        assertThat(collected.frames.getFirst().wireLength()).isEqualTo(60);
    }

    @Test
    void unknownBlockLargerThanMemoryIsSkipped() {
        Captures file = Captures.pcapng(LITTLE).iface(1, 0, new byte[0]);
        file.block(0x0BAD, new byte[3 << 20]).packet(0, 1, FRAME, 16);

        assertThat(read(file.bytes())).isEqualTo(new CaptureResult("test", 1, 16, null));
    }

    @Test
    void framesAcrossBlockBordersArriveWhole() {
        List<byte[]> frames = randomFrames(2000);
        Captures file = Captures.pcap(LITTLE);
        frames.forEach(f -> file.frame(T, f));

        read(file.bytes());

        assertCollected(frames);
    }

    @Test
    void sourceThatGivesAByteAtATimeReadsTheSame() {
        List<byte[]> frames = randomFrames(3);
        Captures file = Captures.pcapng(LITTLE).iface(1, 0, new byte[0]);
        frames.forEach(f -> file.packet(0, 1, f, f.length));
        ByteArrayInputStream bytes = new ByteArrayInputStream(file.bytes());

        CaptureResult result =
                reader.read("test", new OneByteChannel(bytes), -1, CaptureProgress.NONE);

        assertThat(result.problem()).isNull();
        assertCollected(frames);
    }

    @Test
    void gzipOfSeveralMembersIsReadToTheEnd() throws IOException {
        byte[] file = Captures.pcap(LITTLE).frame(T, FRAME).frame(T, FRAME).bytes();
        byte[] first = gzip(Arrays.copyOf(file, 30));
        byte[] second = gzip(Arrays.copyOfRange(file, 30, file.length));

        assertThat(read(concat(first, second)).packets()).isEqualTo(2);
    }

    @Test
    void zstdOfSeveralFramesIsReadToTheEnd() {
        byte[] file = Captures.pcap(LITTLE).frame(T, FRAME).frame(T, FRAME).bytes();
        byte[] first = Zstd.compress(Arrays.copyOf(file, 30));
        byte[] second = Zstd.compress(Arrays.copyOfRange(file, 30, file.length));

        assertThat(read(concat(first, second)).packets()).isEqualTo(2);
    }

    @Test
    void truncatedGzipGivesWhatWasThereAndSaysSo() throws IOException {
        Captures file = Captures.pcap(LITTLE);
        randomFrames(2000).forEach(f -> file.frame(T, f));
        byte[] whole = gzip(file.bytes());

        CaptureResult result = read(Arrays.copyOf(whole, whole.length / 2));

        assertThat(result.packets()).isBetween(500L, 1500L);
        assertThat(describe(result)).matches("test: truncated at byte \\d+: gzip data ends early");
    }

    @Test
    void truncatedZstdGivesWhatWasThereAndSaysSo() {
        Captures file = Captures.pcap(LITTLE);
        randomFrames(2000).forEach(f -> file.frame(T, f));
        byte[] whole = Zstd.compress(file.bytes());

        CaptureResult result = read(Arrays.copyOf(whole, whole.length / 2));

        assertThat(result.packets()).isBetween(300L, 1500L);
        assertThat(describe(result)).matches("test: truncated at byte \\d+: zstd data ends early");
    }

    @Test
    void corruptGzipGivesWhatWasThereAndSaysSo() throws IOException {
        byte[] whole = gzip(Captures.pcap(LITTLE).frame(T, FRAME).bytes());
        whole[whole.length - 8]++; // the checksum

        CaptureResult result = read(whole);

        assertThat(result.packets()).isEqualTo(1);
        assertThat(describe(result)).matches("test: corrupt at byte 56: gzip: .+");
    }

    @Test
    void truncatedRecordNamesItsOffset() {
        byte[] file = Captures.pcap(LITTLE).frame(T, FRAME).frame(T, new byte[1500]).bytes();

        CaptureResult result = read(Arrays.copyOf(file, 24 + 32 + 16 + 12));

        assertThat(result.packets()).isEqualTo(1);
        assertThat(describe(result))
                .isEqualTo("test: truncated at byte 56: record header says 1500 bytes, 12 remain");
    }

    @Test
    void truncatedRecordHeaderNamesItsOffset() {
        byte[] file = Captures.pcap(LITTLE).frame(T, FRAME).frame(T, FRAME).bytes();

        assertThat(describe(read(Arrays.copyOf(file, 56 + 7))))
                .isEqualTo("test: truncated at byte 56: record header needs 16 bytes, 7 remain");
    }

    @Test
    void truncatedPcapngBlockNamesItsOffset() {
        byte[] file =
                Captures.pcapng(LITTLE).iface(1, 0, new byte[0]).packet(0, 1, FRAME, 16).bytes();

        assertThat(describe(read(Arrays.copyOf(file, file.length - 1))))
                .isEqualTo("test: truncated at byte 48: block header says 48 bytes, 47 remain");
    }

    @Test
    void insaneLengthIsCorruptionNotAnAllocation() {
        byte[] file = Captures.pcap(LITTLE).frame(T, FRAME).frame(T, FRAME).bytes();
        ByteBuffer.wrap(file).order(LITTLE).putInt(56 + 8, 0x7FFF_FFFF);

        CaptureResult result = read(file);

        assertThat(result.packets()).isEqualTo(1);
        assertThat(describe(result))
                .isEqualTo(
                        "test: corrupt at byte 56: record header says 2147483647 bytes (expected:"
                                + " at most 262144)");
    }

    @Test
    void largestFrameIsDelivered() {
        byte[] frame = new byte[CaptureReader.MAX_FRAME_BYTES];

        assertThat(read(Captures.pcap(LITTLE).frame(T, frame).bytes()).packets()).isEqualTo(1);
        byte[] ng =
                Captures.pcapng(LITTLE)
                        .iface(1, 0, new byte[0])
                        .packet(0, 1, frame, frame.length)
                        .bytes();
        assertThat(read(ng).packets()).isEqualTo(1);
    }

    @Test
    void packetOfAnUndescribedInterfaceIsCorruption() {
        byte[] file =
                Captures.pcapng(LITTLE).iface(1, 0, new byte[0]).packet(1, 1, FRAME, 16).bytes();

        assertThat(describe(read(file)))
                .isEqualTo(
                        "test: corrupt at byte 48: packet of interface 1, but the section"
                                + " describes 1");
    }

    @Test
    void blockLengthsThatDifferAreCorruption() {
        byte[] file =
                Captures.pcapng(LITTLE).iface(1, 0, new byte[0]).packet(0, 1, FRAME, 16).bytes();
        file[file.length - 4] = 99;

        assertThat(describe(read(file)))
                .isEqualTo(
                        "test: corrupt at byte 48: block length is 48 before and 99 after the"
                                + " block");
    }

    @ParameterizedTest
    @CsvSource({"'hello, world', starts with 68656c6c", "'', is empty", "ab, starts with 6162"})
    void otherFilesAreNoCapture(String content, String found) {
        assertThat(describe(read(content.getBytes(US_ASCII))))
                .isEqualTo(
                        "test: not a capture: "
                                + found
                                + " (expected: pcap or pcapng, plain or in gzip or zstd)");
    }

    @Test
    void gzipOfSomethingElseIsNoCapture() throws IOException {
        assertThat(describe(read(gzip("hello".getBytes(US_ASCII)))))
                .startsWith("test: not a capture: gzip content starts with 68656c6c");
    }

    @Test
    void missingFileIsSaidPlainly(@TempDir Path folder) {
        Path file = folder.resolve("none.pcap");

        CaptureResult result = reader.read(file, CaptureProgress.NONE);

        assertThat(result.problem()).isNotNull();
        assertThat(describe(result)).isEqualTo(file + ": cannot read: no such file");
    }

    @Test
    void progressEndsAtTheSizeOfTheFile(@TempDir Path folder) throws IOException {
        Captures captures = Captures.pcap(LITTLE);
        randomFrames(2000).forEach(f -> captures.frame(T, f));
        Path file = folder.resolve("a.pcap");
        Files.write(file, captures.bytes());
        List<Long> reads = new ArrayList<>();

        reader.read(
                file,
                (read, total) -> {
                    assertThat(total).isEqualTo(captures.bytes().length);
                    reads.add(read);
                });

        assertThat(reads).hasSizeGreaterThan(2).isSorted().endsWith((long) captures.bytes().length);
    }

    @Test
    void readerIsUsedForOneFileAfterAnother() {
        byte[] file = Captures.pcap(LITTLE).frame(T, FRAME).bytes();

        read(Arrays.copyOf(file, 45));
        read(file);
        read(file);

        assertThat(collected.frames).hasSize(2);
    }

    private CaptureResult read(byte[] file) {
        ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(file));
        return reader.read("test", channel, file.length, CaptureProgress.NONE);
    }

    private static String describe(CaptureResult result) {
        CaptureProblem problem = result.problem();
        return problem == null ? "no problem" : problem.describe(result.name());
    }

    private void assertCollected(List<byte[]> frames) {
        assertThat(collected.frames).hasSize(frames.size());
        for (int i = 0; i < frames.size(); i++) {
            assertThat(collected.frames.get(i).bytes()).isEqualTo(frames.get(i));
        }
    }

    private static List<byte[]> randomFrames(int count) {
        Random random = new Random(1);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] frame = new byte[1 + random.nextInt(1500)];
            random.nextBytes(frame);
            frames.add(frame);
        }
        return frames;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }

    private record OneByteChannel(ByteArrayInputStream in) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer target) {
            int value = in.read();
            if (value < 0) {
                return -1;
            }
            target.put((byte) value);
            return 1;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
