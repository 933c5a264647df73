package minewatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    enum Colour {
        RED,
        DARK_BLUE
    }

    record Garden(
            @Setting(pattern = "[a-z]+", expected = "lower-case letters") String name,
            Pond pond,
            @Setting(key = "switch") @Nullable Shed shed,
            List<Path> paths,
            @Setting(min = "1", max = "9") Map<String, Integer> beds) {}

    record Pond(
            @Setting(byDefault = "64MiB", min = "1MiB") long sizeBytes,
            @Setting(byDefault = "60s", min = "1s", max = "1h") Duration idleTimeout,
            @Setting(byDefault = "dark-blue") Colour colour,
            @Setting(byDefault = "true") boolean filled,
            @Setting(byDefault = "0.5", min = "0", max = "1") double depth) {
        Pond {
            if (!filled && depth > 0) {
                throw new IllegalArgumentException(
                        "depth: " + depth + " (expected: 0 if not filled)");
            }
        }
    }

    record Shed(HostPort at, @Setting(min = "1") List<String> tools) {}

    @TempDir Path folder;

    @Test
    void whatTheFileDoesNotSayIsTheDefault() throws ConfigException {
        assertThat(parse("name: eden"))
                .isEqualTo(
                        new Garden(
                                "eden",
                                new Pond(
                                        64 << 20,
                                        Duration.ofMinutes(1),
                                        Colour.DARK_BLUE,
                                        true,
                                        0.5),
                                null,
                                List.of(),
                                Map.of()));
    }

    @Test
    void whatThePrinterWritesTheReaderReads() throws ConfigException {
        Garden garden =
                parse(
                        """
                        name: eden
                        pond: {size-bytes: 3MiB, idle-timeout: 90s, colour: red, depth: 0.25}
                        switch:
                          at: "[::1]:70"
                          tools: ["yes", "12", "a: b", "#"]
                        paths: [/a, b/c]
                        beds: {north: 3}
                        """);
        assertThat(parse(ConfigPrinter.print(garden))).isEqualTo(garden);
        assertThat(garden.pond().sizeBytes()).isEqualTo(3 << 20);
    }

    @Test
    void allProblemsAreReportedTogetherWithTheirLines() {
        String yaml =
                """
                name: EDEN
                pond:
                  idle-timeout: -5s
                  size-bytes: 64MB
                  colour: green
                  colour: red
                  idletimeout: 5s
                  depth: 2
                switch:
                  at: nowhere
                  tools: []
                beds: {north: x, south: 12}
                compost: 1
                """;
        assertThat(problems(yaml))
                .containsExactly(
                        "g.yaml:1: name: EDEN (expected: lower-case letters)",
                        "g.yaml:3: pond.idle-timeout: -5s (expected: 1s to 1h)",
                        "g.yaml:4: pond.size-bytes: 64MB (expected: at least 1MiB)",
                        "g.yaml:5: pond.colour: green (expected: red or dark-blue)",
                        "g.yaml:6: pond.colour: repeated (expected: once)",
                        "g.yaml:7: pond.idletimeout: unknown setting (did you mean idle-timeout?)",
                        "g.yaml:8: pond.depth: 2 (expected: 0 to 1)",
                        "g.yaml:10: switch.at: nowhere (expected: host:port)",
                        "g.yaml:11: switch.tools: an empty list (expected: at least 1)",
                        "g.yaml:12: beds.north: x (expected: 1 to 9)",
                        "g.yaml:12: beds.south: 12 (expected: 1 to 9)",
                        "g.yaml:13: compost: unknown setting"
                                + " (expected: name, pond, switch, paths, beds)");
    }

    @Test
    void missingSettingsAreNamed() {
        assertThat(problems("switch: {}"))
                .containsExactly(
                        "g.yaml: name: missing (expected: lower-case letters)",
                        "g.yaml: switch.at: missing (expected: host:port)",
                        "g.yaml: switch.tools: missing (expected: at least 1)");
    }

    @Test
    void ruleBetweenSettingsNamesThePath() {
        assertThat(problems("name: eden\npond:\n  filled: false\n"))
                .containsExactly("g.yaml:3: pond.depth: 0.5 (expected: 0 if not filled)");
    }

    @Test
    void brokenYamlIsNamedByLineWithoutAStackTrace() {
        assertThat(problems("name: eden\npond: [\n"))
                .singleElement()
                .asString()
                .contains("not YAML");
        assertThat(problems("name: *a\n")).singleElement().asString().contains("anchor");
        assertThat(problems("a: 1\n---\nb: 2\n")).singleElement().asString().contains("second doc");
        assertThat(problems("[".repeat(5000))).isNotEmpty();
        assertThat(problems("- 1")).contains("g.yaml:1: a list (expected: a section of settings)");
    }

    @Test
    void emptyKeyCountsAsAbsent() throws ConfigException {
        assertThat(parse("name: eden\npond:\nswitch: ~\n")).isEqualTo(parse("name: eden"));
    }

    @Test
    void relativePathsCountFromTheFilesFolder() throws Exception {
        Path file =
                Files.writeString(folder.resolve("g.yaml"), "name: eden\npaths: [x/../y, /z]\n");
        assertThat(ConfigReader.read(file, Garden.class).paths())
                .containsExactly(folder.toAbsolutePath().resolve("y"), Path.of("/z"));
    }

    @Test
    void furtherTextHoldsWhereTheFirstIsSilent() throws Exception {
        var own = text("own", "name: eden\npond: {size-bytes: 2MiB, colour:}\nswitch:\n");
        var further =
                text(
                        "further",
                        """
                        name: later
                        pond: {size-bytes: 9MiB, idle-timeout: 5s, colour: red}
                        switch: {at: "a:1", tools: [rake]}
                        beds: {north: 3}
                        """);
        Garden garden = ConfigReader.parse(own, further, Garden.class);
        assertThat(garden.name()).isEqualTo("eden");
        assertThat(garden.pond())
                .isEqualTo(new Pond(2 << 20, Duration.ofSeconds(5), Colour.RED, true, 0.5));
        assertThat(garden.shed()).isEqualTo(new Shed(new HostPort("a", 1), List.of("rake")));
        assertThat(garden.beds()).isEqualTo(Map.of("north", 3));
        assertThat(ConfigReader.parse(own, text("none", ""), Garden.class))
                .isEqualTo(ConfigReader.parse(own, Garden.class));
        assertThat(ConfigReader.parse(text("none", ""), text("f", "name: b"), Garden.class).name())
                .isEqualTo("b");
        assertThatThrownBy(() ->
                        ConfigReader.parse(own, text("further", "pond: {depth: 2}"), Garden.class))
                .hasMessageContaining("pond.depth: 2 (expected: 0 to 1)");
    }

    @Test
    void onlyNamedSettingsMayBeThere() throws Exception {
        Set<String> names = Set.of("pond.depth", "beds");
        text("t", "pond: {depth: 0}\nbeds: {north: 1}").requireOnly(names);
        text("t", "").requireOnly(names);
        text("t", "pond:").requireOnly(names);
        for (String other :
                List.of(
                        "name: eden",
                        "pond: {filled: true}",
                        "pond: 3",
                        "pond: [depth]",
                        "pond: {depth: 0}\npond: {filled: true}",
                        "paths:",
                        "switch: {}",
                        "\"pond.filled\": true",
                        "nonsense: {}",
                        "[pond]",
                        "name")) {
            assertThatThrownBy(() -> text("t", other).requireOnly(names))
                    .as(other)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("may not be set here (expected: beds, pond.depth)");
        }
    }

    private static SettingsText text(String name, String yaml) {
        return new SettingsText(name, yaml, null);
    }

    @Test
    void unreadableFileIsAProblemNotATrace() throws Exception {
        Path absent = folder.resolve("absent.yaml");
        assertThatThrownBy(() -> ConfigReader.read(absent, Garden.class))
                .isInstanceOf(ConfigException.class)
                .hasMessage(absent + ": no such file (expected: a YAML file)");
        Path latin1 =
                Files.write(folder.resolve("l.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE4});
        assertThatThrownBy(() -> ConfigReader.read(latin1, Garden.class))
                .hasMessageContaining("not UTF-8");
    }

    private static Garden parse(String yaml) throws ConfigException {
        return ConfigReader.parse("g.yaml", yaml, null, Garden.class);
    }

    private static List<String> problems(String yaml) {
        var e = catchThrowableOfType(ConfigException.class, () -> parse(yaml));
        assertThat(e).as(yaml).isNotNull();
        return e.problems().stream().map(Problem::toString).toList();
    }
}
