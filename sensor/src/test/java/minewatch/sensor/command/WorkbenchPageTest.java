package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/// docs/reference/workbench.md lists every option of the commands it is about, in their order.
class WorkbenchPageTest {
    private static final Pattern ROW =
            Pattern.compile("^\\| `(--[^`]+)` \\| (?:`([^`]+)` \\|)?", Pattern.MULTILINE);

    @ParameterizedTest
    @ValueSource(strings = {"test", "bench", "export", "keygen", "sign", "verify"})
    void everyOptionIsThereWithItsDefault(String name) throws IOException {
        List<OptionSpec> options =
                Objects.requireNonNull(
                                new CommandLine(new SignaturesCommand()).getSubcommands().get(name))
                        .getCommandSpec()
                        .options()
                        .stream()
                        .filter(option -> !option.usageHelp() && !option.versionHelp())
                        .toList();
        List<MatchResult> rows = rows("## " + name);
        assertThat(rows.stream().map(row -> row.group(1)))
                .containsExactlyElementsOf(options.stream().map(OptionSpec::longestName).toList());
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).group(2) != null) {
                assertThat(rows.get(i).group(2))
                        .as(rows.get(i).group(1))
                        .isEqualTo(options.get(i).initialValue().toString());
            }
        }
    }

    private static List<MatchResult> rows(String heading) throws IOException {
        String page =
                Files.readString(
                        Path.of(
                                System.getProperty("minewatch.root"),
                                "docs/reference/workbench.md"));
        int start = page.indexOf("\n" + heading + "\n");
        assertThat(start).as(heading).isNotNegative();
        int end = page.indexOf("\n## ", start + 1);
        return ROW.matcher(page.substring(start, end < 0 ? page.length() : end)).results().toList();
    }
}
