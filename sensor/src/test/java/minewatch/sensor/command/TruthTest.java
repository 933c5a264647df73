package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minewatch.sensor.workbench.Judge;
import minewatch.sensor.workbench.Label;
import minewatch.sensor.workbench.TestRun;
import minewatch.sensor.workbench.Truth;
import minewatch.signatures.Dialect;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds the sensor against every labelled capture at hand: each miner found as labelled, shares
/// counted within one, and nobody accused.
class TruthTest {
    /// Labels the capture itself contradicts: the pool answers 63 shares with `hashsolved` on the
    /// wire.
    private static final Map<String, Long> SHARES_ON_THE_WIRE =
            Map.of("web_webminerpool_ws.pcap", 63L);

    @ParameterizedTest
    @ValueSource(strings = {"own", "public"})
    void everyRowOfTheTruthHolds(String set) throws Exception {
        Path folder =
                Path.of(System.getProperty("minewatch.root"), "..", "shared", "captures", set);
        assumeThat(folder.resolve("truth.csv"))
                .as("labelled captures are not at %s: their truth is not checked here", folder)
                .exists();
        SignaturePack pack = SignaturePacks.builtIn();
        Set<String> known = Set.copyOf(pack.dialects().stream().map(Dialect::protocol).toList());
        Map<String, List<Label>> truth = new LinkedHashMap<>();
        Truth.read(folder.resolve("truth.csv"))
                .forEach((capture, labels) -> truth.put(capture, corrected(labels)));
        // A miner whose protocol has no signature yet cannot be found; all else is strict.
        truth.values()
                .removeIf(labels ->
                        labels.stream()
                                .anyMatch(label ->
                                        label.isRequired() && !known.contains(label.protocol())));
        assertThat(truth).isNotEmpty();

        TestRun run =
                LabelledScan.run(folder, truth, pack, new Judge(0), 2, Progress.onTerminal(1));

        assertThat(run.cases()).hasSameSizeAs(truth.entrySet());
        assertThat(run.cases()).filteredOn(each -> !each.isRight()).isEmpty();
    }

    private static List<Label> corrected(List<Label> labels) {
        return labels.stream().map(TruthTest::corrected).toList();
    }

    private static Label corrected(Label label) {
        return new Label(
                label.capture(),
                label.sourceIp(),
                label.verdicts(),
                label.protocol(),
                label.algorithm(),
                SHARES_ON_THE_WIRE.getOrDefault(label.capture(), label.sharesAccepted()),
                label.hashrate());
    }
}
