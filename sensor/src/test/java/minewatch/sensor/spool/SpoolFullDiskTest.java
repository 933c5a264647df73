package minewatch.sensor.spool;

import static minewatch.sensor.spool.SpoolFixture.append;
import static minewatch.sensor.spool.SpoolFixture.gaps;
import static minewatch.sensor.spool.SpoolFixture.hit;
import static minewatch.sensor.spool.SpoolFixture.hitNumbers;
import static minewatch.sensor.spool.SpoolFixture.numbers;
import static minewatch.sensor.spool.SpoolFixture.open;
import static minewatch.sensor.spool.SpoolFixture.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import minewatch.feed.v1.Batch;
import minewatch.testkit.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On a real file system of 2 MiB that is really full; skipped where none can be mounted.
class SpoolFullDiskTest {
    @TempDir Path folder;
    private SmallDisk disk;

    @BeforeEach
    void mountSmallDisk() throws Exception {
        disk = SmallDisk.mount(folder.resolve("disk"), "2m");
        assumeTrue(disk.isMounted(), "no small tmpfs can be mounted here (needs root)");
    }

    @AfterEach
    void unmount() throws Exception {
        disk.unmount();
    }

    @Test
    void fullDiskDropsTheOldestOfItsOwnAndSaysSo() throws Exception {
        Path directory = disk.folder().resolve("spool");
        try (Spool spool = open(directory, 64 << 20, 64 << 10)) {
            append(spool, 1, 4000, 800);
            assertAllToldFor(read(spool, 0));
        }
        try (Spool spool = open(directory, 64 << 20, 64 << 10)) {
            assertAllToldFor(read(spool, 0));
        }
    }

    private static void assertAllToldFor(List<Batch> batches) {
        long first = batches.getFirst().getSeq();
        assertThat(first).isBetween(1500L, 3500L);
        assertThat(hitNumbers(batches)).isEqualTo(numbers(first, 4000));
        assertThat(gaps(batches))
                .containsExactly("spool-full 1-" + (first - 1) + " " + (first - 1));
    }

    @Test
    void diskFilledByOthersCostsTheNewBatchesOnlyAndTheSpoolGoesOn() throws Exception {
        Path directory = disk.folder().resolve("spool");
        Path ballast;
        try (Spool spool = open(directory)) {
            ballast = disk.fill();
            assertThat(spool.append(List.of(hit(1, 300_000)))).isFalse();
            assertThat(spool.append(List.of(hit(2, 300_000)))).isFalse();
        }
        try (Spool spool = open(directory)) {
            assertThat(spool.lastSeq()).as("the losses survive a restart").isEqualTo(2);
            Files.delete(ballast);
            assertThat(spool.append(List.of(hit(3, 10)))).isTrue();
            assertThat(hitNumbers(read(spool, 0))).containsExactly(3L);
            assertThat(gaps(read(spool, 0))).containsExactly("not-written 1-2 2");
        }
    }
}
