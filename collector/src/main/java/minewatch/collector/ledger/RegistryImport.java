package minewatch.collector.ledger;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import minewatch.collector.attribute.AttributionTable;
import minewatch.collector.attribute.Holder;
import minewatch.collector.attribute.IpPrefix;
import minewatch.collector.attribute.RegistryException;
import minewatch.collector.attribute.RegistryFile;
import minewatch.collector.attribute.RegistryRow;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// One import of a registry file, within the caller's transaction.
///
/// The file's rows first go into a temporary table, which takes long and locks nothing. Then the
/// registry's revision is raised, which waits for the batches that are being attributed and holds
/// back new ones until this transaction ends.
final class RegistryImport {
    private static final int COPY_CHARACTERS = 1 << 20;
    private static final int MAX_CONFLICTS = 1_000;

    /// Rows of the file and of the ledger that say the same.
    private static final String SAME =
            """
            a.source_id = ? AND a.retired_by IS NULL AND a.prefix = i.prefix AND a.valid = i.valid
            AND a.enterprise = i.enterprise AND a.use_mode = i.use_mode
            AND a.credit_code IS NOT DISTINCT FROM i.credit_code
            AND a.region_code IS NOT DISTINCT FROM i.region_code
            AND a.address IS NOT DISTINCT FROM i.address
            """;

    private final Connection transaction;
    private final RegistryFile file;
    private final String path;
    private final String source;
    private final boolean replace;
    private final String operator;

    RegistryImport(
            Connection transaction,
            RegistryFile file,
            String path,
            String source,
            boolean replace,
            String operator) {
        this.transaction = transaction;
        this.file = file;
        this.path = path;
        this.source = source;
        this.replace = replace;
        this.operator = operator;
    }

    ImportResult run() throws SQLException, IOException, RegistryException {
        copyRows();
        long revision = raiseRevision();
        int sourceId = sourceId();
        Set<IpPrefix> changed = new HashSet<>();
        removeUnchanged(sourceId);
        List<Long> retiring = replace ? notRepeated(sourceId, changed) : List.of();
        refuseConflicts(sourceId, retiring);
        int added = count("SELECT count(*) FROM incoming");
        if (added == 0 && retiring.isEmpty()) {
            lowerRevision();
            return result(0, 0, 0);
        }
        long importId = insertImport(sourceId, added, retiring.size(), revision);
        retire(retiring, importId);
        insertAllocations(sourceId, importId, changed);
        AttributionTable table = Registry.load(revision, transaction).table();
        long reattributed = new Reattribution(transaction, table, revision).run(changed);
        notifyOthers();
        return result(added, retiring.size(), reattributed);
    }

    private ImportResult result(int added, int retired, long reattributed) {
        return new ImportResult(
                file.lines(),
                added,
                file.rows().size() - added,
                retired,
                reattributed,
                file.ignoredColumns());
    }

    private void copyRows() throws SQLException, IOException {
        try (var statement = transaction.createStatement()) {
            statement.execute(
                    """
                    CREATE TEMPORARY TABLE incoming (line integer, prefix inet, valid tstzrange,
                        enterprise text, credit_code text, region_code text, address text,
                        use_mode text) ON COMMIT DROP
                    """);
        }
        var copy =
                transaction
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY incoming FROM STDIN");
        try {
            var text = new StringBuilder(COPY_CHARACTERS + 4_096);
            for (RegistryRow row : file.rows()) {
                append(text, row);
                if (text.length() >= COPY_CHARACTERS) {
                    send(copy, text);
                }
            }
            send(copy, text);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        try (var statement = transaction.createStatement()) {
            statement.execute("CREATE INDEX ON incoming USING btree (prefix)");
            statement.execute("ANALYZE incoming");
        }
    }

    private static void send(org.postgresql.copy.CopyIn copy, StringBuilder text)
            throws SQLException {
        byte[] bytes = text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        text.setLength(0);
    }

    private static void append(StringBuilder text, RegistryRow row) {
        Holder holder = row.holder();
        text.append(row.line()).append('\t').append(row.prefix()).append("\t[\"");
        text.append(row.validFrom()).append("\",");
        if (row.validTo() != null) {
            text.append('"').append(row.validTo()).append('"');
        }
        text.append(')');
        field(text, holder.enterprise());
        field(text, holder.creditCode());
        field(text, holder.regionCode());
        field(text, holder.address());
        field(text, row.useMode().name().toLowerCase(Locale.ROOT));
        text.append('\n');
    }

    private static void field(StringBuilder text, @Nullable String value) {
        text.append('\t');
        if (value == null) {
            text.append("\\N");
        } else {
            text.append(value.replace("\\", "\\\\")); // control characters were refused on reading
        }
    }

    private long raiseRevision() throws SQLException {
        try (var statement = transaction.createStatement();
                var row =
                        statement.executeQuery(
                                "UPDATE registry_revision SET revision = revision + 1"
                                        + " RETURNING revision")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void lowerRevision() throws SQLException {
        try (var statement = transaction.createStatement()) {
            statement.executeUpdate("UPDATE registry_revision SET revision = revision - 1");
        }
    }

    private int sourceId() throws SQLException, RegistryException {
        List<String> known = Registry.sourcesOf(transaction);
        if (!known.contains(source) && known.size() >= AttributionTable.MAX_SOURCES) {
            throw new RegistryException(
                    List.of(
                            "--source: "
                                    + source
                                    + " (expected: one of the "
                                    + known.size()
                                    + " registries there are; more are not supported)"));
        }
        try (PreparedStatement row =
                transaction.prepareStatement(
                        "INSERT INTO registry_source (name) VALUES (?) ON CONFLICT DO NOTHING")) {
            row.setString(1, source);
            row.executeUpdate();
        }
        try (PreparedStatement query =
                transaction.prepareStatement("SELECT id FROM registry_source WHERE name = ?")) {
            query.setString(1, source);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /// Rows of the ledger that stand in the file are marked kept; what remains in `incoming` is
    /// new.
    private void removeUnchanged(int sourceId) throws SQLException {
        try (var statement = transaction.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE kept (id bigint) ON COMMIT DROP");
        }
        try (PreparedStatement same =
                transaction.prepareStatement(
                        """
                        WITH gone AS (
                            DELETE FROM incoming i USING allocation a WHERE %s RETURNING a.id)
                        INSERT INTO kept SELECT id FROM gone
                        """
                                .formatted(SAME))) {
            same.setInt(1, sourceId);
            same.executeUpdate();
        }
    }

    private List<Long> notRepeated(int sourceId, Set<IpPrefix> changed) throws SQLException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        """
                        SELECT a.id, host(a.prefix), masklen(a.prefix) FROM allocation a
                        WHERE a.source_id = ? AND a.retired_by IS NULL
                            AND NOT EXISTS (SELECT 1 FROM kept k WHERE k.id = a.id)
                        """)) {
            query.setInt(1, sourceId);
            var ids = new ArrayList<Long>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                    changed.add(prefix(row, 2));
                }
            }
            return ids;
        }
    }

    private void refuseConflicts(int sourceId, List<Long> retiring)
            throws SQLException, RegistryException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        """
                        SELECT i.line, i.prefix::text, a.line, m.file_name, m.imported_at::date
                        FROM incoming i
                        JOIN allocation a ON a.source_id = ? AND a.retired_by IS NULL
                            AND a.prefix = i.prefix AND a.valid && i.valid
                        JOIN registry_import m ON m.id = a.import_id
                        WHERE NOT (a.id = ANY (?))
                        ORDER BY i.line LIMIT ?
                        """)) {
            query.setInt(1, sourceId);
            query.setArray(2, transaction.createArrayOf("bigint", retiring.toArray()));
            query.setInt(3, MAX_CONFLICTS);
            var problems = new ArrayList<String>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    problems.add(
                            "%s:%d: prefix: %s (expected: not the same prefix at the same time as line %d of %s, imported %s; if this file is the whole registry, use --replace)"
                                    .formatted(
                                            path,
                                            row.getInt(1),
                                            row.getString(2),
                                            row.getInt(3),
                                            row.getString(4),
                                            row.getString(5)));
                }
            }
            if (!problems.isEmpty()) {
                throw new RegistryException(problems);
            }
        }
    }

    private long insertImport(int sourceId, int added, int retired, long revision)
            throws SQLException {
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        INSERT INTO registry_import (source_id, file_name, sha256, replaces, rows,
                            added, retired, revision, operator)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
                        """)) {
            row.setInt(1, sourceId);
            row.setString(2, file.name());
            row.setBytes(3, HexFormat.of().parseHex(file.sha256()));
            row.setBoolean(4, replace);
            row.setInt(5, file.rows().size());
            row.setInt(6, added);
            row.setInt(7, retired);
            row.setLong(8, revision);
            row.setString(9, operator);
            try (ResultSet id = row.executeQuery()) {
                id.next();
                return id.getLong(1);
            }
        }
    }

    private void retire(List<Long> ids, long importId) throws SQLException {
        try (PreparedStatement row =
                transaction.prepareStatement(
                        "UPDATE allocation SET retired_by = ? WHERE id = ANY (?)")) {
            row.setLong(1, importId);
            row.setArray(2, transaction.createArrayOf("bigint", ids.toArray()));
            row.executeUpdate();
        }
    }

    private void insertAllocations(int sourceId, long importId, Set<IpPrefix> changed)
            throws SQLException {
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        INSERT INTO allocation (source_id, prefix, valid, enterprise, credit_code,
                            region_code, address, use_mode, import_id, line)
                        SELECT ?, prefix, valid, enterprise, credit_code, region_code, address,
                            use_mode, ?, line FROM incoming ORDER BY prefix, valid
                        """)) {
            row.setInt(1, sourceId);
            row.setLong(2, importId);
            row.executeUpdate();
        }
        try (var statement = transaction.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT DISTINCT host(prefix), masklen(prefix) FROM incoming")) {
            while (row.next()) {
                changed.add(prefix(row, 1));
            }
        }
    }

    /// Daemons listen: see [LedgerWatch].
    private void notifyOthers() throws SQLException {
        try (var statement = transaction.createStatement()) {
            statement.execute("NOTIFY ledger");
        }
    }

    private int count(String query) throws SQLException {
        try (var statement = transaction.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static IpPrefix prefix(ResultSet row, int column) throws SQLException {
        return IpPrefix.of(Registry.octets(row.getString(column)), row.getInt(column + 1));
    }
}
