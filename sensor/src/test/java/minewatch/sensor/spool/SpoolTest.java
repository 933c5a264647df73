package minewatch.sensor.spool;

import static minewatch.sensor.spool.SpoolFixture.append;
import static minewatch.sensor.spool.SpoolFixture.copy;
import static minewatch.sensor.spool.SpoolFixture.flip;
import static minewatch.sensor.spool.SpoolFixture.gaps;
import static minewatch.sensor.spool.SpoolFixture.hit;
import static minewatch.sensor.spool.SpoolFixture.hitNumbers;
import static minewatch.sensor.spool.SpoolFixture.numbers;
import static minewatch.sensor.spool.SpoolFixture.open;
import static minewatch.sensor.spool.SpoolFixture.quarantined;
import static minewatch.sensor.spool.SpoolFixture.read;
import static minewatch.sensor.spool.SpoolFixture.segments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Hit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir Path folder;

    @Test
    void whatWasAppendedIsReadInOrderAlsoAfterReopening() throws Exception {
        UUID bootId;
        try (Spool spool = open(folder)) {
            bootId = spool.bootId();
            append(spool, 1, 500, 400); // several segments
            assertThat(hitNumbers(read(spool, 0))).isEqualTo(numbers(1, 500));
        }
        assertThat(segments(folder)).hasSizeGreaterThan(2);
        try (Spool spool = open(folder)) {
            assertThat(spool.bootId()).isEqualTo(bootId);
            assertThat(spool.lastSeq()).isEqualTo(500);
            append(spool, 501, 510, 400);
            List<Batch> batches = read(spool, 0);
            assertThat(hitNumbers(batches)).isEqualTo(numbers(1, 510));
            assertThat(batches.stream().map(Batch::getSeq)).isEqualTo(numbers(1, 510));
            assertThat(gaps(batches)).isEmpty();
            assertThat(hitNumbers(read(spool, 505))).isEqualTo(numbers(506, 510));
        }
    }

    @Test
    void hitsOfAnIntervalAreCutIntoBatchesThatFit() throws Exception {
        List<Hit> hits = LongStream.rangeClosed(1, 100).mapToObj(n -> hit(n, 20_000)).toList();
        try (Spool spool = open(folder)) {
            assertThat(spool.append(hits)).isTrue();
            List<Batch> batches = read(spool, 0);
            assertThat(hitNumbers(batches)).isEqualTo(numbers(1, 100));
            assertThat(batches)
                    .hasSizeGreaterThan(7)
                    .allMatch(b -> b.getSerializedSize() <= BatchCutter.TARGET + 64);
        }
    }

    @Test
    void hitTooLargeForAnyBatchIsAGapAndTheOthersAreKept() throws Exception {
        try (Spool spool = open(folder)) {
            assertThat(spool.append(List.of(hit(1, 10), hit(2, Frames.MAX_PAYLOAD), hit(3, 10))))
                    .isFalse();
            append(spool, 4, 4, 10);
            assertThat(hitNumbers(read(spool, 0))).containsExactly(1L, 3L, 4L);
            assertThat(gaps(read(spool, 0))).containsExactly("oversized 2-2 1");
        }
    }

    @Test
    void acknowledgedSegmentsAreDeletedAndNeverReadAgain() throws Exception {
        try (Spool spool = open(folder)) {
            append(spool, 1, 500, 400);
            int before = segments(folder).size();
            spool.ack(400);
            assertThat(segments(folder)).hasSizeLessThan(before);
            assertThat(hitNumbers(read(spool, 0))).isEqualTo(numbers(401, 500));
            spool.ack(500);
            spool.ack(3); // late and older: nothing to do
            assertThat(segments(folder)).hasSize(1);
            assertThat(spool.waitingBatches()).isZero();
        }
        try (Spool spool = open(folder)) {
            assertThat(spool.ackedSeq()).isEqualTo(500);
            assertThat(read(spool, 0)).isEmpty();
            append(spool, 501, 501, 10);
            assertThat(hitNumbers(read(spool, 0))).containsExactly(501L);
        }
    }

    @Test
    void ackOfABatchThatNeverWasIsRefused() throws Exception {
        try (Spool spool = open(folder)) {
            append(spool, 1, 3, 10);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> spool.ack(4))
                    .withMessage("ack: 4 (expected: at most 3)");
        }
    }

    @Test
    void readerAtTheEndGoesOnWithWhatComesLater() throws Exception {
        try (Spool spool = open(folder);
                SpoolReader reader = spool.reader(0)) {
            assertThat(reader.next()).isEmpty();
            for (long n = 1; n <= 400; n++) {
                append(spool, n, n, 400);
                assertThat(hitNumbers(List.of(reader.next().orElseThrow()))).containsExactly(n);
                assertThat(reader.next()).isEmpty();
                spool.ack(n - 1);
            }
        }
    }

    @Test
    void secondOwnerIsRefused() throws Exception {
        try (Spool spool = open(folder)) {
            assertThatThrownBy(() -> open(folder))
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContaining("another sensor uses it; stop that one");
            append(spool, 1, 1, 10);
        }
        open(folder).close();
    }

    @Test
    void directoryOfAnotherSensorIsRefused() throws Exception {
        open(folder).close();
        var config = new SpoolConfig(folder, 8 << 20, 64 << 10);
        assertThatThrownBy(() -> Spool.open(config, "s-2", Set.of(), new SimpleMeterRegistry()))
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining("it holds hits of sensor s-1 (this one is s-2)");
        open(folder).close(); // the refused one left no lock behind
    }

    @Test
    void directoryThatCannotBeMadeIsAClearError() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(SpoolException.class)
                .hasMessageStartingWith("cannot open spool " + file + ": ")
                .hasMessageEndingWith("make it writable for the sensor, or set spool.directory");
    }

    @Test
    void sizeCapDropsTheOldestAndSaysExactlyWhat() throws Exception {
        var registry = new SimpleMeterRegistry();
        try (Spool spool = open(folder, 1 << 20, 64 << 10, registry)) {
            append(spool, 1, 420, 3000);
            assertThat(spool.usedBytes()).isLessThanOrEqualTo(1 << 20);
            long size = 0;
            for (Path segment : segments(folder)) {
                size += Files.size(segment);
            }
            assertThat(size).isEqualTo(spool.usedBytes());
            List<Batch> batches = read(spool, 0);
            long first = batches.getFirst().getSeq();
            assertThat(hitNumbers(batches)).isEqualTo(numbers(first, 420));
            long lost = first - 1;
            assertThat(gaps(batches)).containsExactly("spool-full 1-" + lost + " " + lost);
            assertThat(batches.getFirst().getGapsCount()).isOne();
            assertThat(
                            registry.counter(
                                            "minewatch.sensor.spool.gap.hits",
                                            "reason",
                                            "spool-full")
                                    .count())
                    .isEqualTo((double) lost);
        }
        try (Spool spool = open(folder, 1 << 20, 64 << 10)) {
            assertThat(gaps(read(spool, 0))).as("also after reopening").hasSize(1);
            spool.ack(read(spool, 0).getFirst().getSeq());
            assertThat(gaps(read(spool, 0))).as("told once acknowledged").isEmpty();
        }
    }

    @Test
    void batchLargerThanTheWholeSpoolIsAGapAndNothingElseIsDropped() throws Exception {
        try (Spool spool = open(folder, 1 << 20, 64 << 10)) {
            append(spool, 1, 1, 10);
            append(spool, 2, 2, 2 << 20);
            append(spool, 3, 3, 10);
            assertThat(hitNumbers(read(spool, 0))).containsExactly(1L, 3L);
            assertThat(gaps(read(spool, 0))).containsExactly("spool-full 2-2 1");
        }
    }

    @Test
    void readerInADroppedSegmentGoesOnWithTheGap() throws Exception {
        try (Spool spool = open(folder, 1 << 20, 64 << 10);
                SpoolReader reader = spool.reader(0)) {
            append(spool, 1, 10, 3000);
            assertThat(reader.next().orElseThrow().getSeq()).isEqualTo(1);
            append(spool, 11, 420, 3000);
            Batch next = reader.next().orElseThrow();
            assertThat(next.getSeq()).isGreaterThan(11);
            // The reader is done with 1; for one that begins anew, 1 is lost as well.
            assertThat(next.getGaps(0).getFirstSeq()).isEqualTo(2);
            assertThat(next.getGaps(0).getLastSeq()).isEqualTo(next.getSeq() - 1);
            assertThat(read(spool, 0).getFirst().getGaps(0).getFirstSeq()).isEqualTo(1);
            spool.ack(next.getSeq());
            assertThat(reader.next().orElseThrow().getSeq()).isEqualTo(next.getSeq() + 1);
        }
    }

    /// The crash model of an append: any prefix of it, with or without garbage after it.
    @Test
    void lastSegmentCutAtEveryByteKeepsExactlyTheWholeBatchesBeforeTheCut() throws Exception {
        Path whole = folder.resolve("whole");
        List<Long> ends = new ArrayList<>(); // bytes of the file after each batch
        try (Spool spool = open(whole)) {
            ends.add((long) Frames.SEGMENT_HEADER);
            for (long n = 1; n <= 3; n++) {
                append(spool, n, n, 20);
                ends.add(Files.size(segments(whole).getFirst()));
            }
        }
        Path file = segments(whole).getFirst();
        for (int cut : SpoolFixture.offsets(file).toArray()) {
            long kept = Math.max(0, ends.stream().filter(end -> end <= cut).count() - 1);
            for (int tail : cut % 7 == 0 ? new int[] {0, 4096} : new int[] {0}) {
                Path spoiled = copy(whole, folder.resolve("cut" + cut + "-" + tail));
                cut(segments(spoiled).getFirst(), cut, tail);
                try (Spool spool = open(spoiled)) {
                    append(spool, 100, 100, 20);
                    List<Batch> batches = read(spool, 0);
                    var expected = new ArrayList<>(numbers(1, kept));
                    expected.add(100L);
                    assertThat(hitNumbers(batches)).as("cut at %d", cut).isEqualTo(expected);
                    boolean torn =
                            cut + tail > Frames.SEGMENT_HEADER
                                    && (!ends.contains((long) cut) || tail > 0);
                    assertThat(gaps(batches))
                            .as("cut at %d, tail %d", cut, tail)
                            .isEqualTo(
                                    torn
                                            ? List.of(
                                                    "torn " + (kept + 1) + "-" + (kept + 1) + " 0")
                                            : List.of());
                }
            }
        }
    }

    private static void cut(Path file, int size, int zeros) throws Exception {
        try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.write(java.nio.ByteBuffer.allocate(zeros), size);
        }
    }

    @Test
    void flippedBitLosesItsOwnBatchAtMostAndTheLossIsSaid() throws Exception {
        Path whole = folder.resolve("whole");
        try (Spool spool = open(whole, 8 << 20, 64 << 10)) {
            append(spool, 1, 4, 20);
            append(spool, 5, 5, 64_500); // fills the first segment
            append(spool, 6, 8, 900);
        }
        assertThat(segments(whole)).hasSize(2);
        Path first = segments(whole).getFirst();
        long small = 4L * 100 + Frames.SEGMENT_HEADER;
        for (int at :
                SpoolFixture.offsets(first).filter(i -> i < small || i % 4099 == 0).toArray()) {
            Path spoiled = copy(whole, folder.resolve("flip" + at));
            flip(segments(spoiled).getFirst(), at, at % 8);
            try (Spool spool = open(spoiled)) {
                List<Batch> batches = read(spool, 0);
                var lost = new ArrayList<>(numbers(1, 8));
                lost.removeAll(hitNumbers(batches));
                assertThat(hitNumbers(batches)).doesNotHaveDuplicates().isSorted();
                if (at < Frames.SEGMENT_HEADER) {
                    assertThat(lost).as("header byte %d", at).isEmpty();
                } else {
                    assertThat(lost).as("byte %d", at).hasSize(1);
                    assertThat(gaps(batches))
                            .containsExactly(
                                    "quarantined "
                                            + lost.getFirst()
                                            + "-"
                                            + lost.getFirst()
                                            + " 0");
                    assertThat(quarantined(spoiled)).hasSize(1);
                }
            }
        }
    }

    @Test
    void flippedBitInTheLastSegmentIsNotTakenForATornTail() throws Exception {
        try (Spool spool = open(folder)) {
            append(spool, 1, 5, 20);
        }
        flip(segments(folder).getFirst(), Frames.SEGMENT_HEADER + 30, 3);
        try (Spool spool = open(folder)) {
            append(spool, 6, 6, 20);
            assertThat(hitNumbers(read(spool, 0))).containsExactly(2L, 3L, 4L, 5L, 6L);
            assertThat(gaps(read(spool, 0))).containsExactly("quarantined 1-1 0");
        }
    }

    @Test
    void numberOfABatchGoneBadAtTheVeryEndIsNotGivenOutAgain() throws Exception {
        try (Spool spool = open(folder)) {
            append(spool, 1, 5, 20);
        }
        Path file = segments(folder).getFirst();
        flip(file, Files.size(file) - 1, 0);
        try (Spool spool = open(folder)) {
            append(spool, 6, 6, 20);
            List<Batch> batches = read(spool, 0);
            assertThat(batches.getLast().getSeq()).isEqualTo(6);
            assertThat(gaps(batches)).containsExactly("torn 5-5 0");
        }
    }

    @Test
    void missingSegmentIsAGap() throws Exception {
        try (Spool spool = open(folder)) {
            append(spool, 1, 500, 400);
        }
        List<Path> files = segments(folder);
        Files.delete(files.get(1));
        try (Spool spool = open(folder)) {
            List<Batch> batches = read(spool, 0);
            assertThat(gaps(batches)).singleElement().asString().startsWith("quarantined ");
            var gap =
                    batches.stream()
                            .filter(b -> b.getGapsCount() > 0)
                            .findFirst()
                            .orElseThrow()
                            .getGaps(0);
            assertThat(batches.size() + gap.getLastSeq() - gap.getFirstSeq() + 1).isEqualTo(500);
        }
    }

    @Test
    void lostStateFileIsRebuiltFromTheSegments() throws Exception {
        UUID bootId;
        try (Spool spool = open(folder)) {
            bootId = spool.bootId();
            append(spool, 1, 500, 400);
            spool.ack(300);
        }
        Files.writeString(folder.resolve("state"), "minewatch-spool 1\nsensor s-1\n");
        try (Spool spool = open(folder)) {
            assertThat(spool.bootId()).isEqualTo(bootId);
            assertThat(spool.lastSeq()).isEqualTo(500);
            assertThat(hitNumbers(read(spool, 300))).isEqualTo(numbers(301, 500));
        }
    }

    @Test
    void emptiedDirectoryTakesANewBootId() throws Exception {
        UUID bootId;
        try (Spool spool = open(folder)) {
            bootId = spool.bootId();
        }
        Files.delete(folder.resolve("state"));
        try (Spool spool = open(folder)) {
            assertThat(spool.bootId()).isNotEqualTo(bootId);
        }
    }

    @Test
    void segmentsNobodyCanVouchForAreSetAsideAndReported() throws Exception {
        try (Spool spool = open(folder)) {
            append(spool, 1, 5, 20);
        }
        Files.delete(folder.resolve("state"));
        flip(segments(folder).getFirst(), 20, 1);
        try (Spool spool = open(folder)) {
            append(spool, 1, 1, 20);
            assertThat(gaps(read(spool, 0))).containsExactly("quarantined 1-1 0");
            assertThat(quarantined(folder)).hasSize(1);
        }
    }

    @Test
    void bytesOfAnotherSpoolAreNoBatches() throws Exception {
        Path other = folder.resolve("other");
        Path mine = folder.resolve("mine");
        try (Spool spool = open(other)) {
            append(spool, 1, 3, 20);
        }
        try (Spool spool = open(mine)) {
            append(spool, 1, 1, 20);
        }
        byte[] foreign = Files.readAllBytes(segments(other).getFirst());
        Files.write(segments(mine).getFirst(), foreign, StandardOpenOption.APPEND);
        try (Spool spool = open(mine)) {
            assertThat(hitNumbers(read(spool, 0))).containsExactly(1L);
        }
    }

    @Test
    void lossAtTheEndIsToldByABatchOfItsOwn() throws Exception {
        try (Spool spool = open(folder, 1 << 20, 64 << 10)) {
            assertThat(spool.reportLosses()).isFalse();
            append(spool, 1, 1, 2 << 20);
            assertThat(read(spool, 0)).isEmpty();
            assertThat(spool.reportLosses()).isTrue();
            assertThat(spool.reportLosses()).as("once").isFalse();
            assertThat(gaps(read(spool, 0))).containsExactly("spool-full 1-1 1");
            assertThat(read(spool, 0).getFirst().getSeq()).isEqualTo(2);
        }
    }

    @Test
    void everyBatchTellsHowManyHitsWereIssuedBeforeItAlsoAfterLosses() throws Exception {
        try (Spool spool = open(folder, 1 << 20, 64 << 10)) {
            spool.append(List.of(hit(1, 10), hit(2, 10)));
            spool.append(List.of(hit(3, 2 << 20))); // larger than the spool
            assertThat(hitsBefore(spool)).containsExactly(0L);
        }
        try (Spool spool = open(folder, 1 << 20, 64 << 10)) {
            spool.append(List.of(hit(4, 10), hit(5, Frames.MAX_PAYLOAD))); // oversized
            append(spool, 6, 6, 10);
            assertThat(hitsBefore(spool)).containsExactly(0L, 3L, 5L);
        }
        flip(segments(folder).getFirst(), Frames.SEGMENT_HEADER + 30, 3);
        try (Spool spool = open(folder, 1 << 20, 64 << 10)) {
            append(spool, 7, 7, 10);
            assertThat(hitsBefore(spool)).containsExactly(3L, 5L, 6L);
        }
    }

    private static List<Long> hitsBefore(Spool spool) throws Exception {
        return read(spool, 0).stream().map(Batch::getHitsBefore).toList();
    }

    @Test
    void appendTellsTheListener() throws Exception {
        try (Spool spool = open(folder)) {
            List<Long> seen = new ArrayList<>();
            spool.onChange(() -> seen.add(spool.lastSeq()));
            append(spool, 1, 2, 10);
            assertThat(seen).containsExactly(1L, 2L);
        }
    }
}
