package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import minewatch.sensor.Worker;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.workbench.Judge;
import minewatch.sensor.workbench.Label;
import minewatch.signatures.SignaturePacks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs every folder of `cases/`: capture in, expected hits out.
class CasesTest {
    static Stream<Path> cases() throws IOException {
        try (Stream<Path> folders =
                Files.list(Path.of(System.getProperty("minewatch.root"), "cases"))) {
            List<Path> sorted = folders.filter(Files::isDirectory).sorted().toList();
            assertThat(sorted).isNotEmpty();
            return sorted.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void captureYieldsTheExpectedHits(Path folder) throws IOException {
        FileScan.Outcome outcome =
                FileScan.run(
                        folder.resolve("input.pcap").toString(),
                        SignaturePacks.builtIn(),
                        Inspector.Limits.fitting(1 << 28, 1),
                        Worker.NO_INTERVAL,
                        null,
                        Progress.onTerminal(1));
        assertThat(outcome.capture().problem()).isNull();
        List<Label> expected = expected(folder.resolve("expected.json"));
        String name = folder.getFileName().toString();
        assertThat(new Judge(0).judge(name, expected, outcome.hits()).problems()).isEmpty();
        if (expected.isEmpty()) {
            assertThat(outcome.hits()).isEmpty();
        }
    }

    private static List<Label> expected(Path file) throws IOException {
        List<Label> expected = new ArrayList<>();
        for (JsonNode hit : new ObjectMapper().readTree(file.toFile()).get("hits")) {
            Set<String> verdicts = new HashSet<>();
            hit.get("verdict").forEach(verdict -> verdicts.add(verdict.asText()));
            expected.add(
                    new Label(
                            "input.pcap",
                            hit.get("source_ip").asText(),
                            verdicts,
                            hit.get("protocol").asText(),
                            hit.get("algorithm").asText(),
                            hit.has("shares_accepted") ? hit.get("shares_accepted").asLong() : null,
                            hit.has("hashrate") ? hit.get("hashrate").asDouble() : null));
        }
        return expected;
    }
}
