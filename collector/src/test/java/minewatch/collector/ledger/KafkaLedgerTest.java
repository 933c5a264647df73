package minewatch.collector.ledger;

import static minewatch.collector.ledger.Hits.BOOT;
import static minewatch.collector.ledger.Hits.batch;
import static minewatch.collector.ledger.Hits.hit;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import minewatch.collector.accept.BatchHandler.StoreException;
import minewatch.collector.accept.CheckedBatch;
import minewatch.collector.accept.KafkaHandler.Outcome;
import minewatch.collector.accept.KafkaHandler.Received;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaLedgerTest {
    private static final String GAPS =
            "SELECT string_agg(concat(reason, ' ', first_seq, '-', last_seq, ' ', hits), ', ' ORDER"
                    + " BY first_seq) FROM gap";

    private TestDatabase database;
    private Ledger ledger;
    private KafkaLedger kafka;
    private long offset;

    @BeforeEach
    void start() {
        database = TestDatabase.create();
        ledger = new Ledger(database.dataSource());
        kafka = new KafkaLedger(database.dataSource(), ledger);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void batchesInAnyOrderAreStoredOnceAndWithThemHowFarTheTopicWasRead() throws Exception {
        assertThat(kafka.offsets("t")).isEmpty();
        assertThat(kafka.onRecords("t", 3, 12, received(two(2), two(3))))
                .containsExactly(Outcome.NEW, Outcome.NEW);
        assertThat(kafka.onRecords("t", 0, 7, received(two(1), two(1), two(3))))
                .containsExactly(Outcome.NEW, Outcome.REPEATED, Outcome.REPEATED);
        assertThat(kafka.offsets("t")).isEqualTo(Map.of(3, 12L, 0, 7L));
        assertThat(kafka.offsets("u")).isEmpty();
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("6");
        assertThat(database.ask("SELECT version FROM sensor WHERE id = 'tap-1'")).isEqualTo("1.0");
    }

    @Test
    void collectorThatLostItsPartitionSetsNothingBack() throws Exception {
        kafka.onRecords("t", 0, 12, received(two(1), two(2)));
        kafka.onRecords("t", 0, 5, received(two(1)));
        assertThat(kafka.offsets("t")).isEqualTo(Map.of(0, 12L));
    }

    @Test
    void batchThatDoesNotComeIsAGapUntilItComes() throws Exception {
        store(two(1), two(2), two(5), two(6));
        assertThat(kafka.nameMissing(Duration.ofMinutes(10))).isZero();
        assertThat(database.ask("SELECT count(*) FROM gap")).isEqualTo("0");

        assertThat(kafka.nameMissing(Duration.ZERO)).isEqualTo(2);
        assertThat(database.ask(GAPS)).isEqualTo("not-arrived 3-4 4");
        assertThat(kafka.nameMissing(Duration.ZERO)).isZero();

        assertThat(store(two(4))).containsExactly(Outcome.NEW);
        store(two(4)); // again: not taken out twice
        assertThat(database.ask(GAPS)).isEqualTo("not-arrived 3-4 4, arrived 4-4 -2");
        store(two(3));
        assertThat(database.ask("SELECT sum(hits) FROM gap")).isEqualTo("0");
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("12");
        assertThat(kafka.nameMissing(Duration.ZERO)).isZero();
    }

    @Test
    void firstBatchesThatDoNotComeAreAGapToo() throws Exception {
        store(two(3));
        kafka.nameMissing(Duration.ZERO);
        assertThat(database.ask(GAPS)).isEqualTo("not-arrived 1-2 4");
    }

    @Test
    void whatTheSensorSaysIsLostIsNotMissing() throws Exception {
        store(two(1));
        store(with(two(6), lost("spool-full", 2, 4, 6)));
        assertThat(kafka.nameMissing(Duration.ZERO)).isEqualTo(1);
        assertThat(database.ask(GAPS)).isEqualTo("spool-full 2-4 6, not-arrived 5-5 2");
    }

    /// A gap without a count is counted only where the batch before it is there.
    @Test
    void batchesThatAreStillOnTheirWayAreNotCountedAsLost() throws Exception {
        store(two(1));
        store(with(two(8), lost("quarantined", 6, 7, 0)));
        assertThat(database.ask(GAPS)).isEqualTo("quarantined 6-7 0");
        store(with(two(10), lost("quarantined", 9, 9, 0)));
        assertThat(database.ask(GAPS)).isEqualTo("quarantined 6-7 0, quarantined 9-9 2");
    }

    @Test
    void whatTheCollectorHeldBeforeIsAccountedFor() throws Exception {
        ledger.onHello("tap-1", BOOT, "test");
        ledger.onBatch("tap-1", BOOT, two(7)); // the six before went to another database
        store(two(9));
        assertThat(kafka.nameMissing(Duration.ZERO)).isEqualTo(1);
        assertThat(database.ask(GAPS)).isEqualTo("not-arrived 8-8 2");
    }

    @Test
    void otherHitsUnderANumberThatIsHeldAreCountedInAGapAndStopNothing() throws Exception {
        store(two(1), two(2));
        CheckedBatch other = batch(2, hit("10.0.0.9"));
        assertThat(store(other, two(3))).containsExactly(Outcome.CONFLICTING, Outcome.NEW);
        assertThat(database.ask(GAPS)).isEqualTo("conflicting 2-2 1");
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("6");
    }

    @Test
    void spoolsAreLookedAtEachForItself() throws Exception {
        UUID second = UUID.randomUUID();
        store(two(1), two(3));
        kafka.onRecords("t", 0, ++offset, List.of(new Received("tap-1", second, "1.0", two(1))));
        kafka.onRecords("t", 0, ++offset, List.of(new Received("tap-2", BOOT, "1.0", two(2))));
        assertThat(kafka.nameMissing(Duration.ZERO)).isEqualTo(2);
        assertThat(database.ask(GAPS)).isEqualTo("not-arrived 1-1 2, not-arrived 2-2 2");
    }

    private List<Outcome> store(CheckedBatch... batches) throws StoreException {
        return kafka.onRecords("t", 0, ++offset, received(batches));
    }

    private static List<Received> received(CheckedBatch... batches) {
        return Arrays.stream(batches)
                .map(batch -> new Received("tap-1", BOOT, "1.0", batch))
                .toList();
    }

    /// A batch of two hits, as are all before it.
    private static CheckedBatch two(long seq) {
        return with(batch(seq, hit("10.0.0.1"), hit("10.0.0.2")));
    }

    private static CheckedBatch with(CheckedBatch batch, CheckedBatch.HitGap... gaps) {
        return new CheckedBatch(
                batch.seq(),
                batch.createdNanos(),
                0,
                OptionalLong.of((batch.seq() - 1) * 2),
                batch.hits().size(),
                batch.digest(),
                batch.hits(),
                batch.records(),
                List.of(gaps));
    }

    private static CheckedBatch.HitGap lost(String reason, long first, long last, long hits) {
        return new CheckedBatch.HitGap(reason, "", first, last, hits);
    }
}
