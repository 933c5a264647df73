package minewatch.signatures;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/// Reads the tables that stand beside the classes that use them: comments after `#`, a line of
/// column names, and rows whose last column may hold commas.
final class BuiltInTable {
    private BuiltInTable() {}

    /// The rows of a table.
    ///
    /// @param name `weights.csv`
    static Stream<String[]> rows(String name, int columns) {
        return text(name)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .skip(1)
                .map(line -> row(name, line, columns));
    }

    private static String[] row(String name, String line, int columns) {
        String[] row = line.split(",", columns);
        if (row.length != columns) {
            throw new IllegalStateException(
                    "%s: %s (expected: %d columns)".formatted(name, line, columns));
        }
        return row;
    }

    private static String text(String name) {
        try (InputStream in = BuiltInTable.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("cannot find resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
