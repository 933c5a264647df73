package minewatch.collector.ledger;

import static minewatch.collector.ledger.Hits.BOOT;
import static minewatch.collector.ledger.Hits.START;
import static minewatch.collector.ledger.Hits.batch;
import static minewatch.collector.ledger.Hits.hit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import minewatch.collector.accept.CheckedBatch;
import minewatch.feed.v1.Hit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeferredTotalsTest {
    private static final int MANY = 1_200; // hits of one transaction

    private static final String SOURCES =
            """
            SELECT string_agg(concat_ws(' ', p.kind, source_ip, s.hits, s.first_seen, s.last_seen,
                strength, confidence, mines, sessions, protocols, power_seen, power_best, miners),
                E'\\n' ORDER BY source_ip)
            FROM project_source s JOIN project p ON p.id = s.project_id
            """;

    private static final String HASHRATES =
            """
            SELECT string_agg(concat_ws(' ', source_ip, algorithm, sensor, hour,
                round(hashes::numeric, 3), shares, seen, round(energy_best::numeric, 3)),
                E'\\n' ORDER BY source_ip, hour)
            FROM project_hashrate
            """;

    private static final String SUMS =
            """
            SELECT string_agg(concat_ws(' ', span, begins, source_ip, hits, strength, first_seen,
                last_seen), E'\\n' ORDER BY span, begins, source_ip)
            FROM hit_sum
            """;

    @TempDir Path folder;
    private TestDatabase database;
    private Ledger ledger;
    private DeferredTotals deferred; // stores when it is closed, and not before
    private GroupCommit batches;

    @BeforeEach
    void start() throws Exception {
        database = TestDatabase.create();
        ledger = new Ledger(database.dataSource());
        ledger.onHello("tap-1", BOOT, "test");
        var never = Duration.ofDays(1);
        deferred = new DeferredTotals(database.dataSource(), () -> {}, never, never);
        batches = new GroupCommit(database.dataSource(), new BatchWriter(deferred), () -> {});
    }

    @AfterEach
    void stop() {
        deferred.close();
        database.close();
    }

    @Test
    void totalsOfALargeTransactionAreThoseOfManySmallOnes() throws Exception {
        store(batch(1, hits(0, MANY)));
        store(batch(2, hits(MANY, MANY + 7))); // small, while others are deferred
        assertThat(database.ask("SELECT count(*) FROM deferred_totals")).isEqualTo("2");
        assertThat(database.ask("SELECT count(*) FROM project_source")).isEqualTo("0");
        deferred.close();
        housekeeping();
        assertThat(database.ask("SELECT count(*) FROM deferred_totals")).isEqualTo("0");
        assertThat(totals()).isEqualTo(totalsOfSmallBatches(MANY + 7));
    }

    @Test
    void theyAreStoredWithinSecondsWhenNothingElseComes() throws Exception {
        ledger.onBatch("tap-1", BOOT, batch(1, hits(0, MANY)));
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!database.ask("SELECT coalesce(sum(hits), 0) FROM project_source")
                .equals(String.valueOf(MANY))) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Test
    void totalsOfAWriterThatDiedAreMadeOfTheHits() throws Exception {
        writeAndDie(batch(1, hits(0, MANY)));
        writeAndDie(batch(2, hits(MANY, 2 * MANY)));
        housekeeping();
        assertThat(database.ask("SELECT count(*) FROM project_source"))
                .as("the writer may be alive")
                .isEqualTo("0");
        execute("UPDATE deferred_totals SET begun_at = begun_at - interval '3 minutes'");
        housekeeping();
        assertThat(database.ask("SELECT count(*) FROM deferred_totals")).isEqualTo("0");
        assertThat(totals()).isEqualTo(totalsOfSmallBatches(2 * MANY));
    }

    @Test
    void whatAnotherMadeTheWriterDoesNotAddAgain() throws Exception {
        store(batch(1, hits(0, MANY)));
        store(batch(2, hits(MANY, 2 * MANY)));
        assertThat(makeOneAnew()).as("one of two rows").isTrue();
        deferred.close();
        assertThat(database.ask("SELECT count(*) FROM deferred_totals"))
                .as("left to whoever makes it of the hits")
                .isEqualTo("1");
        assertThat(makeOneAnew()).isTrue();
        housekeeping();
        assertThat(totals()).isEqualTo(totalsOfSmallBatches(2 * MANY));
    }

    @Test
    void anImportAttributesWhatWasDeferred() throws Exception {
        store(batch(1, hits(0, MANY)));
        importRegistry(ledger);
        deferred.close();
        housekeeping();
        String late = totals();
        assertThat(late).contains("owned");
        stop();
        start();
        importRegistry(ledger);
        store(batch(1, hits(0, MANY)));
        deferred.close();
        housekeeping();
        assertThat(late).isEqualTo(totals());
    }

    /// Of ten addresses, one interval of ten minutes after the other.
    private static Hit.Builder[] hits(int first, int end) {
        return IntStream.range(first, end)
                .mapToObj(i ->
                        hit("10.0.0." + i % 10, START.plus(Duration.ofMinutes(10L * (i / 10))))
                                .setMiners(i % 7)
                                .putHashrate("sha256d", Hits.rate(100 + i).build())
                                .setPowerWatts(Hits.power(300 + i)))
                .toArray(Hit.Builder[]::new);
    }

    private String totals() {
        return String.join(
                "\n\n", database.ask(SOURCES), database.ask(HASHRATES), database.ask(SUMS));
    }

    private String totalsOfSmallBatches(int hits) throws Exception {
        stop();
        start();
        for (int first = 0; first < hits; first += 200) {
            store(batch(1 + first / 200, hits(first, Math.min(hits, first + 200))));
        }
        housekeeping();
        return totals();
    }

    private void store(CheckedBatch batch) throws Exception {
        assertThat(batches.append(new Append("tap-1", BOOT, batch))).isTrue();
    }

    /// As if the process were killed after the commit.
    private void writeAndDie(CheckedBatch batch) throws SQLException {
        var writer = new BatchWriter(deferred);
        try (Connection transaction = database.dataSource().getConnection()) {
            transaction.setAutoCommit(false);
            var _ = writer.write(transaction, List.of(new Append("tap-1", BOOT, batch)));
            transaction.commit();
        }
    }

    private boolean makeOneAnew() throws SQLException {
        try (Connection transaction = database.dataSource().getConnection()) {
            transaction.setAutoCommit(false);
            boolean made = DeferredTotals.makeAnew(transaction, Duration.ZERO);
            transaction.commit();
            return made;
        }
    }

    private void importRegistry(Ledger into) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("registry.csv"),
                        "prefix,enterprise,valid_from\n10.0.0.0/29,甲公司,2020-01-01\n");
        into.importRegistry(file, "filing", false, "test", lines -> {});
    }

    private void housekeeping() throws SQLException {
        new Housekeeping(database.dataSource(), RetentionConfig.FOR_EVER).run();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
