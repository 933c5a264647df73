package minewatch.demo.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import minewatch.testkit.SmallDisk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The collector's database on a file system of 400 MiB that is really full, twice; skipped where
/// none can be mounted.
@Timeout(300)
class FullDiskTest {
    private static final int TIMES = 2;

    @TempDir Path folder;
    private SmallDisk disk;

    @BeforeEach
    void mountSmallDisk() throws Exception {
        disk = SmallDisk.mount(folder.resolve("disk"), "400m");
        assumeTrue(disk.isMounted(), "no small tmpfs can be mounted here (needs root)");
    }

    @AfterEach
    void unmount() throws Exception {
        disk.unmount();
    }

    @Test
    void fullDiskUnderTheDatabaseLosesNothingAndTheCollectorGoesOnByItself() throws Exception {
        var books = new Books();
        int port = Installation.freePort();
        try (var installation = new Installation(folder, disk.folder().resolve("postgres"))) {
            installation.startCollector(port);
            Installation.awaitPort(port);
            Path settings = installation.enrol("full", port, "");
            Process sensor = installation.startSensor(settings, books, 1_000_000, 100, 5);
            Thread listener = Installation.listen(sensor, books);
            for (int time = 1; time <= TIMES; time++) {
                awaitStored(installation, 1000);
                Path ballast = disk.fill();
                long stuck = awaitStandstill(installation);
                assertThat((long) books.spooledCount())
                        .as("the sensor goes on")
                        .isGreaterThan(stuck);
                Files.delete(ballast);
            }
            awaitStored(installation, 1000);
            sensor.toHandle().destroyForcibly();
            sensor.waitFor();
            listener.join();
            Process last = installation.startSensor(settings, books, 1, 1, 1);
            Installation.listen(last, books).join();
            assertThat(books.isDrained()).as(installation.tail("sensor.log")).isTrue();
            System.out.println("full: " + books.balanceWithoutLoss(installation.held("full")));
        }
    }

    /// Waits for so many hits more.
    private static void awaitStored(Installation installation, int more) throws Exception {
        long before = installation.count("full");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (installation.count("full") < before + more) {
            assertThat(System.nanoTime())
                    .as("%s", installation.tail("collector.log"))
                    .isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /// Waits until the collector has said that it cannot store, and nothing was stored for two
    /// seconds.
    ///
    /// @return hits stored
    private static long awaitStandstill(Installation installation) throws Exception {
        long stored = -1;
        long since = System.nanoTime();
        while (System.nanoTime() - since < TimeUnit.SECONDS.toNanos(2)) {
            long now = installation.count("full");
            if (now != stored || !installation.tail("collector.log").contains("must send again")) {
                stored = now;
                since = System.nanoTime();
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return stored;
    }
}
