package minewatch.collector.report;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Which sensors there are and how they are. Only heard of is what a heartbeat tells: it must come
/// at least twice a minute (`uplink.heartbeat`, 10 s by default).
public final class LedgerSensors {
    /// Every state, worst first.
    public static final List<String> STATES =
            List.of("silent", "blind", "dropping", "overloaded", "well");

    private static final String QUERY =
            """
            SELECT id, version, pack, heard_at, packets_at, drops_at,
                CASE WHEN heard_at < now() - interval '1 minute' THEN 'silent'
                    WHEN coalesce(packets_at < now() - interval '1 minute', true) THEN 'blind'
                    WHEN drops_at > now() - interval '1 minute' THEN 'dropping'
                    WHEN (heartbeat->>'overload_level')::int > 0 THEN 'overloaded'
                    ELSE 'well' END AS state,
                (SELECT received_at FROM batch WHERE sensor_id = sensor.id AND hits > 0
                    ORDER BY batch.id DESC LIMIT 1) AS hits_at,
                coalesce((heartbeat->>'spool_batches')::bigint, 0) AS waiting,
                (heartbeat->>'clock_offset_nanos')::bigint AS clock_offset
            FROM sensor ORDER BY id
            """;

    private final DataSource database;

    public LedgerSensors(DataSource database) {
        this.database = database;
    }

    /// All sensors that ever said hello, by name.
    ///
    /// @throws IOException if the database does not answer
    public List<SensorRow> list() throws IOException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(QUERY);
                ResultSet row = query.executeQuery()) {
            List<SensorRow> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(
                        new SensorRow(
                                row.getString("id"),
                                row.getString("version"),
                                row.getString("pack"),
                                row.getString("state"),
                                row.getObject("heard_at", OffsetDateTime.class).toInstant(),
                                instant(row, "packets_at"),
                                instant(row, "drops_at"),
                                instant(row, "hits_at"),
                                row.getLong("waiting"),
                                row.getObject("clock_offset", Long.class)));
            }
            return rows;
        } catch (SQLException e) {
            throw new IOException("cannot list the sensors: " + e.getMessage(), e);
        }
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
