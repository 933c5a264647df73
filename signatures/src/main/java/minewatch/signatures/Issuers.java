package minewatch.signatures;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
        try (InputStream in = Issuers.class.getResourceAsStream("issuers.csv")) {
            if (in == null) {
                throw new IOException("cannot find resource issuers.csv");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Issuers(
                    text.lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .skip(1)
                            .map(line -> line.split(",", COLUMNS))
                            .collect(
                                    Collectors.toUnmodifiableMap(
                                            row -> row[0], row -> Dialect.opaque(row[1]))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whose peers have certificates of this authority, or null.
    ///
    /// @param issuer its whole name, `/O=…/CN=…/OU=…`
    public @Nullable Dialect peer(String issuer) {
        return peers.get(issuer);
    }
}
