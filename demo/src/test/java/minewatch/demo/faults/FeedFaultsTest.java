package minewatch.demo.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import minewatch.feed.v1.Batch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(1200)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeedFaultsTest {
    private static final int ROUNDS = Integer.getInteger("minewatch.faults.rounds", 10);
    private static final long SEED =
            Long.getLong("minewatch.faults.seed", new Random().nextInt(1_000_000));

    /// Between batches of 20 for as long as connections take to come back: no more than is soon
    /// stored.
    private static final int PAUSE_MILLIS = 25;

    private final Random random = new Random(SEED);
    private Installation installation;
    private int port;
    private Process collector;

    @BeforeAll
    void install(@TempDir Path folder) throws Exception {
        System.out.println("minewatch.faults.seed=" + SEED + ", rounds: " + ROUNDS);
        installation = new Installation(folder);
        port = Installation.freePort();
        collector = installation.startCollector(port);
        Installation.awaitPort(port);
    }

    @AfterAll
    void remove() {
        installation.close();
    }

    /// Each round kills both, in either order, wherever that falls.
    @Test
    void killedSensorsAndCollectorsLoseNothing() throws Exception {
        var books = new Books();
        Path settings = installation.enrol("killed", port, "");
        for (int round = 0; round < ROUNDS; round++) {
            Process sensor = installation.startSensor(settings, books, 1_000_000, 10, 5);
            Thread listener = Installation.listen(sensor, books);
            awaitMore(books, 1 + random.nextInt(40));
            if (random.nextInt(3) == 0) {
                Installation.awaitPort(port); // else the collector is killed as it starts
            }
            boolean sensorFirst = random.nextBoolean();
            kill(sensorFirst ? sensor : collector);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
            kill(sensorFirst ? collector : sensor);
            listener.join();
            collector = installation.startCollector(port);
        }
        drain(settings, books, 10);
        report("killed", books.balanceWithoutLoss(installation.held("killed")));
    }

    @Test
    void connectionsCutAnywhereLoseNothing() throws Exception {
        var books = new Books();
        Installation.awaitPort(port);
        int cuts = 5;
        var left = new AtomicInteger(cuts);
        try (var proxy =
                new CuttingProxy(
                        List.of(port),
                        () -> left.getAndDecrement() > 0 ? untilCut() : Long.MAX_VALUE)) {
            Path settings = installation.enrol("cut", proxy.port(), "");
            drain(settings, books, 400);
            assertThat(proxy.cuts()).as("cuts").isEqualTo(cuts);
        }
        report("cut", books.balanceWithoutLoss(installation.held("cut")));
    }

    /// Half of them fall into the handshake.
    private long untilCut() {
        return 1L + random.nextInt(random.nextBoolean() ? 3_000 : 60_000);
    }

    @Test
    void databaseThatCrashesMidTransactionLosesNothing() throws Exception {
        var books = new Books();
        Installation.awaitPort(port);
        Path settings = installation.enrol("database", port, "");
        Process sensor = installation.startSensor(settings, books, 1_000_000, 20, 5);
        Thread listener = Installation.listen(sensor, books);
        for (int crash = 1; crash <= 3; crash++) {
            awaitMore(books, 50 + random.nextInt(150));
            installation.crashPostgres();
        }
        kill(sensor);
        listener.join();
        drain(settings, books, 10);
        report("database", books.balanceWithoutLoss(installation.held("database")));
    }

    /// Ten times what the spool may hold while no collector is there: the oldest goes, counted.
    @Test
    void burstBeyondTheSpoolsLimitIsCountedToTheLastHit() throws Exception {
        var books = new Books();
        Installation.awaitPort(port);
        var away = new AtomicBoolean(true);
        try (var proxy = new CuttingProxy(List.of(port), () -> away.get() ? 0 : Long.MAX_VALUE)) {
            Path settings =
                    installation.enrol(
                            "burst", proxy.port(), ", max-bytes: 1MiB, segment-bytes: 64KiB");
            Process sensor = installation.startSensor(settings, books, 500, 100, 0);
            Thread listener = Installation.listen(sensor, books);
            awaitMore(books, 49_999);
            away.set(false);
            listener.join();
        }
        assertThat(books.isDrained()).as("drained: %s", installation.tail("sensor.log")).isTrue();
        Books.Held held = installation.held("burst");
        assertThat(held.lost()).isPositive();
        assertThat(held.unknown()).as("gaps that do not say how many").isZero();
        report("burst", books.balance(held));
    }

    /// Batches come twice, too early and too late, on many streams; what comes too early is
    /// refused.
    @Test
    void repeatedAndReorderedBatchesAreStoredOnce() throws Exception {
        var books = new Books();
        Installation.awaitPort(port);
        installation.enrol("raw", port, "");
        UUID bootId = UUID.randomUUID();
        List<Batch> batches = new ArrayList<>();
        for (long seq = 1; seq <= 40; seq++) {
            long last = seq * 10;
            batches.add(
                    Batch.newBuilder()
                            .setSeq(seq)
                            .addAllHits(NumberedHits.range("raw", last - 9, last))
                            .build());
            books.note("spooled " + (last - 9) + " " + last);
        }
        long held = 0;
        int refused = 0;
        int repeated = 0;
        while (held < batches.size()) {
            try (var feed = new RawFeed(installation.folder(), "raw", bootId, port)) {
                held = feed.durableThrough();
                boolean open = true;
                while (open && held < batches.size()) {
                    int next = (int) held + random.nextInt(6) - 3;
                    Batch batch = batches.get(Math.clamp(next, 0, batches.size() - 1));
                    open = feed.send(batch);
                    refused += open ? 0 : 1;
                    repeated += batch.getSeq() <= held ? 1 : 0;
                    held = open ? Math.max(held, batch.getSeq()) : held;
                }
            }
        }
        assertThat(List.of(refused, repeated)).allMatch(count -> count > 5);
        report("raw", books.balanceWithoutLoss(installation.held("raw")));
    }

    /// As behind one name with two addresses: each connection goes to the other collector.
    @Test
    void twoCollectorsOnOneDatabaseStoreEachHitOnce() throws Exception {
        var books = new Books();
        int second = Installation.freePort();
        Process other = installation.startCollector(second);
        Installation.awaitPort(port);
        Installation.awaitPort(second);
        try (var proxy = new CuttingProxy(List.of(port, second), () -> Long.MAX_VALUE)) {
            Path settings = installation.enrol("two", proxy.port(), "");
            Process sensor = installation.startSensor(settings, books, 1_000_000, 20, PAUSE_MILLIS);
            Thread listener = Installation.listen(sensor, books);
            for (int cut = 1; cut <= 4; cut++) {
                awaitConnection(proxy, cut);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
                proxy.cutAll();
            }
            awaitConnection(proxy, 5);
            kill(sensor);
            listener.join();
            drain(settings, books, 10);
        } finally {
            Installation.stop(other);
        }
        report("two", books.balanceWithoutLoss(installation.held("two")));
    }

    private void drain(Path settings, Books books, int batches) throws Exception {
        Process sensor = installation.startSensor(settings, books, batches, 10, 1);
        Installation.listen(sensor, books).join();
        assertThat(books.isDrained()).as("drained: %s", installation.tail("sensor.log")).isTrue();
    }

    static void awaitMore(Books books, int hits) throws InterruptedException {
        int enough = books.spooledCount() + hits;
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (books.spooledCount() < enough && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        assertThat(books.spooledCount()).as("the sensor goes on").isGreaterThanOrEqualTo(enough);
    }

    private static void awaitConnection(CuttingProxy proxy, int number)
            throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (proxy.connections() < number && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        assertThat(proxy.connections()).as("connections").isGreaterThanOrEqualTo(number);
    }

    static void kill(Process process) throws InterruptedException {
        process.toHandle().destroyForcibly(); // not by Process: its last lines are still to be read
        process.waitFor();
    }

    private static void report(String what, String balance) {
        System.out.println(what + ": " + balance);
    }
}
