package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// `scan`, `explain` and `signatures` as a script meets them: arguments in, exit code and two
/// streams out.
class CommandLineTest {
    private static final String POOL = "203.0.113.9";

    @TempDir Path folder;
    private String out = "";
    private String err = "";

    @Test
    void scanPrintsATableOfWhoMines() throws Exception {
        Path file = mining();
        assertThat(run("scan", file.toString())).isZero();
        assertThat(out.lines()).hasSize(2);
        assertThat(words(0)).startsWith("SOURCE", "IP", "VERDICT", "CONFIDENCE", "PROTOCOL");
        assertThat(words(1)).startsWith("10.0.0.1", "miner").contains("stratum-v1", "2/2");
        assertThat(words(1)).endsWith(file.toString());
        assertThat(err).isEmpty();
    }

    @Test
    void scanWithoutMinersSaysSoAndSucceeds() throws Exception {
        Path file =
                StratumDialogue.write(
                        folder.resolve("a.pcap"),
                        new StratumDialogue("10.0.0.1", 50001, POOL).says(0, "{\"a\":1}"));
        assertThat(run("scan", file.toString())).isZero();
        assertThat(out).isEmpty();
        assertThat(err).isEqualTo("no miners found in 1 capture\n");
    }

    /// Ports of mail, names and the web get through firewalls, and pools listen there.
    @ParameterizedTest
    @ValueSource(ints = {25, 53, 80, 443})
    void minerIsFoundAtAnyPort(int port) throws Exception {
        Path file =
                StratumDialogue.write(
                        folder.resolve("a.pcap"),
                        new StratumDialogue("10.0.0.1", 50001, POOL, port).login(0).share(1));
        assertThat(run("scan", file.toString())).isZero();
        assertThat(words(1)).startsWith("10.0.0.1", "miner").contains(POOL + ":" + port);
    }

    @Test
    void formatsForMachinesHoldOneRecordALine() throws Exception {
        String file = mining().toString();
        assertThat(run("scan", "--format", "ndjson", file)).isZero();
        assertThat(out.lines()).hasSize(1);
        JsonNode hit = new ObjectMapper().readTree(out);
        assertThat(hit.get("schema").asText()).isEqualTo("minewatch.hit/1");
        assertThat(hit.get("sensor").asText()).isEqualTo("scan");
        assertThat(hit.get("file").asText()).isEqualTo(file);
        assertThat(hit.get("source_ip").asText()).isEqualTo("10.0.0.1");
        assertThat(hit.get("shares").get("accepted").asLong()).isEqualTo(2);

        assertThat(run("scan", "--format", "CSV", file)).isZero();
        assertThat(out.split("\r\n", -1)).hasSize(3);
        assertThat(out).startsWith("file,source_ip,verdict,").contains(file + ",10.0.0.1,miner,");

        assertThat(run("scan", "--format", "eve", file)).isZero();
        JsonNode event = new ObjectMapper().readTree(out);
        assertThat(event.get("event_type").asText()).isEqualTo("alert");
        assertThat(event.get("src_ip").asText()).isEqualTo("10.0.0.1");
        assertThat(event.get("minewatch")).isEqualTo(hit);
    }

    @Test
    void folderIsEveryCaptureBelowItEachByItself() throws Exception {
        Files.createDirectories(folder.resolve("deep"));
        StratumDialogue dialogue = new StratumDialogue("10.0.0.1", 50001, POOL).login(0).share(1);
        StratumDialogue.write(folder.resolve("b.pcap"), dialogue);
        StratumDialogue.write(folder.resolve("deep/a.pcap"), dialogue);
        Files.writeString(folder.resolve("notes.txt"), "no capture");
        assertThat(run("scan", "--format", "ndjson", folder.toString())).isZero();
        List<String> files = new ArrayList<>();
        for (String line : out.lines().toList()) {
            files.add(new ObjectMapper().readTree(line).get("file").asText());
        }
        assertThat(files).containsExactly(folder + "/b.pcap", folder + "/deep/a.pcap");
    }

    @Test
    void atLeastHoldsWeakerVerdictsBack() throws Exception {
        String file =
                StratumDialogue.write(
                                folder.resolve("a.pcap"),
                                new StratumDialogue("10.0.0.1", 50001, POOL).login(0).share(1),
                                new StratumDialogue("10.0.0.2", 50002, POOL).submit(2))
                        .toString();
        assertThat(verdicts("scan", "--format", "csv", file)).containsExactly("miner", "possible");
        assertThat(verdicts("scan", "--format", "csv", "--at-least", "possible", file))
                .containsExactly("miner", "possible");
        assertThat(verdicts("scan", "--format", "csv", "--at-least", "probable", file))
                .containsExactly("miner");
        assertThat(verdicts("scan", "--format", "csv", "--at-least", "miner", file))
                .containsExactly("miner");
    }

    @Test
    void intervalCutsHitsByPacketTime() throws Exception {
        String file =
                StratumDialogue.write(
                                folder.resolve("a.pcap"),
                                new StratumDialogue("10.0.0.1", 50001, POOL)
                                        .login(1)
                                        .share(2)
                                        .share(130)
                                        .share(131))
                        .toString();
        assertThat(verdicts("scan", "--format", "csv", file)).hasSize(1);
        assertThat(verdicts("scan", "--format", "csv", "--interval", "60", file)).hasSize(2);
    }

    @Test
    void statsAreTheLastLineAndHaveTheKeysOfTheContract() throws Exception {
        String file = mining().toString();
        assertThat(run("scan", "--stats", file)).isZero();
        JsonNode stats = new ObjectMapper().readTree(err.lines().toList().getLast());
        List<String> keys = new ArrayList<>();
        stats.fieldNames().forEachRemaining(keys::add);
        assertThat(keys)
                .containsExactly(
                        "packets",
                        "octets",
                        "seconds",
                        "packets_per_second",
                        "steady_packets_per_second",
                        "cpu_seconds",
                        "flows",
                        "decode_anomalies",
                        "inspected_packets",
                        "inspect_anomalies",
                        "visibility",
                        "hits",
                        "peak_rss_bytes");
        assertThat(stats.get("packets").asLong()).isEqualTo(10);
        assertThat(stats.get("octets").asLong()).isEqualTo(Files.size(Path.of(file)) - 24 - 160);
        assertThat(stats.get("flows").asLong()).isEqualTo(1);
        assertThat(stats.get("inspected_packets").asLong()).isEqualTo(10);
        assertThat(stats.get("hits").asLong()).isEqualTo(1);
        assertThat(stats.get("decode_anomalies")).isEmpty();
        assertThat(stats.get("inspect_anomalies")).isEmpty();
        assertThat(stats.get("seconds").asDouble()).isPositive();
        assertThat(stats.get("cpu_seconds").asDouble()).isPositive();
        assertThat(stats.get("peak_rss_bytes").asLong()).isBetween(10L << 20, 4L << 30);
    }

    @Test
    void statsNameWhatCouldNotBeRead() throws Exception {
        byte[] whole =
                StratumDialogue.capture(new StratumDialogue("10.0.0.1", 50001, POOL).login(0));
        whole[24 + 16 + 14] = 0x65; // the first packet's IP version
        String file = Files.write(folder.resolve("a.pcap"), whole).toString();
        assertThat(run("scan", "--stats", file)).isZero();
        JsonNode stats = new ObjectMapper().readTree(err.lines().toList().getLast());
        assertThat(stats.get("decode_anomalies").properties())
                .singleElement()
                .satisfies(anomaly -> assertThat(anomaly.getKey()).startsWith("ipv"))
                .satisfies(anomaly -> assertThat(anomaly.getValue().asLong()).isEqualTo(1));
    }

    @Test
    void truncatedCaptureIsAnalysedUpToThereAndReportedWithExitCodeOne() throws Exception {
        byte[] whole = Files.readAllBytes(mining());
        String cut =
                Files.write(folder.resolve("cut.pcap"), Arrays.copyOf(whole, whole.length - 3))
                        .toString();
        assertThat(run("scan", cut)).isEqualTo(1);
        assertThat(words(1)).startsWith("10.0.0.1", "miner");
        assertThat(err).startsWith(cut + ": truncated at byte ").hasLineCount(1);
    }

    @Test
    void whatIsNoCaptureIsNamedAndTheRestIsScanned() throws Exception {
        String file = mining().toString();
        String text =
                Files.writeString(folder.resolve("notes.txt"), "no capture at all").toString();
        String absent = folder.resolve("absent.pcap").toString();
        assertThat(run("scan", text, absent, file)).isEqualTo(1);
        assertThat(words(1)).startsWith("10.0.0.1", "miner");
        assertThat(err.lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(text + ": not a capture: "),
                        line -> assertThat(line).startsWith(absent + ": cannot read: "));
    }

    @Test
    void wrongUsageStartsNothingAndSaysTheRule() throws Exception {
        String file = mining().toString();
        refuses("Missing required parameter: 'PATH'", "scan");
        refuses("--workers: 0 (expected: 1 to 64)", "scan", "--workers", "0", file);
        refuses("--interval: 0 (expected: 1 to 604800 seconds)", "scan", "--interval", "0", file);
        refuses("--format", "scan", "--format", "xml", file);
        refuses("--at-least", "scan", "--at-least", "guilty", file);
        refuses("--colour", "scan", "--colour", file);
        refuses("--source: pit 4 (expected: an IP address)", "explain", file, "--source", "pit 4");
        refuses("--flow: 0 (expected: 1 or more)", "explain", file, "--flow", "0");
        refuses("--messages: -1 (expected: 0 to 10000)", "explain", file, "--messages", "-1");
        refuses("no such file or folder", "scan", "--signatures", folder + "/none", file);
        refuses("dance", "dance");
        refuses("Missing required subcommand", "sensor");
        refuses("Missing required subcommand", "signatures");
    }

    @Test
    void brokenSignatureIsPlacedAndNothingIsScanned() throws Exception {
        Path pack = Files.createDirectories(folder.resolve("pack"));
        Files.writeString(
                pack.resolve("x.yaml"), "schema: minewatch.signature/1\nid: x\ncolour: red\n");
        assertThat(run("scan", "--signatures", pack.toString(), mining().toString())).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(err).contains("x.yaml:3").contains("colour").doesNotContain("Exception");

        assertThat(run("signatures", "lint", pack.toString())).isEqualTo(1);
        assertThat(out).isEmpty();
        assertThat(err).contains("x.yaml:3").contains("colour");
    }

    @Test
    void packOfTheProgramIsListedAndSound() throws Exception {
        assertThat(run("signatures", "lint")).isZero();
        assertThat(out + err).isEmpty();
        assertThat(run("signatures", "list")).isZero();
        assertThat(words(0)).containsExactly("SIGNATURE", "REVISION", "MESSAGES", "TITLE");
        assertThat(out.lines().skip(1).map(line -> line.split(" ", 2)[0]))
                .contains("stratum-v1", "cryptonote", "webminer");
    }

    @Test
    void explainTellsMessagesEvidenceAndVerdict() throws Exception {
        String file = mining().toString();
        assertThat(run("explain", file)).isZero();
        assertThat(out.lines())
                .startsWith(
                        file + ": 1 flow looked at, of 1 in all",
                        "",
                        "flow 1: 10.0.0.1:50001 → 203.0.113.9:3333")
                .anyMatch(line -> line.contains("→ {\"id\":4,\"method\":\"mining.submit\""))
                .anyMatch(line -> line.contains("= stratum-v1.submit"))
                .anyMatch(line -> line.startsWith("  evidence stratum-v1.submit ×2 "))
                .anyMatch(line -> line.startsWith("  verdict miner for stratum-v1: log-odds "));
    }

    @Test
    void explainSaysWhatWasMissing() throws Exception {
        String file =
                StratumDialogue.write(
                                folder.resolve("a.pcap"),
                                new StratumDialogue("10.0.0.1", 50001, POOL).submit(0),
                                new StratumDialogue("10.0.0.2", 50002, POOL).says(1, "{\"a\":1}"))
                        .toString();
        assertThat(run("explain", file)).isZero();
        assertThat(out)
                .contains("missing for proof: log-odds ")
                .contains("a second independent field or direction")
                .contains("  verdict none: no message fits any dialect");
    }

    @Test
    void explainShowsTheFlowsAskedFor() throws Exception {
        String file =
                StratumDialogue.write(
                                folder.resolve("a.pcap"),
                                new StratumDialogue("10.0.0.1", 50001, POOL).login(0).share(1),
                                new StratumDialogue("10.0.0.2", 50002, POOL).login(2).share(3))
                        .toString();
        run("explain", file, "--source", "10.0.0.2");
        assertThat(out).contains("flow 2: 10.0.0.2:50002").doesNotContain("flow 1:");
        run("explain", file, "--flow", "1", "--messages", "3");
        assertThat(out)
                .contains("flow 1: 10.0.0.1:50001")
                .contains("  … 5 messages more")
                .doesNotContain("flow 2:");
    }

    @Test
    void explainOfWhatIsNoCaptureExitsWithOne() throws Exception {
        String text =
                Files.writeString(folder.resolve("notes.txt"), "no capture at all").toString();
        assertThat(run("explain", text)).isEqualTo(1);
        assertThat(err).startsWith(text + ": not a capture: ");
    }

    @Test
    void everyCommandHasHelpWithExamplesAsTheyAreTyped() {
        Main.commandLine().getSubcommands().values().forEach(CommandLineTest::assertHelp);
    }

    private static void assertHelp(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        assertThat(command.getUsageMessage())
                .startsWith("Usage: " + name)
                .contains("Examples:")
                .contains(examples(command));
        command.getSubcommands().values().forEach(CommandLineTest::assertHelp);
    }

    private static List<String> examples(CommandLine command) {
        return Arrays.stream(command.getCommandSpec().usageMessage().footer())
                .filter(line -> line.startsWith("  "))
                .toList();
    }

    @Test
    void helpIsWhatIsAskedForAndNoError() throws Exception {
        assertThat(run("signatures", "sign", "--help")).isZero();
        assertThat(out).startsWith("Usage: minewatch signatures sign");
        assertThat(err).isEmpty();
    }

    /// Ten packets: a login and two shares of 10.0.0.1.
    private Path mining() throws IOException {
        return StratumDialogue.write(
                folder.resolve("mining.pcap"),
                new StratumDialogue("10.0.0.1", 50001, POOL).login(0).share(1).share(2));
    }

    private void refuses(String message, String... arguments) {
        assertThat(run(arguments)).as(String.join(" ", arguments)).isEqualTo(2);
        assertThat(err).contains(message).doesNotContain("Exception");
        assertThat(out).isEmpty();
    }

    private List<String> verdicts(String... arguments) {
        run(arguments);
        return out.lines().skip(1).map(line -> line.split(",", -1)[2]).toList();
    }

    private List<String> words(int line) {
        return List.of(out.lines().toList().get(line).split(" +"));
    }

    private int run(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        out = run.out();
        err = run.err();
        return run.exitCode();
    }
}
