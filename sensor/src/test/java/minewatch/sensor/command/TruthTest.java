package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minewatch.sensor.Worker;
import minewatch.sensor.inspect.Inspector;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds the sensor against every labelled capture at hand: each miner found as labelled, and
/// nobody accused.
class TruthTest {
    private static final int SOURCE = 1;
    private static final int PROTOCOL = 3;
    private static final int ALGORITHM = 4;
    private static final int SHARES = 5;
    private static final int HASHRATE = 6;

    /// Labels the capture itself contradicts: the pool answers 63 shares with `hashsolved` on the
    /// wire.
    private static final Map<String, Long> SHARES_ON_THE_WIRE =
            Map.of("web_webminerpool_ws.pcap", 63L);

    @ParameterizedTest
    @ValueSource(strings = {"own", "public"})
    void everyRowOfTheTruthHolds(String set) throws IOException {
        Path folder =
                Path.of(System.getProperty("minewatch.root"), "..", "shared", "captures", set);
        assumeThat(folder.resolve("truth.csv"))
                .as("labelled captures are not at %s: their truth is not checked here", folder)
                .exists();
        SignaturePack pack = SignaturePacks.builtIn();
        Set<String> known = Set.copyOf(pack.dialects().stream().map(d -> d.protocol()).toList());
        List<String> problems = new ArrayList<>();
        Map<String, List<String[]>> truth = truth(folder.resolve("truth.csv"));
        assertThat(truth).isNotEmpty();
        for (Map.Entry<String, List<String[]>> capture : truth.entrySet()) {
            FileScan.Outcome outcome =
                    FileScan.run(
                            folder.resolve(capture.getKey()).toString(),
                            pack,
                            Inspector.Limits.fitting(1 << 28, 1),
                            Worker.NO_INTERVAL,
                            null,
                            Progress.onTerminal(1));
            List<Expectation> expected = new ArrayList<>();
            boolean others = false;
            for (String[] row : capture.getValue()) {
                if (row[SOURCE].isEmpty()) {
                    continue; // nobody in particular; nobody may be accused
                }
                if (known.contains(row[PROTOCOL])) {
                    expected.add(expectation(row));
                } else {
                    others |= !row[2].contains("none");
                }
            }
            // A capture of a protocol that has no signature yet may say nothing or more; the rest
            // is strict.
            if (!others) {
                problems.addAll(Expectation.problems(capture.getKey(), expected, outcome.hits()));
            }
        }
        Expectation.assertNone(problems);
    }

    private static Expectation expectation(String[] row) {
        return new Expectation(
                row[1],
                Set.of(row[2].split("\\|")),
                row[PROTOCOL],
                row[ALGORITHM],
                shares(row),
                hashrate(row));
    }

    /// No shares, no estimate, whatever the miner's log says.
    private static @Nullable Double hashrate(String[] row) {
        return row[HASHRATE].isEmpty() || row[SHARES].equals("0")
                ? null
                : Double.valueOf(row[HASHRATE]);
    }

    private static @Nullable Long shares(String[] row) {
        Long onTheWire = SHARES_ON_THE_WIRE.get(row[0]);
        if (onTheWire != null) {
            return onTheWire;
        }
        return row[SHARES].isEmpty() ? null : Long.valueOf(row[SHARES]);
    }

    /// Rows by capture. Only the last column, `notes`, may hold commas.
    private static Map<String, List<String[]>> truth(Path file) throws IOException {
        Map<String, List<String[]>> rows = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(file);
        for (String line : lines.subList(1, lines.size())) {
            String[] row = line.split(",", 8);
            rows.computeIfAbsent(row[0], _ -> new ArrayList<>()).add(row);
        }
        return rows;
    }
}
