package minewatch.collector.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// The parameters of a statement that takes each column of its rows as an array (`unnest`): one
/// statement for all, instead of one a row. Numbers go as they are, without text in between.
final class Columns<T> {
    private final PGConnection connection;
    private final List<T> rows;
    private final List<Array> columns = new ArrayList<>();

    Columns(Connection connection, List<T> rows) throws SQLException {
        this.connection = connection.unwrap(PGConnection.class);
        this.rows = rows;
    }

    Columns<T> longs(ToLongFunction<T> value) throws SQLException {
        return add("int8", rows.stream().mapToLong(value).toArray());
    }

    Columns<T> ints(ToIntFunction<T> value) throws SQLException {
        return add("int4", rows.stream().mapToInt(value).toArray());
    }

    Columns<T> doubles(ToDoubleFunction<T> value) throws SQLException {
        return add("float8", rows.stream().mapToDouble(value).toArray());
    }

    Columns<T> booleans(Function<T, Boolean> value) throws SQLException {
        return add("bool", rows.stream().map(value).toArray(Boolean[]::new));
    }

    Columns<T> texts(Function<T, @Nullable String> value) throws SQLException {
        return add("text", rows.stream().map(value).toArray(String[]::new));
    }

    private Columns<T> add(String type, Object values) throws SQLException {
        columns.add(connection.createArrayOf(type, values));
        return this;
    }

    void execute(Connection transaction, String statement) throws SQLException {
        try (PreparedStatement prepared = transaction.prepareStatement(statement)) {
            for (int i = 0; i < columns.size(); i++) {
                prepared.setArray(i + 1, columns.get(i));
            }
            prepared.executeUpdate();
        }
    }
}
