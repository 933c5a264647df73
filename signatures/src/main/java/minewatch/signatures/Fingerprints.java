package minewatch.signatures;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// JA4 fingerprints of mining software, as recorded. Immutable, shared by all threads.
public final class Fingerprints {
    private static final int COLUMNS = 3;

    private final Map<String, String> clients;

    private Fingerprints(Map<String, String> clients) {
        this.clients = clients;
    }

    /// The fingerprints that come with the program.
    public static Fingerprints builtIn() {
        return new Fingerprints(
                BuiltInTable.rows("fingerprints.csv", COLUMNS)
                        .collect(Collectors.toUnmodifiableMap(row -> row[0], row -> row[1])));
    }

    /// The software with this fingerprint, or null.
    public @Nullable String client(String ja4) {
        return clients.get(ja4);
    }
}
