package minewatch.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What bash offers, asked of a bash.
@Timeout(60)
class CompletionTest {
    @TempDir Path folder = Path.of(".");

    @BeforeEach
    void writeScript() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "bash");
        Files.writeString(folder.resolve("script"), printed("completion", "bash"));
        Files.writeString(folder.resolve("tap.pcap"), "");
        Files.writeString(folder.resolve("tap 2.pcap"), "");
    }

    @Test
    void commandsOfEveryModuleAreOffered() throws Exception {
        assertThat(offered("minewatch", ""))
                .containsExactlyInAnyOrder(
                        "demo",
                        "completion",
                        "scan",
                        "explain",
                        "signatures",
                        "sensor",
                        "doctor",
                        "collector",
                        "help");
        assertThat(offered("minewatch", "sc")).containsExactly("scan");
        assertThat(offered("minewatch", "collector", ""))
                .containsExactlyInAnyOrder("run", "registry", "report", "enrol", "revoke");
        assertThat(offered("minewatch", "collector", "report", ""))
                .containsExactlyInAnyOrder("list", "sensors");
        assertThat(offered("minewatch", "signatures", "l"))
                .containsExactlyInAnyOrder("list", "lint");
    }

    @Test
    void optionsAndTheirValuesAreOffered() throws Exception {
        assertThat(offered("minewatch", "scan", "--"))
                .contains("--format", "--signatures", "--workers", "--at-least", "--stats");
        assertThat(offered("minewatch", "scan", "--format", ""))
                .containsExactly("table", "ndjson", "csv", "eve");
        assertThat(offered("minewatch", "scan", "--at-least", "p"))
                .containsExactly("probable", "possible");
        assertThat(offered("minewatch", "doctor", "--format", "j")).containsExactly("json");
        assertThat(offered("minewatch", "collector", "report", "list", "--re"))
                .containsExactly("--region");
        assertThat(offered("minewatch", "completion", "z")).containsExactly("zsh");
    }

    @Test
    void filesAreOfferedWhereFilesGo() throws Exception {
        assertThat(offered("minewatch", "scan", "ta"))
                .containsExactlyInAnyOrder("tap.pcap", "tap 2.pcap");
        assertThat(offered("minewatch", "explain", "tap.")).containsExactly("tap.pcap");
        assertThat(offered("minewatch", "sensor", "run", "--config", "tap."))
                .containsExactly("tap.pcap");
        assertThat(offered("minewatch", "collector", "registry", "import", "tap."))
                .containsExactly("tap.pcap");
    }

    @Test
    void bothShellsGetTheScriptAndOthersARefusal() {
        assertThat(printed("completion", "zsh")).isEqualTo(printed("completion", "bash"));
        assertThat(new CommandLine(new Main.Launcher()).execute("completion", "fish")).isEqualTo(2);
        assertThat(new CommandLine(new Main.Launcher()).execute("completion")).isEqualTo(2);
    }

    private List<String> offered(String... words) throws Exception {
        String array = "'" + String.join("' '", words) + "'";
        String ask =
                "source ./script\n"
                        + ("COMP_WORDS=(" + array + ")\n")
                        + ("COMP_CWORD=" + (words.length - 1) + "\n")
                        + ("COMP_LINE='" + String.join(" ", words) + "'\n")
                        + "_complete_minewatch\n"
                        + "[ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"\n";
        Path out = folder.resolve("out");
        Process bash =
                new ProcessBuilder("/bin/bash", "--norc", "-c", ask)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Files.readAllLines(out);
    }

    private static String printed(String... arguments) {
        PrintStream standardOut = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(new CommandLine(new Main.Launcher()).execute(arguments)).isZero();
        } finally {
            System.setOut(standardOut);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
