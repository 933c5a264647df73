package minewatch.collector.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import minewatch.collector.report.LedgerProjects;
import minewatch.feed.HitJson;
import minewatch.feed.v1.Hit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ledger of the first version, with hits in it, brought to the newest.
class MigrationTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);

    private TestDatabase database;

    @BeforeEach
    void start() {
        database = TestDatabase.createEmpty();
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void hitsOfTheFirstVersionAreReportedByTheNewest() throws Exception {
        database.migrate("1");
        try (Connection connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO sensor (id) VALUES ('tap-1');
                    INSERT INTO batch (sensor_id, boot_id, seq, created_at, digest, hits, gaps, received_at)
                    SELECT 'tap-1', gen_random_uuid(), 1, now(), decode(repeat('00', 32), 'hex'), 2, 0,
                        now() - days * interval '1 day' FROM unnest(ARRAY[40, 0]) days;
                    INSERT INTO project (key, kind) VALUES ('ip:10.0.0.1', 'unassigned');
                    INSERT INTO project (key, kind, enterprise) VALUES ('at:a', 'owned', 'A');
                    INSERT INTO project_source VALUES (2, '10.0.0.1', 4, now(), now(), 6, 0.9, true, 1, '{stratum-v1}');
                    """);
            for (int i = 0; i < 4; i++) {
                insertHit(connection, 1 + i / 2, i);
            }
            statement.execute(
                    """
                    INSERT INTO attribution (hit_id, project_id, allocations, prefix, source, revision)
                    SELECT id, 1, '{}', '', '', 0 FROM hit ORDER BY id;
                    INSERT INTO attribution (hit_id, project_id, allocations, prefix, source, revision)
                    SELECT id, 2, '{7}', '10.0.0.0/24', 'filing', 1 FROM hit ORDER BY id;
                    """);
        }

        database.migrate("latest");

        var projects = new LedgerProjects(database.dataSource());
        var row = projects.list(null, null).getFirst();
        assertThat(row.enterprise()).isEqualTo("A");
        assertThat(row.hashrate().getFirst().shares()).isEqualTo(160);
        assertThat(row.minersAtLeast()).isEqualTo(9);
        assertThat(projects.find(row.id(), 10).orElseThrow().hits())
                .hasSize(4)
                .allSatisfy(hit -> assertThat(hit.attributedTo()).isEqualTo("10.0.0.0/24"));
        assertThat(database.ask("SELECT count(DISTINCT received_on) FROM hit")).isEqualTo("2");
    }

    /// As one that was put back after an update would find it.
    @Test
    void schemaOfANewerVersionIsLeftAlone(@TempDir Path folder) throws Exception {
        database.migrate("latest");
        String ours =
                database.ask(
                        "SELECT max(version::int) FROM ledger.flyway_schema_history WHERE success");
        try (Connection connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO ledger.flyway_schema_history
                    SELECT installed_rank + 1, '999', 'of a later version', type, 'V999__later.sql',
                        checksum, installed_by, now(), 1, true
                    FROM ledger.flyway_schema_history ORDER BY installed_rank DESC LIMIT 1
                    """);
        }
        Path password = Files.writeString(folder.resolve("password"), database.password());
        var where = new DatabaseConfig.External(database.url(), database.user(), password);

        try (Database older = Database.owned(where);
                Database command = Database.joined(where)) {
            for (Database opened : List.of(older, command)) {
                assertThatThrownBy(opened::start)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("newer version")
                        .hasMessageContaining("999");
            }
        }

        database.ask("DELETE FROM ledger.flyway_schema_history WHERE version = '999' RETURNING 1");
        try (Database again = Database.owned(where)) {
            again.start();
            assertThat(again.isHealthy()).isTrue();
        }
        assertThat(database.ask("SELECT max(version::int) FROM ledger.flyway_schema_history"))
                .isEqualTo(ours);
    }

    private void insertHit(Connection connection, long batch, int number) throws Exception {
        Instant at = now.minus(Duration.ofMinutes(10L * number));
        Hit hit =
                Hits.hit("10.0.0.1", at)
                        .putHashrate("sha256d", Hits.rate(100).build())
                        .setMiners(3 * number)
                        .build();
        try (PreparedStatement row =
                connection.prepareStatement(
                        """
                        INSERT INTO hit (batch_id, source_ip, first_seen, last_seen, verdict, confidence,
                            record, json)
                        VALUES (?, '10.0.0.1', ?, ?, 'miner', 0.9, ?, ?::jsonb)
                        """)) {
            row.setLong(1, batch);
            row.setObject(2, Times.column(hit.getFirstSeenNanos()));
            row.setObject(3, Times.column(hit.getLastSeenNanos()));
            row.setBytes(4, hit.toByteArray());
            row.setString(5, HitJson.write(hit));
            row.executeUpdate();
        }
    }
}
