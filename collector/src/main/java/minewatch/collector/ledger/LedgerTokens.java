package minewatch.collector.ledger;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import minewatch.collector.accept.EnrolmentTokens;

/// Enrolment tokens in the ledger's database, where every collector finds them and one alone can
/// use each. Used and ended ones stay, as a record of who was let in when.
public final class LedgerTokens implements EnrolmentTokens {
    private final DataSource database;

    public LedgerTokens(DataSource database) {
        this.database = database;
    }

    @Override
    public void add(String sensor, ByteString hash, Duration valid) throws IOException {
        ask(
                "INSERT INTO enrolment_token (hash, sensor_id, expires_at)"
                        + " VALUES (?, ?, now() + make_interval(secs => ?))",
                row -> {
                    row.setBytes(1, hash.toByteArray());
                    row.setString(2, sensor);
                    row.setDouble(3, valid.toMillis() / 1000.0);
                    return row.executeUpdate();
                });
    }

    @Override
    public Token find(ByteString hash) throws IOException {
        return ask(
                "SELECT sensor_id, used_at IS NOT NULL, expires_at <= now()"
                        + " FROM enrolment_token WHERE hash = ?",
                query -> {
                    query.setBytes(1, hash.toByteArray());
                    try (ResultSet row = query.executeQuery()) {
                        return row.next() ? token(row) : new Token.Unknown();
                    }
                });
    }

    private static Token token(ResultSet row) throws SQLException {
        if (row.getBoolean(2)) {
            return new Token.Used();
        }
        return row.getBoolean(3) ? new Token.Expired() : new Token.Open(row.getString(1));
    }

    @Override
    public boolean use(ByteString hash) throws IOException {
        return ask(
                "UPDATE enrolment_token SET used_at = now()"
                        + " WHERE hash = ? AND used_at IS NULL AND expires_at > now()",
                row -> {
                    row.setBytes(1, hash.toByteArray());
                    return row.executeUpdate() == 1;
                });
    }

    /// Ends the tokens a sensor could still enrol with.
    ///
    /// @return how many there were
    public int close(String sensor) throws IOException {
        return ask(
                "UPDATE enrolment_token SET expires_at = now()"
                        + " WHERE sensor_id = ? AND used_at IS NULL AND expires_at > now()",
                row -> {
                    row.setString(1, sensor);
                    return row.executeUpdate();
                });
    }

    private interface Question<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T ask(String sql, Question<T> question) throws IOException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return question.of(statement);
        } catch (SQLException e) {
            throw new IOException("cannot ask for an enrolment token: " + e.getMessage(), e);
        }
    }
}
