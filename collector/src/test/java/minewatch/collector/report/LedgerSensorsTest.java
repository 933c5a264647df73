package minewatch.collector.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import minewatch.collector.accept.BatchHandler.StoreException;
import minewatch.collector.ledger.Ledger;
import minewatch.collector.ledger.TestDatabase;
import minewatch.feed.v1.Heartbeat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerSensorsTest {
    private TestDatabase database;
    private Ledger ledger;

    @BeforeEach
    void start() throws StoreException {
        database = TestDatabase.create();
        ledger = new Ledger(database.dataSource());
        ledger.onHello("tap-1", UUID.randomUUID(), "1.0");
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void sensorThatSeesPacketsIsWellAlsoWithoutHits() throws Exception {
        beat(10, 0);
        assertThat(row().state()).isEqualTo("well");
        assertThat(row().hitsAt()).isNull();
    }

    @Test
    void sensorThatIsHeardAndSeesNothingIsBlind() throws Exception {
        beat(0, 0);
        assertThat(row().state()).isEqualTo("blind");
        beat(10, 0);
        assertThat(row().state()).isEqualTo("well");
        minuteLater();
        beat(10, 0);
        assertThat(row().state()).as("no new packets").isEqualTo("blind");
        beat(11, 0);
        assertThat(row().state()).isEqualTo("well");
    }

    @Test
    void sensorThatDropsIsSeenToUntilAMinuteWithoutDrops() throws Exception {
        beat(10, 0);
        beat(20, 3);
        assertThat(row().state()).isEqualTo("dropping");
        minuteLater();
        beat(30, 3);
        assertThat(row().state()).isEqualTo("well");
        beat(5, 0); // it was started again, and counts from 0
        assertThat(row().state()).isEqualTo("well");
    }

    @Test
    void sensorThatDoesWithoutSomeOfItsWorkIsOverloadedUntilItKeepsUp() throws Exception {
        beat(10, 0);
        beat(Heartbeat.newBuilder().setPackets(20).setOverloadLevel(1).setSkippedShareChecks(7));
        assertThat(row().state()).isEqualTo("overloaded");
        assertThat(database.ask("SELECT heartbeat->>'skipped_share_checks' FROM sensor"))
                .isEqualTo("7");
        beat(Heartbeat.newBuilder().setPackets(30).setOverloadLevel(2).setKernelDrops(1));
        assertThat(row().state()).isEqualTo("dropping");
        minuteLater();
        beat(40, 1);
        assertThat(row().state()).isEqualTo("well");
    }

    @Test
    void signaturesOfASensorAreListed() throws Exception {
        assertThat(row().pack()).isNull();
        ledger.onPack("tap-1", "0123456789ab");
        assertThat(row().pack()).isEqualTo("0123456789ab");
        var json = new StringBuilder();
        SensorList.JSON.write(List.of(row()), json);
        assertThat(json.toString()).contains("\"pack\":\"0123456789ab\"");
    }

    @Test
    void sensorNotHeardForAMinuteIsSilentWhateverItSaidBefore() throws Exception {
        beat(10, 3);
        minuteLater();
        assertThat(row().state()).isEqualTo("silent");
    }

    @Test
    void listIsATableForPeopleAndJsonForPrograms() throws Exception {
        beat(10, 0);
        var table = new StringBuilder();
        SensorList.TABLE.write(new LedgerSensors(database.dataSource()).list(), table);
        assertThat(table.toString().lines().toList().getLast())
                .matches("tap-1 +well +\\S+Z +\\S+Z +never +never +2 +5 ms +\\? +1.0");
        var json = new StringBuilder();
        SensorList.JSON.write(new LedgerSensors(database.dataSource()).list(), json);
        assertThat(json.toString())
                .startsWith("{\"sensor\":\"tap-1\",\"state\":\"well\",\"heard_at\":\"")
                .contains("\"waiting_batches\":2,\"clock_offset_nanos\":5000000,")
                .doesNotContain("drops_at");
    }

    private void beat(long packets, long drops) throws StoreException {
        beat(
                Heartbeat.newBuilder()
                        .setPackets(packets)
                        .setKernelDrops(drops)
                        .setSpoolBatches(2)
                        .setClockOffsetNanos(5_000_000));
    }

    private void beat(Heartbeat.Builder heartbeat) throws StoreException {
        ledger.onHeartbeat("tap-1", heartbeat.build());
    }

    /// Moves what has been heard back in time.
    private void minuteLater() throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE sensor SET heard_at = heard_at - interval '61 s',"
                            + " packets_at = packets_at - interval '61 s',"
                            + " drops_at = drops_at - interval '61 s'");
        }
    }

    private SensorRow row() throws IOException {
        List<SensorRow> rows = new LedgerSensors(database.dataSource()).list();
        assertThat(rows).hasSize(1);
        return rows.getFirst();
    }
}
