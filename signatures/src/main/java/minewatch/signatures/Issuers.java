package minewatch.signatures;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Certificate authorities that certify the peers of one coin and nobody else. They stand in
/// `issuers.csv`, each with its source. Immutable, shared by all threads.
public final class Issuers {
    private static final int COLUMNS = 3;

    private final Map<String, Dialect> peers;

    private Issuers(Map<String, Dialect> peers) {
        this.peers = peers;
    }

    /// The authorities that come with the program.
    public static Issuers builtIn() {
        return new Issuers(
                BuiltInTable.rows("issuers.csv", COLUMNS)
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        row -> row[0], row -> Dialect.opaque(row[1]))));
    }

    /// Whose peers have certificates of this authority, or null.
    ///
    /// @param issuer its whole name, `/O=…/CN=…/OU=…`
    public @Nullable Dialect peer(String issuer) {
        return peers.get(issuer);
    }
}
