package minewatch.collector.ledger;

import static minewatch.collector.ledger.Hits.BOOT;
import static minewatch.collector.ledger.Hits.START;
import static minewatch.collector.ledger.Hits.batch;
import static minewatch.collector.ledger.Hits.hit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import minewatch.collector.accept.BatchHandler.Held;
import minewatch.collector.accept.BatchHandler.StoreException;
import minewatch.collector.accept.CheckedBatch;
import minewatch.collector.attribute.RegistryException;
import minewatch.collector.report.Band;
import minewatch.collector.report.HashrateEstimate;
import minewatch.collector.report.LedgerProjects;
import minewatch.collector.report.ProjectRow;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    private static final String HEADER =
            "prefix,enterprise,credit_code,address,region_code,valid_from,valid_to,use_mode\n";

    @TempDir Path folder;
    private TestDatabase database;
    private Ledger ledger;
    private LedgerProjects projects;

    @BeforeEach
    void start() throws StoreException {
        database = TestDatabase.create();
        ledger = new Ledger(database.dataSource());
        projects = new LedgerProjects(database.dataSource());
        ledger.onHello("tap-1", BOOT, "test");
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void replayedBatchChangesNothing() throws StoreException {
        assertThat(store(batch(1, hit("10.0.0.1")))).isTrue();
        ProjectRow before = only();
        assertThat(store(batch(1, hit("10.0.0.1")))).isFalse();
        assertThat(only()).isEqualTo(before);
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("1");
        assertThat(database.ask("SELECT sum(hits) FROM project_source")).isEqualTo("1");
    }

    @Test
    void anotherBatchUnderTheSameNumberIsRefused() throws StoreException {
        store(batch(1, hit("10.0.0.1")));
        assertThatThrownBy(() -> store(batch(1, hit("10.0.0.2"))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("set back to an older copy")
                .matches(e -> ((StoreException) e).isFinal());
    }

    @Test
    void theSameNumberOfAnotherBootIsAnotherBatch() throws StoreException {
        store(batch(1, hit("10.0.0.1")));
        assertThat(ledger.onBatch("tap-1", UUID.randomUUID(), batch(1, hit("10.0.0.1")))).isTrue();
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("2");
    }

    @Test
    void helloTellsWhatIsDurable() throws StoreException {
        assertThat(ledger.onHello("tap-1", BOOT, "test")).isEqualTo(Held.NOTHING);
        store(batch(1, hit("10.0.0.1")));
        store(batch(2, hit("10.0.0.1")));
        assertThat(ledger.onHello("tap-1", BOOT, "test").throughSeq()).isEqualTo(2);
        assertThat(ledger.onHello("tap-2", BOOT, "test")).isEqualTo(Held.NOTHING);
    }

    @Test
    void lossNobodyCountedIsCountedByWhatTheSensorHadIssued() throws StoreException {
        store(booked(batch(1, hit("10.0.0.1"), hit("10.0.0.2")), 0));
        store(
                booked(
                        batch(5, hit("10.0.0.1")),
                        30,
                        lost("spool-full", 2, 3, 20),
                        lost("quarantined", 4, 4, 0)));
        assertThat(database.ask("SELECT string_agg(reason || ' ' || hits, ', ') FROM gap"))
                .isEqualTo("spool-full 20, quarantined 8");
        store(booked(batch(7, hit("10.0.0.1")), 31, lost("torn", 6, 6, 0)));
        assertThat(database.ask("SELECT hits FROM gap WHERE reason = 'torn'")).isEqualTo("0");
        assertThat(
                        database.ask(
                                "SELECT sum(b.sent_hits) + (SELECT sum(hits) FROM gap) FROM batch b"))
                .as("all that was issued")
                .isEqualTo("32");
    }

    @Test
    void clockThatWasSetIsMarkedInTheBatch() throws StoreException {
        CheckedBatch batch = batch(1, hit("10.0.0.1"));
        store(
                new CheckedBatch(
                        1,
                        batch.createdNanos(),
                        -86_400_000_000_000L,
                        OptionalLong.empty(),
                        1,
                        batch.digest(),
                        batch.hits(),
                        batch.records(),
                        List.of()));
        store(batch(2, hit("10.0.0.1")));
        assertThat(database.ask("SELECT clock_jump FROM batch WHERE seq = 1")).isEqualTo("-86400");
        assertThat(database.ask("SELECT clock_jump FROM batch WHERE seq = 2")).isEqualTo("null");
    }

    private static CheckedBatch booked(
            CheckedBatch batch, long hitsBefore, CheckedBatch.HitGap... gaps) {
        return new CheckedBatch(
                batch.seq(),
                batch.createdNanos(),
                0,
                OptionalLong.of(hitsBefore),
                batch.hits().size(),
                batch.digest(),
                batch.hits(),
                batch.records(),
                List.of(gaps));
    }

    private static CheckedBatch.HitGap lost(String reason, long first, long last, long hits) {
        return new CheckedBatch.HitGap(reason, "", first, last, hits);
    }

    @Test
    void secondMachineWithOneCertificateIsRefusedWhileTheFirstIsHeard() throws Exception {
        UUID second = UUID.randomUUID();
        assertThatThrownBy(() -> ledger.onHello("tap-1", second, "test"))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("sensor tap-1: another machine is heard with this")
                .hasMessageContaining("minewatch collector enrol")
                .satisfies(e -> assertThat(((StoreException) e).isFinal()).isTrue());
        assertThat(ledger.onHello("tap-1", BOOT, "test")).isEqualTo(Held.NOTHING);
        execute("UPDATE sensor SET heard_at = now() - interval '31 seconds'");
        assertThat(ledger.onHello("tap-1", second, "test")).isEqualTo(Held.NOTHING);
        assertThatThrownBy(() -> ledger.onHello("tap-1", BOOT, "test"))
                .isInstanceOf(StoreException.class);
    }

    @Test
    void batchesOfManySensorsAtOnceAreEachCountedOnce() throws Exception {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int sensor = 0; sensor < 4; sensor++) {
            String name = "tap-" + sensor;
            ledger.onHello(name, BOOT, "test");
            for (int seq = 1; seq <= 10; seq++) {
                CheckedBatch batch = batch(seq, hit("10.0.0.3"), hit("10.0.0.1"), hit("10.0.0.2"));
                work.add(() -> ledger.onBatch(name, BOOT, batch));
                work.add(() -> ledger.onBatch(name, BOOT, batch)); // and once more
            }
        }
        try (var pool = Executors.newFixedThreadPool(6)) {
            int added = 0;
            for (Future<Boolean> one : pool.invokeAll(work)) {
                added += one.get() ? 1 : 0;
            }
            assertThat(added).isEqualTo(40);
        }
        assertThat(database.ask("SELECT count(*) FROM hit")).isEqualTo("120");
        assertThat(database.ask("SELECT sum(hits) FROM project_source")).isEqualTo("120");
    }

    @Test
    void oneBatchThatCannotBeStoredStopsNoOther() throws Exception {
        CheckedBatch broken =
                batch(1, hit("10.0.0.1").addProtocols("a\0b")); // no text in PostgreSQL
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int sensor = 0; sensor < 20; sensor++) {
            String name = "tap-" + sensor;
            ledger.onHello(name, BOOT, "test");
            CheckedBatch batch = sensor == 7 ? broken : batch(1, hit("10.0.0.2"));
            work.add(() -> ledger.onBatch(name, BOOT, batch));
        }
        try (var pool = Executors.newFixedThreadPool(20)) {
            int failed = 0;
            for (Future<Boolean> one : pool.invokeAll(work)) {
                failed += one.state() == Future.State.FAILED ? 1 : 0;
            }
            assertThat(failed).isEqualTo(1);
        }
        assertThat(database.ask("SELECT count(*) FROM batch WHERE sensor_id = 'tap-7'"))
                .isEqualTo("0");
        assertThat(database.ask("SELECT sum(hits) FROM project_source")).isEqualTo("19");
    }

    @Test
    void timesAndAddressesAreStoredAsTheyCame() throws StoreException {
        store(
                batch(
                        1,
                        hit(
                                "2001:db8:7::42",
                                java.time.Instant.parse("1999-12-31T23:59:59.9999999Z"))));
        assertThat(
                        database.ask(
                                "SELECT host(source_ip) || ' ' || (first_seen AT TIME ZONE 'UTC')::text"
                                        + " FROM hit"))
                .isEqualTo("2001:db8:7::42 1999-12-31 23:59:59.999999");
        assertThat(database.ask("SELECT received_on = (now() AT TIME ZONE 'UTC')::date FROM hit"))
                .isEqualTo("t");
        assertThat(database.ask("SELECT array_length(allocations, 1) IS NULL FROM hit"))
                .isEqualTo("t");
    }

    @Test
    void unclaimedSourceIsAProjectOfItsOwn() throws StoreException {
        store(batch(1, hit("10.0.0.1"), hit("10.0.0.2")));
        assertThat(projects.list(null, null))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.enterprise()).isNull())
                .allSatisfy(row -> assertThat(row.miners()).isEqualTo(1));
    }

    @Test
    void registryNamesTheEnterprise() throws Exception {
        importRows("10.0.0.0/24,甲公司,,某路1号,110105,2026-01-01,,static");
        store(batch(1, hit("10.0.0.1"), hit("10.0.0.2")));
        ProjectRow row = only();
        assertThat(row.enterprise()).isEqualTo("甲公司");
        assertThat(row.regionCode()).isEqualTo("110105");
        assertThat(row.address()).isEqualTo("某路1号");
        assertThat(row.miners()).isEqualTo(2);
        var detail = projects.find(row.id(), 10).orElseThrow();
        assertThat(detail.hits())
                .extracting(stored -> stored.attributedTo())
                .containsOnly("10.0.0.0/24");
        assertThat(detail.hits())
                .extracting(stored -> stored.attributionSource())
                .containsOnly("filing");
    }

    @Test
    void ipv6IsAttributed() throws Exception {
        importRows("2001:db8:7::/48,甲公司,,,,2026-01-01,,static");
        store(batch(1, hit("2001:db8:7::42"), hit("2001:db8:8::42")));
        assertThat(projects.list(null, "甲")).hasSize(1);
        assertThat(projects.list(null, "2001:db8:8")).hasSize(1);
    }

    @Test
    void dynamicPoolNamesNobody() throws Exception {
        importRows(
                "10.0.0.0/16,运营商,,,,2026-01-01,,static",
                "10.0.7.0/24,运营商拨号池,,,,2026-01-01,,dynamic");
        store(batch(1, hit("10.0.7.1")));
        assertThat(only().enterprise()).isNull();
    }

    @Test
    void twoRegistriesThatDisagreeAreShownBoth() throws Exception {
        importRows("10.0.0.0/24,甲公司,,,,2026-01-01,,static");
        ledger.importRegistry(
                file("10.0.0.0/28,乙公司,,,,2026-01-01,,static"), "ipam", false, "test", n -> {});
        store(batch(1, hit("10.0.0.1")));
        assertThat(only().contested()).isTrue();
        assertThat(only().enterprise()).contains("甲公司", "乙公司");
    }

    @Test
    void addressThatChangesHandsFollowsTheTimeOfTheHit() throws Exception {
        importRows(
                "10.0.0.1/32,甲公司,,,,2026-01-01,2026-06-01,static",
                "10.0.0.1/32,乙公司,,,,2026-06-01,,static");
        store(
                batch(
                        1,
                        hit("10.0.0.1", java.time.Instant.parse("2026-05-31T15:40:00Z")),
                        hit("10.0.0.1", java.time.Instant.parse("2026-05-31T16:00:00Z"))));
        assertThat(projects.list(null, null))
                .extracting(ProjectRow::enterprise)
                .containsExactlyInAnyOrder("甲公司", "乙公司");
    }

    @Test
    void hitAcrossTheHandOverIsContested() throws Exception {
        importRows(
                "10.0.0.1/32,甲公司,,,,2026-01-01,2026-06-01,static",
                "10.0.0.1/32,乙公司,,,,2026-06-01,,static");
        store(batch(1, hit("10.0.0.1", java.time.Instant.parse("2026-05-31T15:55:00Z"))));
        assertThat(only().contested()).isTrue();
    }

    @Test
    void lateImportNamesEarlierHits() throws Exception {
        store(batch(1, hit("10.0.0.1"), hit("10.9.0.1")));
        ImportResult result = importRows("10.0.0.0/24,甲公司,,,,2026-01-01,,static");
        assertThat(result.reattributed()).isEqualTo(1);
        assertThat(projects.list(null, null))
                .extracting(ProjectRow::enterprise)
                .containsExactlyInAnyOrder("甲公司", null);
        assertThat(database.ask("SELECT count(*) FROM attribution")).isEqualTo("1");
        assertThat(database.ask("SELECT sum(hits) FROM project_source")).isEqualTo("2");
    }

    @Test
    void totalsAfterALateImportAreThoseOfAnEarlyOne() throws Exception {
        Hit.Builder first =
                hit("10.0.0.1")
                        .putHashrate("sha256d", Hits.rate(1000).build())
                        .setPowerWatts(Hits.power(300))
                        .setSessions(3);
        Hit.Builder second =
                hit("10.0.0.1", START.plus(Duration.ofMinutes(10)))
                        .setVerdict(Verdict.PROBABLE)
                        .putHashrate("scrypt", Hits.rate(10).build());
        store(batch(1, first));
        store(batch(2, second, hit("10.0.0.2")));
        importRows("10.0.0.0/24,甲公司,,,,2026-01-01,,static");
        ProjectRow late = only();
        try (var other = TestDatabase.create()) {
            var early = new Ledger(other.dataSource());
            early.onHello("tap-1", BOOT, "test");
            early.importRegistry(
                    file("10.0.0.0/24,甲公司,,,,2026-01-01,,static"), "filing", false, "t", n -> {});
            early.onBatch("tap-1", BOOT, batch(1, first));
            early.onBatch("tap-1", BOOT, batch(2, second, hit("10.0.0.2")));
            assertThat(new LedgerProjects(other.dataSource()).list(null, null))
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                    .containsExactly(late);
        }
    }

    @Test
    void anotherProcessesImportIsSeenByTheNextBatch() throws Exception {
        store(batch(1, hit("10.5.0.1")));
        new Ledger(database.dataSource())
                .importRegistry(
                        file("10.0.0.0/24,甲公司,,,,2026-01-01,,static"),
                        "filing",
                        false,
                        "test",
                        n -> {});
        store(batch(2, hit("10.0.0.1")));
        assertThat(projects.list(null, "甲公司")).hasSize(1);
    }

    @Test
    void theSameFileTwiceChangesNothing() throws Exception {
        String row = "10.0.0.0/24,甲公司,,,,2026-01-01,,static";
        assertThat(importRows(row).added()).isEqualTo(1);
        ImportResult again = importRows(row);
        assertThat(again.added()).isZero();
        assertThat(again.unchanged()).isEqualTo(1);
        assertThat(database.ask("SELECT count(*) FROM registry_import")).isEqualTo("1");
        assertThat(database.ask("SELECT revision FROM registry_revision")).isEqualTo("1");
    }

    @Test
    void aRowAgainstAnEarlierFileIsRefusedWithBothLines() throws Exception {
        importRows("10.0.0.0/24,甲公司,,,,2026-01-01,,static");
        assertThatThrownBy(() -> importRows("10.0.0.0/24,乙公司,,,,2026-03-01,,static"))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("registry.csv:2: prefix: 10.0.0.0/24")
                .hasMessageContaining("line 2 of registry.csv");
        assertThat(database.ask("SELECT count(*) FROM allocation")).isEqualTo("1");
    }

    @Test
    void replacingRetiresWhatTheFileDoesNotRepeat() throws Exception {
        importRows(
                "10.0.0.0/24,甲公司,,,,2026-01-01,,static", "10.0.1.0/24,丙公司,,,,2026-01-01,,static");
        store(batch(1, hit("10.0.0.1"), hit("10.0.1.1")));
        ImportResult result =
                ledger.importRegistry(
                        file(
                                "10.0.0.0/24,乙公司,,,,2026-01-01,,static",
                                "10.0.1.0/24,丙公司,,,,2026-01-01,,static"),
                        "filing",
                        true,
                        "test",
                        n -> {});
        assertThat(result.retired()).isEqualTo(1);
        assertThat(result.unchanged()).isEqualTo(1);
        assertThat(projects.list(null, null))
                .extracting(ProjectRow::enterprise)
                .containsExactlyInAnyOrder("乙公司", "丙公司");
    }

    @Test
    void hashrateIsTheSumOverSourcesAndNeverAcrossAlgorithms() throws Exception {
        importRows("10.0.0.0/24,甲公司,,,,2026-01-01,,static");
        store(
                batch(
                        1,
                        hit("10.0.0.1").putHashrate("sha256d", Hits.rate(100).build()),
                        hit("10.0.0.2").putHashrate("sha256d", Hits.rate(7).build()),
                        hit("10.0.0.3").putHashrate("rx/0", Hits.rate(5).build())));
        assertThat(only().hashrate())
                .extracting(estimate -> estimate.algorithm() + " " + estimate.rate().best())
                .containsExactly("rx/0 5.0", "sha256d 107.0");
    }

    @Test
    void hitsOfADayArePooledAndNarrowTheBounds() throws Exception {
        storeTenMinutes(0, "tap-1", 80);
        Band one = only().hashrate().getFirst().rate();
        storeTenMinutes(1, "tap-1", 120);
        storeTenMinutes(2, "tap-1", 80);
        storeTenMinutes(3, "tap-1", 120);
        HashrateEstimate four = only().hashrate().getFirst();

        assertThat(one.best()).isEqualTo(80);
        assertThat(one.low()).isCloseTo(80 * 0.7144, within(0.2)); // Garwood, 40 shares
        assertThat(one.high()).isCloseTo(80 * 1.3617, within(0.2));
        assertThat(four.rate().best()).isCloseTo(100, within(0.001));
        assertThat(four.shares()).isEqualTo(160);
        assertThat(four.rate().high() - four.rate().low()).isLessThan(36); // 40 shares: 65
    }

    @Test
    void powerNarrowsWithTheHashrate() throws Exception {
        // Hits.power and Hits.rate have the same bounds, so that a hash takes 3 J at each.
        for (int i = 0; i < 4; i++) {
            store(batch(i + 1, tenMinutes(i, "tap-1", 100).setPowerWatts(Hits.power(300))));
        }
        ProjectRow row = only();
        Band rate = row.hashrate().getFirst().rate();
        Band power = Objects.requireNonNull(row.power());
        assertThat(power.best()).isCloseTo(300, within(0.01));
        assertThat(power.low()).isCloseTo(3 * rate.low(), within(0.01));
        assertThat(power.high()).isCloseTo(3 * rate.high(), within(0.01));
    }

    @Test
    void workersAtOneTimeAddUpAndSensorsOfOnePathDoNot() throws Exception {
        store(batch(1, tenMinutes(0, "tap-1", 100), tenMinutes(0, "tap-1", 50)));
        assertThat(only().hashrate().getFirst().rate().best()).isCloseTo(150, within(0.001));
        store(batch(2, tenMinutes(0, "tap-2", 149)));
        assertThat(only().hashrate().getFirst().rate().best()).isCloseTo(150, within(0.001));
    }

    @Test
    void whatIsOlderThanADayNoLongerCounts() throws Exception {
        storeTenMinutes(0, "tap-1", 9999);
        storeTenMinutes(24 * 6 + 6, "tap-1", 100);
        assertThat(only().hashrate().getFirst().rate().best()).isCloseTo(100, within(0.001));
        storeTenMinutes(1, "tap-1", 9999); // an older one that comes late
        assertThat(only().hashrate().getFirst().rate().best()).isCloseTo(100, within(0.001));
        storeTenMinutes(24 * 6 * 9, "tap-1", 70);
        assertThat(only().hashrate().getFirst().rate().best()).isCloseTo(70, within(0.001));
        new Housekeeping(database.dataSource(), RetentionConfig.FOR_EVER).run();
        assertThat(only().hashrate().getFirst().rate().best()).isCloseTo(70, within(0.001));
        assertThat(database.ask("SELECT count(*) FROM project_hashrate")).isEqualTo("1");
    }

    @Test
    void whatMinersStateIsNoWork() throws Exception {
        var stated = Hits.rate(100).setBasis("self-reported").setShares(0).build();
        store(batch(1, hit("10.0.0.1").putHashrate("sha256d", stated)));
        assertThat(only().hashrate()).isEmpty();
    }

    private void storeTenMinutes(int number, String sensor, double rate) throws StoreException {
        store(batch(1000 + number, tenMinutes(number, sensor, rate)));
    }

    private static Hit.Builder tenMinutes(int number, String sensor, double rate) {
        return hit("10.0.0.1", START.plus(Duration.ofMinutes(10L * number)))
                .setSensor(sensor)
                .putHashrate("sha256d", Hits.rate(rate).build());
    }

    @Test
    void relayIsNotAddedToTheMinersBehindIt() throws Exception {
        importRows("10.0.0.0/24,甲公司,,,,2026-01-01,,static");
        Hit.Builder relay =
                hit("10.0.0.9")
                        .setVerdict(Verdict.RELAY)
                        .putHashrate("sha256d", Hits.rate(100).build());
        store(batch(1, relay));
        assertThat(only().hashrate().getFirst().rate().best()).isEqualTo(100);
        assertThat(only().miners()).isZero();
        store(batch(2, hit("10.0.0.1").putHashrate("sha256d", Hits.rate(60).build())));
        assertThat(only().hashrate().getFirst().rate().best()).isEqualTo(60);
        assertThat(only().miners()).isEqualTo(1);
    }

    @Test
    void minersBehindAddressesAddUpOverAddressesNotOverTime() throws Exception {
        importRows("10.0.0.0/24,甲公司,,,,2026-01-01,,static");
        store(batch(1, hit("10.0.0.1"), hit("10.0.0.2")));
        assertThat(only().minersAtLeast()).isNull();
        store(batch(2, hit("10.0.0.1").setMiners(12)));
        store(batch(3, hit("10.0.0.1").setMiners(7)));
        assertThat(only().minersAtLeast()).isEqualTo(13); // one at 10.0.0.2, which tells of none
        store(batch(4, hit("10.0.0.2").setMiners(3)));
        assertThat(only().minersAtLeast()).isEqualTo(15);
        assertThat(only().miners()).isEqualTo(2);
    }

    @Test
    void minersOfARelayAreNotAddedToThoseSeenThemselves() throws Exception {
        importRows("10.0.0.0/24,甲公司,,,,2026-01-01,,static");
        store(batch(1, hit("10.0.0.9").setVerdict(Verdict.RELAY).setMiners(40)));
        assertThat(only().minersAtLeast()).isEqualTo(40);
        store(batch(2, hit("10.0.0.1").setMiners(5)));
        assertThat(only().minersAtLeast()).isEqualTo(5);
    }

    @Test
    void aWeakSignTellsOfNoMiners() throws StoreException {
        store(batch(1, hit("10.0.0.1").setVerdict(Verdict.POSSIBLE).setMiners(4)));
        assertThat(only().minersAtLeast()).isNull();
    }

    @Test
    void minersMoveWithTheHitsAnImportAttributesAnew() throws Exception {
        store(batch(1, hit("10.0.0.1").setMiners(12)));
        importRows("10.0.0.0/24,甲公司,,,,2026-01-01,,static");
        assertThat(projects.list(null, "甲").getFirst().minersAtLeast()).isEqualTo(12);
    }

    @Test
    void nodeIsKeptButIsNoMiner() throws StoreException {
        store(batch(1, hit("10.0.0.1").setVerdict(Verdict.NODE)));
        assertThat(only().verdict()).isEqualTo("node");
        assertThat(only().miners()).isZero();
    }

    @Test
    void strongestVerdictWinsWithItsOwnConfidence() throws StoreException {
        store(batch(1, hit("10.0.0.1").setVerdict(Verdict.POSSIBLE).setConfidence(0.9)));
        store(batch(2, hit("10.0.0.1").setVerdict(Verdict.PROBABLE).setConfidence(0.7)));
        store(batch(3, hit("10.0.0.1").setVerdict(Verdict.POSSIBLE).setConfidence(0.95)));
        assertThat(only().verdict()).isEqualTo("probable");
        assertThat(only().confidence()).isEqualTo(0.7);
    }

    @Test
    void listIsFilteredByRegionAndText() throws Exception {
        importRows(
                "10.0.0.0/24,甲公司,,某路1号,110105,2026-01-01,,static",
                "10.0.1.0/24,乙%公司,,某路2号,440305,2026-01-01,,static");
        store(batch(1, hit("10.0.0.1"), hit("10.0.1.77")));
        assertThat(projects.list("44", null))
                .extracting(ProjectRow::enterprise)
                .containsExactly("乙%公司");
        assertThat(projects.list(null, "%"))
                .extracting(ProjectRow::enterprise)
                .containsExactly("乙%公司");
        assertThat(projects.list(null, "1.77")).hasSize(1);
        assertThat(projects.list("99", null)).isEmpty();
    }

    @Test
    void storedHitsCannotBeChangedOrRemoved() throws StoreException {
        store(batch(1, hit("10.0.0.1")));
        for (String table : List.of("hit", "batch", "gap", "attribution", "registry_import")) {
            assertThatThrownBy(() -> execute("DELETE FROM " + table))
                    .hasMessageContaining("append-only");
            assertThatThrownBy(() -> execute("TRUNCATE " + table + " CASCADE"))
                    .hasMessageContaining("append-only");
        }
        assertThatThrownBy(() -> execute("UPDATE hit SET verdict = 'node'"))
                .hasMessageContaining("append-only");
        String day =
                database.ask("SELECT 'hit_evidence' || to_char(received_on, '_YYYYMMDD') FROM hit");
        assertThatThrownBy(() -> execute("DELETE FROM " + day)).hasMessageContaining("append-only");
    }

    @Test
    void commitIsAnnouncedAfterwards() throws Exception {
        var seen = new ArrayList<String>();
        var subscription =
                ledger.subscribe(revision -> seen.add(database.ask("SELECT count(*) FROM hit")));
        store(batch(1, hit("10.0.0.1")));
        store(batch(1, hit("10.0.0.1")));
        subscription.close();
        store(batch(2, hit("10.0.0.1")));
        assertThat(seen).containsExactly("1");
    }

    private boolean store(CheckedBatch batch) throws StoreException {
        return ledger.onBatch("tap-1", BOOT, batch);
    }

    private ProjectRow only() {
        List<ProjectRow> rows = projects.list(null, null);
        assertThat(rows).hasSize(1);
        return rows.getFirst();
    }

    private ImportResult importRows(String... rows) throws IOException, RegistryException {
        return ledger.importRegistry(file(rows), "filing", false, "test", lines -> {});
    }

    private Path file(String... rows) throws IOException {
        return Files.writeString(
                folder.resolve("registry.csv"), HEADER + String.join("\n", rows) + "\n");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
