package minewatch.sensor.spool;

import static minewatch.sensor.spool.SpoolFixture.append;
import static minewatch.sensor.spool.SpoolFixture.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import minewatch.feed.v1.Batch;

/// Whatever is done to a segment file: the spool opens, yields only batches that were appended, in
/// order, and accounts for every number.
class SegmentFuzzTest {
    private static final int BATCHES = 5;

    @FuzzTest(maxDuration = "10s")
    void spoiledSegmentYieldsOnlyWhatWasAppended(FuzzedDataProvider data) throws Exception {
        Path folder = Files.createTempDirectory("spool");
        try {
            try (Spool spool = open(folder)) {
                append(spool, 1, BATCHES, 20);
            }
            Path segment = SpoolFixture.segments(folder).getFirst();
            Files.write(segment, spoiled(Files.readAllBytes(segment), data));
            try (Spool spool = open(folder)) {
                long next = spool.lastSeq() + 1;
                append(spool, next, next, 20);
                assertAccountedFor(SpoolFixture.read(spool, 0), next);
            }
        } finally {
            delete(folder);
        }
    }

    private static void assertAccountedFor(List<Batch> batches, long last) {
        List<Long> accounted = new ArrayList<>();
        for (Batch batch : batches) {
            batch.getGapsList()
                    .forEach(g ->
                            accounted.addAll(
                                    SpoolFixture.numbers(g.getFirstSeq(), g.getLastSeq())));
            accounted.add(batch.getSeq());
            assertThat(SpoolFixture.hitNumbers(List.of(batch))).containsExactly(batch.getSeq());
        }
        assertThat(accounted).isEqualTo(SpoolFixture.numbers(1, last));
    }

    private static byte[] spoiled(byte[] bytes, FuzzedDataProvider data) throws IOException {
        byte[] spoiled = java.util.Arrays.copyOf(bytes, data.consumeInt(0, bytes.length + 100));
        int edits = data.consumeInt(0, 8);
        for (int i = 0; i < edits && spoiled.length > 0; i++) {
            byte[] edit = data.consumeBytes(24);
            int at = data.consumeInt(0, spoiled.length - 1);
            System.arraycopy(edit, 0, spoiled, at, Math.min(edit.length, spoiled.length - at));
        }
        return spoiled;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
