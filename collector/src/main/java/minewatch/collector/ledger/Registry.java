package minewatch.collector.ledger;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import minewatch.collector.attribute.Allocation;
import minewatch.collector.attribute.AttributionTable;
import minewatch.collector.attribute.Holder;
import minewatch.collector.attribute.IpPrefix;
import minewatch.collector.attribute.UseMode;

/// The registry as the database has it, kept in memory as one immutable table that is swapped when
/// the registry's revision moves on. Safe for any number of threads.
final class Registry {
    private static final String ROWS =
            """
            SELECT a.id, s.name, host(a.prefix), masklen(a.prefix),
                lower(a.valid), upper(a.valid), upper_inf(a.valid),
                a.enterprise, a.credit_code, a.region_code, a.address, a.use_mode
            FROM allocation a JOIN registry_source s ON s.id = a.source_id
            WHERE a.retired_by IS NULL
            """;

    private final ReentrantLock loading = new ReentrantLock();
    private volatile Snapshot snapshot = new Snapshot(-1, AttributionTable.EMPTY);

    /// @param revision of the registry the table was made from
    record Snapshot(long revision, AttributionTable table) {}

    /// The table that holds until this transaction ends: whoever wants to change the registry waits
    /// for it.
    Snapshot lockShared(Connection transaction) throws SQLException {
        return at(holdRevision(transaction), transaction);
    }

    /// From now on until this transaction ends, nobody changes the registry.
    ///
    /// @return its revision
    static long holdRevision(Connection transaction) throws SQLException {
        try (var statement = transaction.createStatement();
                var row =
                        statement.executeQuery(
                                "SELECT revision FROM registry_revision FOR SHARE")) {
            row.next();
            return row.getLong(1);
        }
    }

    /// The table of a revision this transaction sees, loaded unless it is the one in memory.
    private Snapshot at(long revision, Connection transaction) throws SQLException {
        Snapshot current = snapshot;
        if (current.revision() == revision) {
            return current;
        }
        loading.lock();
        try {
            if (snapshot.revision() != revision) {
                snapshot = load(revision, transaction);
            }
            return snapshot;
        } finally {
            loading.unlock();
        }
    }

    /// What this transaction sees, its own changes included.
    static Snapshot load(long revision, Connection transaction) throws SQLException {
        var allocations = new ArrayList<Allocation>();
        Map<Holder, Holder> holders = new HashMap<>();
        try (var statement = transaction.createStatement()) {
            statement.setFetchSize(10_000);
            try (ResultSet row = statement.executeQuery(ROWS)) {
                while (row.next()) {
                    allocations.add(allocation(row, holders));
                }
            }
        }
        return new Snapshot(revision, AttributionTable.of(allocations));
    }

    private static Allocation allocation(ResultSet row, Map<Holder, Holder> holders)
            throws SQLException {
        var holder =
                new Holder(
                        row.getString(8), row.getString(9), row.getString(10), row.getString(11));
        return new Allocation(
                row.getLong(1),
                row.getString(2),
                IpPrefix.of(octets(row.getString(3)), row.getInt(4)),
                Times.nanos(row.getObject(5, java.time.OffsetDateTime.class).toInstant()),
                row.getBoolean(7)
                        ? Long.MAX_VALUE
                        : Times.nanos(row.getObject(6, java.time.OffsetDateTime.class).toInstant()),
                holders.computeIfAbsent(holder, same -> same),
                UseMode.valueOf(row.getString(12).toUpperCase(Locale.ROOT)));
    }

    /// @param literal a numeric address as PostgreSQL writes it: nothing is looked up
    static byte[] octets(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("not an address: " + literal, e);
        }
    }

    static List<String> sourcesOf(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT name FROM registry_source")) {
            var names = new ArrayList<String>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }
}
