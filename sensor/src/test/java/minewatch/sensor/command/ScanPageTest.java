package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.decode.DecodeAnomaly;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// docs/reference/scan.md says what the commands take and print, all of it and in their order.
class ScanPageTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([^`]+)` \\| (?:`([^`]+)` \\|)?", Pattern.MULTILINE);
    private static final Hit HIT =
            Hit.newBuilder()
                    .setSensor("scan")
                    .setSourceIp(Addresses.parse("10.0.0.1"))
                    .setVerdict(Verdict.MINER)
                    .addFlows(Flow.newBuilder().setDestinationIp(Addresses.parse("10.0.0.2")))
                    .build();

    private final String page;

    ScanPageTest() throws IOException {
        page =
                Files.readString(
                        Path.of(System.getProperty("minewatch.root"), "docs/reference/scan.md"));
    }

    @Test
    void everyOptionIsThere() {
        assertThat(rows("## scan")).isEqualTo(options(new CommandLine(new ScanCommand())));
        assertThat(rows("## explain")).containsAll(options(new CommandLine(new ExplainCommand())));
        assertThat(rows("### signatures list"))
                .isEqualTo(options(new CommandLine(new SignaturesCommand.ListCommand())));
        assertThat(rows("### signatures lint"))
                .isEqualTo(options(new CommandLine(new LintCommand())));
    }

    @Test
    void everyDefaultIsTheOneInForce() {
        assertDefaults("## scan", new CommandLine(new ScanCommand()));
        assertDefaults("## explain", new CommandLine(new ExplainCommand()));
    }

    @Test
    void everyFormatIsThere() {
        for (ScanCommand.Format format : ScanCommand.Format.values()) {
            assertThat(page).contains("\n### `--format " + format + "`\n");
        }
    }

    @Test
    void everyColumnOfTheTableIsThere() throws IOException {
        StringBuilder out = new StringBuilder();
        var printer = new TablePrinter(out, false);
        printer.print(List.of(HIT));
        printer.finish();
        String heading = out.toString().lines().findFirst().orElseThrow();
        assertThat(heading.split(" {2,}")).containsExactlyElementsOf(rows("### `--format table`"));
    }

    @Test
    void everyColumnOfCsvIsThere() throws IOException {
        StringBuilder out = new StringBuilder();
        new CsvPrinter(out).finish();
        assertThat(out.toString().strip().split(","))
                .containsExactlyElementsOf(rows("### `--format csv`"));
    }

    @Test
    void everyFieldOfEveIsThere() throws IOException {
        StringBuilder out = new StringBuilder();
        new EvePrinter(out).print(List.of(HIT));
        JsonNode event = new ObjectMapper().readTree(out.toString());
        List<String> fields = new ArrayList<>();
        event.properties()
                .forEach(field -> {
                    if (field.getKey().equals("alert")) {
                        field.getValue()
                                .fieldNames()
                                .forEachRemaining(name -> fields.add("alert." + name));
                    } else {
                        fields.add(field.getKey());
                    }
                });
        assertThat(rows("### `--format eve`")).isEqualTo(fields);
    }

    @Test
    void everyFigureAndEveryAnomalyOfDecodeIsThere() throws IOException {
        List<String> expected = new ArrayList<>();
        new ObjectMapper()
                .readTree(new Statistics().toJson())
                .fieldNames()
                .forEachRemaining(expected::add);
        Arrays.stream(DecodeAnomaly.values()).map(DecodeAnomaly::label).forEach(expected::add);
        assertThat(rows("### `--stats`")).startsWith(expected.toArray(String[]::new));
    }

    private void assertDefaults(String section, CommandLine command) {
        for (MatchResult row : matches(section)) {
            OptionSpec option = command.getCommandSpec().findOption(row.group(1));
            Object inForce = option == null ? null : option.initialValue();
            if (row.group(2) != null && inForce != null) {
                assertThat(row.group(2)).as(row.group(1)).isEqualTo(inForce.toString());
            }
        }
    }

    /// First cells of the tables between this heading and the next.
    private List<String> rows(String heading) {
        return matches(heading).stream().map(row -> row.group(1)).toList();
    }

    private List<MatchResult> matches(String heading) {
        int start = page.indexOf("\n" + heading + "\n");
        assertThat(start).as(heading).isNotNegative();
        int body = start + heading.length() + 2;
        int end = page.indexOf("\n##", body);
        return ROW.matcher(page.substring(body, end < 0 ? page.length() : end)).results().toList();
    }

    private static List<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .map(OptionSpec::longestName)
                .toList();
    }
}
