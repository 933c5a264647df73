package minewatch.collector.ledger;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import javax.sql.DataSource;
import minewatch.collector.accept.BatchHandler;
import minewatch.collector.accept.CheckedBatch;
import minewatch.collector.attribute.RegistryException;
import minewatch.feed.v1.Heartbeat;

/// The append-only record of what was seen and of whose it was. Only this class and what it calls
/// writes to the database. Safe for any number of threads; every method blocks.
///
/// A batch is in one transaction, with others that came at the same time: its row, its hits, their
/// attributions at the time of each hit, its gaps and the projects' totals become durable together
/// or not at all. `(sensor, boot id, seq)` is unique, so a batch that is sent again changes
/// nothing.
public final class Ledger implements BatchHandler, AutoCloseable {
    /// A machine not heard for so long may be replaced by another of the same name.
    private static final Duration SILENT_AFTER = Duration.ofSeconds(30);

    private final DataSource database;
    private final List<LedgerChanges> subscribers = new CopyOnWriteArrayList<>();
    private final AtomicLong revision = new AtomicLong();
    private final DeferredTotals deferred;
    private final BatchWriter writer;
    private final GroupCommit batches;

    public Ledger(DataSource database) {
        this.database = database;
        this.deferred = new DeferredTotals(database, this::announce);
        this.writer = new BatchWriter(deferred);
        this.batches = new GroupCommit(database, writer, this::announce);
    }

    /// @return ends the subscription when closed
    public Subscription subscribe(LedgerChanges subscriber) {
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    /// Told of commits until closed.
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public Held onHello(String sensor, UUID bootId, String version) throws StoreException {
        return inTransaction(
                "greet sensor " + sensor,
                transaction -> {
                    refuseSecondMachine(transaction, sensor, bootId);
                    try (PreparedStatement row =
                            transaction.prepareStatement(
                                    """
                                    INSERT INTO sensor (id, version, boot_id) VALUES (?, ?, ?)
                                    ON CONFLICT (id) DO UPDATE
                                    SET version = excluded.version, boot_id = excluded.boot_id,
                                        heard_at = now()
                                    """)) {
                        row.setString(1, sensor);
                        row.setString(2, version);
                        row.setObject(3, bootId);
                        row.executeUpdate();
                    }
                    return held(transaction, sensor, bootId);
                });
    }

    /// Another spool under the same name while the first is still heard: two machines have one
    /// certificate. An emptied spool has a new boot id too, but then the old one is silent.
    private static void refuseSecondMachine(Connection transaction, String sensor, UUID bootId)
            throws SQLException, StoreException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        """
                        SELECT boot_id FROM sensor WHERE id = ? AND boot_id <> ?
                            AND heard_at > now() - make_interval(secs => ?)
                        FOR UPDATE
                        """)) {
            query.setString(1, sensor);
            query.setObject(2, bootId);
            query.setLong(3, SILENT_AFTER.toSeconds());
            try (ResultSet other = query.executeQuery()) {
                if (other.next()) {
                    throw new StoreException(
                            "sensor "
                                    + sensor
                                    + ": another machine is heard with this certificate (boot id "
                                    + other.getString(1)
                                    + ", not "
                                    + bootId
                                    + "); give each its own with `minewatch collector enrol`; if its"
                                    + " spool was emptied just now, it is let in after "
                                    + SILENT_AFTER.toSeconds()
                                    + " s",
                            true);
                }
            }
        }
    }

    private static Held held(Connection transaction, String sensor, UUID bootId)
            throws SQLException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        """
                        SELECT seq, digest FROM batch WHERE sensor_id = ? AND boot_id = ?
                        ORDER BY seq DESC LIMIT 1
                        """)) {
            query.setString(1, sensor);
            query.setObject(2, bootId);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new Held(row.getLong(1), ByteString.copyFrom(row.getBytes(2)))
                        : Held.NOTHING;
            }
        }
    }

    @Override
    public void onPack(String sensor, String revision) throws StoreException {
        inTransaction(
                "note the signatures of " + sensor,
                transaction -> {
                    try (PreparedStatement row =
                            transaction.prepareStatement(
                                    "UPDATE sensor SET pack = ? WHERE id = ?")) {
                        row.setString(1, revision);
                        row.setString(2, sensor);
                        return row.executeUpdate();
                    }
                });
    }

    @Override
    public void onHeartbeat(String sensor, Heartbeat heartbeat) throws StoreException {
        inTransaction(
                "store the heartbeat of " + sensor,
                transaction -> {
                    try (PreparedStatement row =
                            transaction.prepareStatement(
                                    """
                                    UPDATE sensor SET heard_at = now(),
                                        packets_at = CASE WHEN ? > 0 AND
                                            heartbeat->>'packets' IS DISTINCT FROM ?::text
                                            THEN now() ELSE packets_at END,
                                        drops_at = CASE WHEN ? >
                                            coalesce((heartbeat->>'kernel_drops')::bigint, 0)
                                            THEN now() ELSE drops_at END,
                                        heartbeat =
                                        jsonb_build_object('wall_nanos', ?, 'packets', ?,
                                            'octets', ?, 'kernel_drops', ?, 'flows', ?,
                                            'suspects', ?, 'spool_batches', ?,
                                            'clock_offset_nanos', ?::bigint,
                                            'data_flows', ?, 'one_sided_flows', ?,
                                            'encrypted_flows', ?, 'lost_segments', ?,
                                            'cut_segments', ?, 'spool_bytes', ?,
                                            'cpu_nanos', ?, 'memory_bytes', ?,
                                            'overload_level', ?, 'skipped_share_checks', ?,
                                            'skipped_opaque_flows', ?, 'skipped_flow_tests', ?)
                                    WHERE id = ?
                                    """)) {
                        row.setLong(1, heartbeat.getPackets());
                        row.setLong(2, heartbeat.getPackets());
                        row.setLong(3, heartbeat.getKernelDrops());
                        row.setLong(4, heartbeat.getWallNanos());
                        row.setLong(5, heartbeat.getPackets());
                        row.setLong(6, heartbeat.getOctets());
                        row.setLong(7, heartbeat.getKernelDrops());
                        row.setLong(8, heartbeat.getFlows());
                        row.setLong(9, heartbeat.getSuspects());
                        row.setLong(10, heartbeat.getSpoolBatches());
                        if (heartbeat.hasClockOffsetNanos()) {
                            row.setLong(11, heartbeat.getClockOffsetNanos());
                        } else {
                            row.setNull(11, java.sql.Types.BIGINT);
                        }
                        row.setLong(12, heartbeat.getDataFlows());
                        row.setLong(13, heartbeat.getOneSidedFlows());
                        row.setLong(14, heartbeat.getEncryptedFlows());
                        row.setLong(15, heartbeat.getLostSegments());
                        row.setLong(16, heartbeat.getCutSegments());
                        row.setLong(17, heartbeat.getSpoolBytes());
                        row.setLong(18, heartbeat.getCpuNanos());
                        row.setLong(19, heartbeat.getMemoryBytes());
                        row.setLong(20, heartbeat.getOverloadLevel());
                        row.setLong(21, heartbeat.getSkippedShareChecks());
                        row.setLong(22, heartbeat.getSkippedOpaqueFlows());
                        row.setLong(23, heartbeat.getSkippedFlowTests());
                        row.setString(24, sensor);
                        return row.executeUpdate();
                    }
                });
    }

    @Override
    public boolean onBatch(String sensor, UUID bootId, CheckedBatch batch) throws StoreException {
        return batches.append(new Append(sensor, bootId, batch));
    }

    /// After the last batch: stores the totals that are deferred.
    @Override
    public void close() {
        deferred.close();
    }

    /// Takes a registry file into the ledger, all of it or nothing, and names the hits it explains,
    /// also those that came before it.
    ///
    /// @param source name of the registry the file is from
    /// @param replace the file is the whole registry: rows it does not repeat are retired
    /// @param operator who imports, for the audit
    /// @param progress told the number of lines read, now and then
    /// @throws RegistryException with every problem of the file
    public ImportResult importRegistry(
            Path file, String source, boolean replace, String operator, IntConsumer progress)
            throws IOException, RegistryException {
        return importRegistry(
                minewatch.collector.attribute.RegistryCsv.read(file, progress),
                file.toString(),
                source,
                replace,
                operator);
    }

    private ImportResult importRegistry(
            minewatch.collector.attribute.RegistryFile file,
            String path,
            String source,
            boolean replace,
            String operator)
            throws IOException, RegistryException {
        try (Connection transaction = database.getConnection()) {
            transaction.setAutoCommit(false);
            try {
                ImportResult result =
                        new RegistryImport(transaction, file, path, source, replace, operator)
                                .run();
                transaction.commit();
                announce();
                return result;
            } catch (SQLException | RegistryException | RuntimeException e) {
                transaction.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new IOException("cannot import " + path + ": " + e.getMessage(), e);
        }
    }

    /// For batches that come another way, in transactions that do more.
    BatchWriter writer() {
        return writer;
    }

    /// Tells subscribers that another process changed the ledger.
    void announce() {
        long now = revision.incrementAndGet();
        subscribers.forEach(subscriber -> subscriber.onCommit(now));
    }

    private interface Work<T> {
        T in(Connection transaction) throws SQLException, StoreException;
    }

    private <T> T inTransaction(String what, Work<T> work) throws StoreException {
        try (Connection transaction = database.getConnection()) {
            transaction.setAutoCommit(false);
            try {
                T result = work.in(transaction);
                transaction.commit();
                return result;
            } catch (SQLException | StoreException | RuntimeException e) {
                transaction.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new StoreException("cannot " + what + ": " + e.getMessage(), false, e);
        }
    }
}
