package minewatch.signatures;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
        try (InputStream in = Fingerprints.class.getResourceAsStream("fingerprints.csv")) {
            if (in == null) {
                throw new IOException("cannot find resource fingerprints.csv");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Fingerprints(
                    text.lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .skip(1)
                            .map(line -> line.split(",", COLUMNS))
                            .collect(Collectors.toUnmodifiableMap(row -> row[0], row -> row[1])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The software with this fingerprint, or null.
    public @Nullable String client(String ja4) {
        return clients.get(ja4);
    }
}
