package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/// `signatures test|bench|export|lint` as a script meets them.
class WorkbenchTest {
    private static final String HEADING =
            "file,source_ip,verdict,protocol,algorithm,shares_accepted,hashrate,notes\n";
    private static final String DIG =
            """
            schema: minewatch.signature/1
            id: dig
            revision: 1
            title: { en: Dig, zh: 挖掘 }
            sources: [here]
            framing: json
            work: { target: none, unit: H/s }
            messages:
              submit:
                from: miner
                act: share
                weight: 8
                group: share
                message: { method: '=dig.submit', params: ['word 1..64', 'hex %d'] }
                examples:
                  match: ['{"method":"dig.submit","params":["1f","6b046b9d"]}']
                  no-match: ['{"method":"dig.submit","params":["deep"]}']
            """;

    @TempDir Path folder;
    private String out = "";
    private String err = "";

    @Test
    void examplesOfThePackAreAllRight() {
        assertThat(run("signatures", "test")).isZero();
        assertThat(out.lines().toList().getLast()).matches("\\d+ messages: \\d+ right, 0 wrong");
    }

    @Test
    void exampleThatDoesNotHoldIsShownAndFails() throws Exception {
        Path file = Files.writeString(folder.resolve("dig.yaml"), DIG.formatted(7));
        assertThat(run("signatures", "test", "--signatures", folder.toString())).isEqualTo(1);
        assertThat(out)
                .contains(
                        "WRONG  " + file + ":16:1: messages.submit.examples.match: {\"method\"",
                        "1 wrong");
        assertThat(out).containsPattern("dig +1 +0 +1 +0 +- +0.000");
    }

    @Test
    void labelledCapturesAreJudged() throws Exception {
        captures("m.pcap,10.0.0.1,miner,stratum-v1,,2,,\nh.pcap,,none,,,,,\n");
        assertThat(run("signatures", "test", "--captures", folder.toString())).isZero();
        assertThat(out).containsPattern("stratum-v1 +1 +1 +0 +0 +1.000 +1.000");
        assertThat(out).contains("2 captures: 2 right, 0 wrong");
        assertThat(err).isEmpty();
    }

    @Test
    void wrongLabelFailsAndUnlabelledCapturesAreNamed() throws Exception {
        captures("m.pcap,,none,,,,,\n");
        assertThat(run("signatures", "test", "--captures", folder.toString())).isEqualTo(1);
        assertThat(out).contains("WRONG  m.pcap: 10.0.0.1 is called miner (expected: nothing)");
        assertThat(err).contains("1 capture without a label, not judged: h.pcap");
    }

    @Test
    void missingCaptureFailsAndBrokenOneIsNoted() throws Exception {
        captures("h.pcap,,none,,,,,\ngone.pcap,,none,,,,,\n");
        byte[] half = Files.readAllBytes(folder.resolve("h.pcap"));
        Files.write(folder.resolve("h.pcap"), Arrays.copyOf(half, half.length - 1));
        assertThat(run("signatures", "test", "--captures", folder.toString())).isEqualTo(1);
        assertThat(out).contains("WRONG  gone.pcap: cannot read", "1 right, 1 wrong");
        assertThat(err).contains("h.pcap: truncated at byte");
    }

    @Test
    void baselineTellsWhatBroke() throws Exception {
        captures("m.pcap,10.0.0.1,miner,stratum-v1,,,,\nh.pcap,,none,,,,,\n");
        String captures = folder.toString();
        assertThat(run("signatures", "test", "--captures", captures, "--format", "json")).isZero();
        JsonNode before = new ObjectMapper().readTree(out);
        assertThat(before.get("schema").asText()).isEqualTo("minewatch.signature-test/1");
        Path baseline = Files.writeString(folder.resolve("before.json"), out);

        captures("m.pcap,10.0.0.1,miner,grin,,,,\nnew.pcap,,none,,,,,\n");
        assertThat(
                        run(
                                "signatures",
                                "test",
                                "--captures",
                                captures,
                                "--format",
                                "json",
                                "--baseline",
                                baseline.toString()))
                .isEqualTo(1);
        JsonNode since = new ObjectMapper().readTree(out).get("baseline");
        assertThat(since.get("broken")).hasToString("[\"captures/m.pcap\"]");
        assertThat(since.get("added")).hasToString("[\"captures/new.pcap\"]");
        assertThat(since.get("gone")).hasToString("[\"captures/h.pcap\"]");
        assertThat(since.get("figures").toString()).contains("stratum-v1 precision 1.000 → 0.000");
    }

    @Test
    void junitFileHasAFailureForEveryWrongCase() throws Exception {
        captures("m.pcap,,none,,,,,\nh.pcap,,none,,,,,\n");
        Path junit = folder.resolve("junit.xml");
        run("signatures", "test", "--captures", folder.toString(), "--junit", junit.toString());
        Element suites =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(junit.toFile())
                        .getDocumentElement();
        assertThat(suites.getTagName()).isEqualTo("testsuites");
        assertThat(suites.getAttribute("tests")).isEqualTo("2");
        assertThat(suites.getAttribute("failures")).isEqualTo("1");
        Element failure = (Element) suites.getElementsByTagName("failure").item(0);
        assertThat(((Element) failure.getParentNode()).getAttribute("name")).isEqualTo("m.pcap");
        assertThat(failure.getAttribute("message")).contains("is called miner");
    }

    @Test
    void wrongUsageExits2WithTheRule() throws Exception {
        captures("m.pcap,10.0.0.1,guilty,stratum-v1,,,,\n");
        String captures = folder.toString();
        refuses(
                "truth.csv:2: verdict: guilty (expected: of",
                "signatures",
                "test",
                "--captures",
                captures);
        refuses("no such file", "signatures", "test", "--captures", captures + "/none");
        refuses("--truth: t (expected: with --captures)", "signatures", "test", "--truth", "t");
        refuses("--workers: 0 (expected: 1 to 64)", "signatures", "test", "--workers", "0");
        refuses("(expected: 0 to 100)", "signatures", "test", "--share-tolerance", "101");
        refuses("--watch: nothing to watch", "signatures", "test", "--watch");
        refuses("--watch: nothing to watch", "signatures", "lint", "--watch");
        refuses("--rounds: 4 (expected: 3 to 101, odd)", "signatures", "bench", "--rounds", "4");
        refuses("--format", "signatures", "export");
        refuses(
                "SIGNATURE: none (expected: one of",
                "signatures",
                "export",
                "--format",
                "suricata",
                "none");
        Path text = Files.writeString(folder.resolve("b.json"), "{\"a\":1}");
        refuses("b.json:1: file: no schema", "signatures", "test", "--baseline", text.toString());
        Files.writeString(text, "hello");
        refuses("b.json:1: file: not JSON", "signatures", "test", "--baseline", text.toString());
    }

    @Test
    void benchTimesEverySignatureOverACapture() throws Exception {
        captures("m.pcap,,none,,,,,\n");
        String capture = folder.resolve("m.pcap").toString();
        assertThat(run("signatures", "bench", capture, "--rounds", "3", "--format", "json"))
                .isZero();
        JsonNode report = new ObjectMapper().readTree(out);
        assertThat(report.get("messages").asInt()).isEqualTo(10);
        assertThat(report.get("packets").asInt()).isEqualTo(10);
        JsonNode rows = report.get("signatures");
        assertThat(rows.get(0).get("id").asText()).isEqualTo("(parsing)");
        assertThat(rows.get(0).get("nanos_per_message").asDouble()).isPositive();
        assertThat(rows)
                .anyMatch(row ->
                        row.get("id").asText().equals("stratum-v1")
                                && row.get("matched").asInt() > 5);
    }

    @Test
    void benchWithoutMessagesIsWrongUsage() throws Exception {
        captures("m.pcap,,none,,,,,\n");
        refuses("PATH: no messages", "signatures", "bench", folder.resolve("h.pcap").toString());
    }

    @Test
    void exportPrintsRulesAndSaysWhatItRefuses() {
        assertThat(run("signatures", "export", "--format", "suricata", "stratum-v1")).isZero();
        assertThat(out.lines())
                .allMatch(line ->
                        line.startsWith("# refused stratum-v1.")
                                || line.startsWith("alert tcp any any"));
        assertThat(out).contains("msg:\"Minewatch stratum-v1.notify\"");
        assertThat(err).containsPattern("^\\d+ rules, \\d+ messages refused");
    }

    @Test
    void filesOfStrangersAreProblemsAndNothingWorse() throws Exception {
        Path pack = Files.createDirectory(folder.resolve("pack"));
        Files.createDirectory(pack.resolve("a.yaml"));
        Files.createSymbolicLink(pack.resolve("b.yaml"), pack.resolve("b.yaml"));
        new ProcessBuilder("mkfifo", pack.resolve("c.yaml").toString()).start().waitFor();
        Files.write(pack.resolve("d.yaml"), "id: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(pack.resolve("e.yaml"), "[".repeat(200_000));
        Files.writeString(pack.resolve("f.yaml"), "a: ".repeat(80_000));
        Files.writeString(pack.resolve("g.yaml"), "x".repeat(10_000_000));
        Files.writeString(pack.resolve("h.yaml"), "a: &a [*a, *a]\nb: !!int 1\n");
        Files.writeString(pack.resolve("i.yaml"), DIG.formatted(8));
        assertThat(run("signatures", "lint", pack.toString())).isEqualTo(1);
        assertThat(err)
                .contains(
                        "a.yaml:1:1: file: a folder (expected: a regular file)",
                        "b.yaml:1:1: file: a link that leads nowhere",
                        "c.yaml:1:1: file: no regular file",
                        "d.yaml:1:8: file: byte 0xE9 (expected: UTF-8)",
                        "e.yaml:",
                        "f.yaml:",
                        "g.yaml:1:1: file: ",
                        "h.yaml:1:");
        assertThat(err).doesNotContain("i.yaml", "\tat ", "internal failure");
        assertThat(run("signatures", "lint", pack.resolve("i.yaml").toString())).isZero();
    }

    @Test
    void tooManyFilesAreRefusedUnread() throws Exception {
        for (int i = 0; i <= 1000; i++) {
            Files.writeString(folder.resolve(i + ".yaml"), "");
        }
        assertThat(run("signatures", "lint", folder.toString())).isEqualTo(1);
        assertThat(err.strip())
                .isEqualTo(folder + ":1:1: folder: more files (expected: at most 1000)");
    }

    @Test
    void watchRunsAgainOnChangeAndEndsWith0() throws Exception {
        Path file = Files.writeString(folder.resolve("dig.yaml"), DIG.formatted(7));
        Path output = folder.resolve("output");
        Process watch =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "minewatch.sensor.Main",
                                "signatures",
                                "lint",
                                folder.toString(),
                                "--watch")
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            Duration patience = Duration.ofSeconds(60);
            await().atMost(patience)
                    .until(() -> lines(output, "1 problem") == 1 && lines(output, "watching") == 1);
            Files.writeString(file, DIG.formatted(8));
            await().atMost(patience)
                    .until(() ->
                            lines(output, "no problems") >= 1 && lines(output, "watching") >= 2);
            watch.destroy(); // SIGTERM, for a process in the background may have to ignore SIGINT
            assertThat(watch.waitFor(patience.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(watch.exitValue()).isZero();
        } finally {
            watch.destroyForcibly();
        }
    }

    @Test
    void tutorialLeadsToTheFileBesideItAndThatFindsTheMiner() throws Exception {
        Path tutorial = Path.of(System.getProperty("minewatch.root"), "docs", "tutorial");
        String page = Files.readString(tutorial.resolve("your-first-signature.md"));
        String written =
                Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                        .matcher(page)
                        .results()
                        .map(block -> block.group(1))
                        .collect(Collectors.joining("\n"));
        Path dig = tutorial.resolve("dig");
        assertThat(written.replace("wrod", "word"))
                .isEqualTo(Files.readString(dig.resolve("dig.yaml")));
        String folder = dig.toString();
        assertThat(run("signatures", "test", "--signatures", folder, "--captures", folder))
                .isZero();
        assertThat(out).contains("1 capture: 1 right, 0 wrong");
    }

    @Test
    void flowThatWasGivenUpKeepsItsNumberWhenExplained() {
        Path dig = Path.of(System.getProperty("minewatch.root"), "docs/tutorial/dig/dig.pcap");
        assertThat(run("explain", dig.toString())).isZero();
        assertThat(out).contains("1 flow looked at, of 1 in all", "(looked at again)");
    }

    private static long lines(Path output, String start) throws Exception {
        return Files.readAllLines(output).stream().filter(line -> line.startsWith(start)).count();
    }

    /// A folder with a miner's capture `m.pcap`, a harmless one `h.pcap`, and these labels.
    private void captures(String rows) throws Exception {
        StratumDialogue.write(
                folder.resolve("m.pcap"),
                new StratumDialogue("10.0.0.1", 40000, "203.0.113.9").login(0).share(5).share(9));
        Path harmless = folder.resolve("h.pcap");
        StratumDialogue chat = new StratumDialogue("10.0.0.2", 40001, "203.0.113.9");
        StratumDialogue.write(harmless, chat.says(0, "hello").answers(1, "good day"));
        Files.writeString(folder.resolve("truth.csv"), HEADING + rows);
        if (rows.contains("new.pcap")) {
            Files.copy(harmless, folder.resolve("new.pcap"));
            Files.delete(harmless);
        }
    }

    private void refuses(String message, String... arguments) {
        assertThat(run(arguments)).as(err).isEqualTo(2);
        assertThat(err).contains(message);
    }

    private int run(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        out = run.out();
        err = run.err();
        return run.exitCode();
    }
}
