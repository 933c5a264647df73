package minewatch.sensor.spool;

import static minewatch.sensor.spool.SpoolFixture.hit;
import static minewatch.sensor.spool.SpoolFixture.number;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Gap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The power fails after each single step the spool makes on its disk, and of what was not synced
/// nothing, everything, or any part is left.
class PowerLossTest {
    private static final int SEGMENT = 1500; // bytes: a handful of batches
    private static final int LIMIT = 6000;

    @TempDir Path folder;

    private final CrashDisk disk = new CrashDisk();
    private final TreeMap<Long, Long> durable = new TreeMap<>(); // number → step
    private final Map<Long, Long> seqs = new HashMap<>(); // number → seq
    private final TreeMap<Integer, Long> acks = new TreeMap<>(); // step → number
    private UUID bootId = new UUID(0, 0);

    @ParameterizedTest
    @ValueSource(longs = {1, 4})
    void whatWasDurableIsThereAfterAPowerCutAtAnyStep(long seed) throws Exception {
        work(new Random(seed), 60);
        for (int done = 0; done <= disk.size(); done++) {
            assertNothingIsLost(done, CrashDisk.Unsynced.LOST, seed);
            assertNothingIsLost(done, CrashDisk.Unsynced.KEPT, seed);
            assertNothingIsLost(done, CrashDisk.Unsynced.ANY, seed);
            assertNothingIsLost(done, CrashDisk.Unsynced.ANY, ~seed);
        }
    }

    /// Appends, acknowledges, and opens the spool anew, in a random order.
    private void work(Random random, int operations) throws Exception {
        Path directory = new CrashFileSystem(folder.resolve("live"), disk).root();
        Spool spool = open(directory);
        bootId = spool.bootId();
        for (long number = 1; number <= operations; number++) {
            boolean taken = spool.append(List.of(hit(number, random.nextInt(300))));
            assertThat(taken).isTrue();
            durable.put(number, (long) disk.size());
            seqs.put(number, spool.lastSeq());
            if (random.nextInt(4) == 0) {
                long through = spool.ackedSeq() + random.nextInt(8);
                acks.put(disk.size(), Math.min(through, spool.lastSeq()));
                spool.ack(Math.min(through, spool.lastSeq()));
            }
            if (random.nextInt(15) == 0) {
                spool.close();
                spool = open(directory);
            }
        }
        spool.close();
    }

    private static Spool open(Path directory) throws SpoolException {
        return SpoolFixture.open(directory, LIMIT, SEGMENT);
    }

    private void assertNothingIsLost(int done, CrashDisk.Unsynced unsynced, long seed)
            throws Exception {
        String when = "cut after step " + done + ", unsynced " + unsynced + ", seed " + seed;
        Path left = folder.resolve("left-" + done + "-" + unsynced + "-" + seed);
        disk.play(done, unsynced, new Random(seed * 31 + done), left);
        List<Long> promised =
                durable.entrySet().stream()
                        .filter(entry -> entry.getValue() <= done)
                        .map(Map.Entry::getKey)
                        .toList();
        long acked = acks.headMap(done, true).values().stream().mapToLong(n -> n).max().orElse(0);
        try (Spool spool = open(left)) {
            if (!promised.isEmpty()) {
                assertThat(spool.bootId()).as(when).isEqualTo(bootId);
            }
            assertThat(spool.ackedSeq()).as(when).isLessThanOrEqualTo(acked);
            long before = spool.lastSeq();
            promised.forEach(
                    number -> assertThat(before).as(when).isGreaterThanOrEqualTo(seq(number)));
            spool.append(List.of(hit(1000, 10)));
            long last = spool.lastSeq();
            assertAccountedFor(when, SpoolFixture.read(spool, 0), spool.ackedSeq(), last, promised);
        }
    }

    private long seq(long number) {
        return seqs.getOrDefault(number, 0L);
    }

    private void assertAccountedFor(
            String when, List<Batch> batches, long acked, long last, List<Long> promised) {
        TreeSet<Long> accounted = new TreeSet<>(SpoolFixture.numbers(1, acked));
        List<Long> read = new ArrayList<>();
        for (Batch batch : batches) {
            for (Gap gap : batch.getGapsList()) {
                accounted.addAll(SpoolFixture.numbers(gap.getFirstSeq(), gap.getLastSeq()));
            }
            accounted.add(batch.getSeq());
            batch.getHitsList().forEach(hit -> read.add(number(hit)));
            batch.getHitsList().stream()
                    .filter(hit -> number(hit) < 1000)
                    .forEach(
                            hit -> assertThat(batch.getSeq()).as(when).isEqualTo(seq(number(hit))));
        }
        String told = when + ", acked " + acked + ", gaps " + SpoolFixture.gaps(batches);
        assertThat(accounted).as(told).containsExactlyElementsOf(SpoolFixture.numbers(1, last));
        assertThat(read).as(when).doesNotHaveDuplicates().contains(1000L);
        List<Gap> gaps = batches.stream().flatMap(b -> b.getGapsList().stream()).toList();
        for (long number : promised) {
            long seq = seq(number);
            boolean full =
                    gaps.stream()
                            .filter(gap -> gap.getReason().equals(Spool.FULL))
                            .anyMatch(gap -> gap.getFirstSeq() <= seq && seq <= gap.getLastSeq());
            assertThat(full && read.contains(number))
                    .as("%s: hit %d told lost", when, number)
                    .isFalse();
            assertThat(read.contains(number) || seq <= acked || full)
                    .as("%s: hit %d of batch %d", when, number, seq)
                    .isTrue();
        }
    }

    /// What fails is refused or made good, never silently lost; and the spool goes on.
    @Test
    void failureOfAnyStepLosesNothingSilently() throws Exception {
        work(new Random(5), 40);
        int attempts = disk.attempts();
        for (int first = 0; first < attempts; first++) {
            for (int failures : new int[] {1, 3}) {
                assertFailureIsTold(first, first + failures - 1);
            }
        }
    }

    private void assertFailureIsTold(int first, int last) throws Exception {
        String when = "steps " + first + " to " + last + " fail";
        Path live = folder.resolve("failing-" + first + "-" + last);
        var failing = new CrashDisk();
        failing.failAt(first, last);
        Path directory = new CrashFileSystem(live, failing).root();
        TreeSet<Long> missing = new TreeSet<>();
        try (Spool spool = openInSpiteOfFailure(directory)) {
            for (long number = 1; number <= 40; number++) {
                spool.append(List.of(hit(number, (int) (number * 37 % 300))));
                missing.add(number);
            }
        }
        try (Spool spool = open(live)) {
            spool.append(List.of(hit(1000, 10)));
            long lost = 0;
            List<Long> read = new ArrayList<>();
            for (Batch batch : SpoolFixture.read(spool, 0)) {
                batch.getHitsList().forEach(hit -> read.add(number(hit)));
                for (Gap gap : batch.getGapsList()) {
                    assertThat(gap.getHits()).as(when + ": " + gap).isPositive();
                    lost += gap.getHits();
                }
            }
            assertThat(read).as(when).doesNotHaveDuplicates().contains(1000L);
            read.forEach(missing::remove);
            assertThat((long) missing.size()).as(when).isEqualTo(lost);
        }
    }

    private static Spool openInSpiteOfFailure(Path directory) throws SpoolException {
        SpoolException failure = new SpoolException("never tried");
        for (int attempt = 0; attempt < 5; attempt++) {
            try {
                return open(directory);
            } catch (SpoolException e) {
                failure = e;
            }
        }
        throw failure;
    }
}
