package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Hit;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.sensor.capture.CaptureProgress;
import minewatch.sensor.capture.CaptureReader;
import minewatch.sensor.capture.CollectedFrames;
import minewatch.sensor.capture.CollectedFrames.Frame;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.work.PowerTable;
import minewatch.testkit.Captures;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a capture says does not depend on how the work on it is split: over workers, batches or
/// files.
class SplittingTest {
    private static final Path SHARED =
            Path.of(System.getProperty("minewatch.root"), "..", "shared", "captures", "own");
    private static final Inspector.Limits LIMITS = Inspector.Limits.fitting(1L << 30, 3);
    private static final Progress PROGRESS = Progress.onTerminal(1);
    private static final Set<String> ACCUSING = Set.of("miner", "probable", "relay", "browser");
    private static final SignaturePack PACK = SignaturePacks.builtIn();
    private static final long START_NANOS = 1_795_478_400_000_000_000L;

    @TempDir Path folder;

    @BeforeAll
    static void capturesAreAtHand() {
        assumeThat(SHARED).as("captures are not at %s", SHARED).isDirectory();
    }

    static Stream<String> captures() {
        return CaptureFiles.find(List.of(SHARED.toString())).stream();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void severalWorkersFindWhatOneFinds(String capture) {
        FileScan.Outcome one = scan(capture, 1, Worker.NO_INTERVAL);
        for (int workers = 2; workers <= 3; workers++) {
            FileScan.Outcome several = scan(capture, workers, Worker.NO_INTERVAL);
            assertThat(several.hits()).as("%d workers", workers).isEqualTo(one.hits());
            assertThat(several.capture()).isEqualTo(one.capture());
            assertThat(several.counters()).isEqualTo(one.counters());
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void severalWorkersEndTheirIntervalsTogether(String capture) {
        long interval = Duration.ofSeconds(10).toNanos();
        assertThat(scan(capture, 3, interval).hits()).isEqualTo(scan(capture, 1, interval).hits());
    }

    /// All captures at the same time: flows of one learn from those of another.
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void severalWorkersFindWhatOneFindsInAllCapturesAtOnce(int workers) throws IOException {
        List<Frame> frames = new ArrayList<>();
        for (String capture : captures().toList()) {
            List<Frame> each = frames(capture);
            long shift = START_NANOS - each.getFirst().timestampNanos();
            each.forEach(frame -> frames.add(later(frame, shift)));
        }
        frames.sort(Comparator.comparingLong(Frame::timestampNanos));
        String all = write("all.pcap", frames);

        FileScan.Outcome one = scan(all, 1, Worker.NO_INTERVAL);

        assertThat(accused(one)).hasSizeGreaterThan(3);
        assertThat(scan(all, workers, Worker.NO_INTERVAL).hits()).isEqualTo(one.hits());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void batchesOfAnySizeFindTheSame(String capture) {
        List<Frame> frames = frames(capture);
        List<Hit> whole = hits(frames, frames.size());
        for (int batch : new int[] {1, 2, 7, 63}) {
            assertThat(hits(frames, batch)).as("batches of %d", batch).isEqualTo(whole);
        }
    }

    /// A capture in several files, which the sensor reads as one.
    @ParameterizedTest
    @MethodSource("captures")
    void sensorGoesOnFromOneFileToTheNext(String capture) throws IOException {
        List<Frame> frames = frames(capture);
        List<Hit> hits = new ArrayList<>();
        try (Worker worker = worker(hits)) {
            for (String part : parts(frames, 4, new Random(4))) {
                assertThat(new CaptureReader(worker).read(part, CaptureProgress.NONE).isComplete())
                        .isTrue();
            }
            worker.finish();
        }
        assertThat(hits).isEqualTo(hits(frames, frames.size()));
    }

    /// A scan reads each file by itself, so numbers are of each; who is accused stays the same.
    @ParameterizedTest
    @MethodSource("captures")
    void scanOfTheFilesOfASplitCaptureAccusesTheSame(String capture) throws IOException {
        List<Frame> frames = frames(capture);
        Set<String> whole = accused(scan(capture, 1, Worker.NO_INTERVAL));
        for (int seed = 1; seed <= 3; seed++) {
            Set<String> split = new TreeSet<>();
            for (String part : parts(frames, 2, new Random(seed))) {
                split.addAll(accused(scan(part, 1, Worker.NO_INTERVAL)));
            }
            assertThat(split).as("split %d", seed).isEqualTo(whole);
        }
    }

    private static FileScan.Outcome scan(String capture, int workers, long intervalNanos) {
        FileScan.Outcome outcome =
                workers == 1
                        ? FileScan.run(capture, PACK, LIMITS, intervalNanos, null, PROGRESS)
                        : FileScan.runTeam(capture, PACK, LIMITS, intervalNanos, workers, PROGRESS);
        assertThat(outcome.capture().isComplete()).isTrue();
        return outcome;
    }

    private static Set<String> accused(FileScan.Outcome outcome) {
        return outcome.hits().stream()
                .filter(hit -> ACCUSING.contains(HitText.verdict(hit)))
                .map(hit -> Addresses.text(hit.getSourceIp()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Frame> frames(String capture) {
        CollectedFrames collected = new CollectedFrames();
        new CaptureReader(collected).read(capture, CaptureProgress.NONE);
        return collected.frames;
    }

    private static Frame later(Frame frame, long nanos) {
        return new Frame(
                frame.bytes(),
                frame.wireLength(),
                frame.timestampNanos() + nanos,
                frame.linkType());
    }

    /// What one worker finds that is told every so many frames that their memory goes.
    private static List<Hit> hits(List<Frame> frames, int batch) {
        List<Hit> hits = new ArrayList<>();
        try (Worker worker = worker(hits);
                Arena arena = Arena.ofConfined()) {
            int count = 0;
            for (Frame frame : frames) {
                MemorySegment block = arena.allocateFrom(ValueLayout.JAVA_BYTE, frame.bytes());
                worker.onFrame(
                        block,
                        0,
                        frame.bytes().length,
                        frame.wireLength(),
                        frame.timestampNanos(),
                        frame.linkType());
                if (++count % batch == 0) {
                    worker.onBatchEnd();
                }
            }
            worker.finish();
        }
        return hits;
    }

    private static Worker worker(List<Hit> hits) {
        return new Worker(
                new Worker.Settings(FlowConfig.DEFAULT, LIMITS, Worker.NO_INTERVAL),
                PACK,
                new HitBuilder("test", null, Privacy.OPEN, PowerTable.builtIn()),
                hits::addAll,
                null);
    }

    /// The frames in as many files, cut anywhere.
    private List<String> parts(List<Frame> frames, int count, Random random) throws IOException {
        List<Integer> cuts = new ArrayList<>(List.of(0, frames.size()));
        for (int i = 1; i < count; i++) {
            cuts.add(random.nextInt(frames.size() + 1));
        }
        cuts.sort(null);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(write("part-" + i + ".pcap", frames.subList(cuts.get(i), cuts.get(i + 1))));
        }
        return parts;
    }

    private String write(String name, List<Frame> frames) throws IOException {
        int linkType = frames.isEmpty() ? Captures.ETHERNET : frames.getFirst().linkType();
        assertThat(frames).allMatch(frame -> frame.linkType() == linkType);
        Captures file = Captures.pcap(ByteOrder.LITTLE_ENDIAN, Captures.NANOS, linkType);
        frames.forEach(
                frame -> file.frame(frame.timestampNanos(), frame.bytes(), frame.wireLength()));
        return Files.write(folder.resolve(name), file.bytes()).toString();
    }
}
