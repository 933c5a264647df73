package minewatch.collector.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drops hits whose time is over: a whole partition, that is one day of one class, at a time. How
/// many there were is written to `hits_dropped` in the same transaction, and logged.
///
/// One day of each class a call, so that a database clock that is wrong by years costs little until
/// somebody reads the log.
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final RetentionConfig config;

    Retention(RetentionConfig config) {
        this.config = config;
    }

    private record Partition(String name, String day) {}

    void dropOldest(Connection transaction) throws SQLException {
        dropOldest(transaction, "evidence", config.evidence());
        dropOldest(transaction, "weak", config.weak());
    }

    private static void dropOldest(Connection transaction, String hitClass, @Nullable Duration kept)
            throws SQLException {
        if (kept == null) {
            return;
        }
        Optional<Partition> oldest = oldest(transaction, hitClass, kept.toDays());
        if (oldest.isPresent()) {
            long hits = count(transaction, oldest.get());
            try (var statement = transaction.createStatement()) {
                statement.execute("DROP TABLE " + oldest.get().name());
            }
            LOG.info(
                    "dropped {} hits ({}) that came in on {}: kept for {} days",
                    hits,
                    hitClass,
                    oldest.get().day(),
                    kept.toDays());
        }
    }

    private static Optional<Partition> oldest(Connection transaction, String hitClass, long days)
            throws SQLException {
        try (PreparedStatement query =
                transaction.prepareStatement(
                        "SELECT partition, received_on FROM droppable_hits(?, ?) LIMIT 1")) {
            query.setString(1, hitClass);
            query.setInt(2, (int) days);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Partition(row.getString(1), row.getString(2)))
                        : Optional.empty();
            }
        }
    }

    private static long count(Connection transaction, Partition partition) throws SQLException {
        try (PreparedStatement row =
                transaction.prepareStatement(
                        """
                        INSERT INTO hits_dropped (partition, received_on, hits, first_seen, last_seen)
                        SELECT ?, ?::date, count(*), min(first_seen), max(last_seen) FROM %s
                        RETURNING hits
                        """
                                .formatted(partition.name()))) {
            row.setString(1, partition.name());
            row.setString(2, partition.day());
            try (ResultSet counted = row.executeQuery()) {
                counted.next();
                return counted.getLong(1);
            }
        }
    }
}
