package minewatch.collector.ledger;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the ledger's PostgreSQL is.
public sealed interface DatabaseConfig {
    /// A server of the collector's own.
    ///
    /// @param directory its files; made if absent
    /// @param port on 127.0.0.1; 0 for any free one
    record Embedded(Path directory, int port) implements DatabaseConfig {}

    /// A server somebody runs, PostgreSQL 15 or later.
    ///
    /// @param url `jdbc:postgresql://host:5432/database`
    /// @param passwordFile its first line; null if the server asks for none
    record External(String url, String user, @Nullable Path passwordFile)
            implements DatabaseConfig {}
}
