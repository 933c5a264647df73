package minewatch.collector.ledger;

import static minewatch.collector.ledger.Hits.BOOT;
import static minewatch.collector.ledger.Hits.batch;
import static minewatch.collector.ledger.Hits.hit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import minewatch.collector.accept.CheckedBatch;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeepingTest {
    private static final RetentionConfig THIRTY_DAYS =
            new RetentionConfig(Duration.ofDays(30), null);

    @TempDir Path folder;
    private TestDatabase database;
    private Ledger ledger;

    @BeforeEach
    void start() throws Exception {
        database = TestDatabase.create();
        ledger = new Ledger(database.dataSource());
        ledger.onHello("tap-1", BOOT, "test");
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void partitionsAreMadeBeforeTheirDay() throws Exception {
        keepOrder(RetentionConfig.FOR_EVER);
        keepOrder(RetentionConfig.FOR_EVER);
        assertThat(
                        database.ask(
                                "SELECT count(*) FROM pg_inherits WHERE inhparent IN"
                                        + " ('hit_evidence'::regclass, 'hit_weak'::regclass)"))
                .isEqualTo("6");
    }

    @Test
    void hitsAreLeftToAutovacuumWhenTheirDayIsOver() throws Exception {
        storeDaysAgo(1);
        String waiting =
                "SELECT count(*) FROM pg_class WHERE 'autovacuum_vacuum_insert_threshold=-1' ="
                        + " ANY (reloptions)";
        assertThat(database.ask(waiting)).isEqualTo("4");
        keepOrder(RetentionConfig.FOR_EVER);
        assertThat(database.ask(waiting)).as("today and the two days to come").isEqualTo("6");
    }

    @Test
    void hitsOfAnyTimeAreStoredInThePartitionOfTheDayTheyCameIn() throws Exception {
        store(
                batch(
                        1,
                        hit("10.0.0.1", Instant.EPOCH),
                        hit("10.0.0.1", Instant.parse("2199-12-31T00:00:00Z"))));
        assertThat(database.ask("SELECT count(DISTINCT tableoid) FROM hit")).isEqualTo("1");
    }

    @Test
    void hitsAreAddedUpOnceByHourDayAndWeek() throws Exception {
        Hit.Builder monday = hit("10.0.0.1", Instant.parse("2026-06-14T16:00:00Z")); // in China
        Hit.Builder sunday = hit("10.0.0.1", Instant.parse("2026-06-14T15:00:00Z"));
        store(batch(1, monday, sunday.setVerdict(Verdict.POSSIBLE)));
        store(batch(2, hit("10.0.0.1", Instant.parse("2026-06-14T17:00:00Z"))));
        keepOrder(RetentionConfig.FOR_EVER);
        keepOrder(RetentionConfig.FOR_EVER);
        assertThat(sums("hour")).isEqualTo("14T15 1 2, 14T16 1 6, 14T17 1 6");
        assertThat(sums("day")).isEqualTo("13T16 1 2, 14T16 2 6");
        assertThat(sums("week")).isEqualTo("07T16 1 2, 14T16 2 6");
        store(batch(3, hit("10.0.0.1", Instant.parse("2026-06-14T17:20:00Z")))); // a late one
        keepOrder(RetentionConfig.FOR_EVER);
        assertThat(sums("day")).isEqualTo("13T16 1 2, 14T16 3 6");
    }

    @Test
    void sumsFollowTheHitsAnImportAttributesAnew() throws Exception {
        store(batch(1, hit("10.0.0.1"), hit("10.9.0.1")));
        keepOrder(RetentionConfig.FOR_EVER);
        store(batch(2, hit("10.0.0.1"))); // not yet added up
        importRegistry();
        keepOrder(RetentionConfig.FOR_EVER);
        assertThat(
                        database.ask(
                                "SELECT string_agg(kind || ' ' || hits, ', ' ORDER BY kind) FROM hit_sum"
                                        + " JOIN project p ON p.id = project_id WHERE span = 'week'"))
                .isEqualTo("owned 2, unassigned 1");
    }

    @Test
    void hitsAreKeptForEverUnlessToldOtherwise() throws Exception {
        storeDaysAgo(4000);
        keepOrder(RetentionConfig.FOR_EVER);
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("4");
    }

    @Test
    void dayWhoseTimeIsOverIsDroppedAndCounted() throws Exception {
        storeDaysAgo(31);
        keepOrder(THIRTY_DAYS);
        assertThat(database.ask("SELECT string_agg(verdict, ', ' ORDER BY id) FROM hit"))
                .as("today's, and the weak one, which has no limit")
                .isEqualTo("miner, possible, possible");
        assertThat(database.ask("SELECT hits || ' ' || partition FROM hits_dropped"))
                .isEqualTo(
                        "1 hit_evidence_"
                                + database.ask("SELECT to_char(current_date - 31, 'YYYYMMDD')"));
        assertThat(database.ask("SELECT sum(hits) FROM hit_sum WHERE span = 'day'")).isEqualTo("2");
        keepOrder(THIRTY_DAYS);
        assertThat(database.ask("SELECT count(*) FROM hits_dropped")).isEqualTo("1");
    }

    @Test
    void hitsOfTheLastDayThatIsKeptStay() throws Exception {
        storeDaysAgo(30);
        keepOrder(THIRTY_DAYS);
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("4");
    }

    @Test
    void hitsThatWaitedToBeAddedUpWhenTheyWereDroppedAreInTheSums() throws Exception {
        store(batch(1, hit("10.0.0.1")));
        execute("SELECT make_hit_partitions(current_date - 31)");
        execute("ALTER TABLE hit DISABLE TRIGGER append_only");
        execute("UPDATE hit SET received_on = current_date - 31");
        try (var transaction = database.dataSource().getConnection()) {
            new Retention(THIRTY_DAYS).dropOldest(transaction);
        }
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("0");
        importRegistry();
        keepOrder(THIRTY_DAYS);
        assertThat(database.ask("SELECT string_agg(hits::text, ' ') FROM hit_sum"))
                .isEqualTo("1 1 1");
    }

    @Test
    void whatDroppedHitsAddedStaysWhereItWas() throws Exception {
        storeDaysAgo(31);
        execute("UPDATE project_source SET hits = hits + 2"); // as if those had come in by a batch
        keepOrder(THIRTY_DAYS);
        importRegistry();
        assertThat(
                        database.ask(
                                "SELECT string_agg(kind || ' ' || hits, ', ' ORDER BY kind) FROM"
                                        + " project_source JOIN project p ON p.id = project_id"))
                .isEqualTo("owned 3, unassigned 1");
    }

    /// A miner's and a weak hit today, and the same as if they had come in before.
    private void storeDaysAgo(int days) throws Exception {
        store(batch(1, hit("10.0.0.1"), hit("10.0.0.1").setVerdict(Verdict.POSSIBLE)));
        execute("SELECT make_hit_partitions(current_date - " + days + ")");
        execute(
                """
                INSERT INTO hit (batch_id, received_on, source_ip, first_seen, last_seen, verdict,
                    confidence, project_id, revision, record)
                SELECT 0, current_date - %d, source_ip, first_seen, last_seen, verdict,
                    confidence, project_id, revision, record FROM hit
                """
                        .formatted(days));
    }

    private String sums(String span) {
        return database.ask(
                """
                SELECT string_agg(to_char(begins AT TIME ZONE 'UTC', 'DD"T"HH24') || ' ' || hits || ' '
                    || strength, ', ' ORDER BY begins) FROM hit_sum WHERE span = '%s'
                """
                        .formatted(span));
    }

    private void keepOrder(RetentionConfig retention) throws SQLException {
        new Housekeeping(database.dataSource(), retention).run();
    }

    private void importRegistry() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("registry.csv"),
                        "prefix,enterprise,valid_from\n10.0.0.0/24,A,2020-01-01\n");
        ledger.importRegistry(file, "filing", false, "test", lines -> {});
    }

    private void store(CheckedBatch batch) throws Exception {
        assertThat(ledger.onBatch("tap-1", BOOT, batch)).isTrue();
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
