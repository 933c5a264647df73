package minewatch.packaging;

import static minewatch.packaging.Shell.projectRoot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The systemd units: right for systemd, and without privilege.
class UnitsTest {
    private static final Path UNITS = projectRoot().resolve("packaging/systemd");

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"sensor", "collector"})
    void systemdAcceptsTheUnit(String module) throws IOException {
        assumeSystemd();
        // What is installed at /usr/bin stands elsewhere here.
        var unit = folder.resolve(unit(module));
        Files.writeString(
                unit,
                Files.readString(UNITS.resolve(unit(module)))
                        .replace("/usr/bin/minewatch", projectRoot().resolve("minewatch") + ""));

        var verified = shell().run("systemd-analyze", "verify", unit.toString());

        assertThat(verified.err()).isEmpty();
        assertThat(verified.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sensor", "collector"})
    void exposureIsLow(String module) {
        assumeSystemd();

        // 0 is a service that can do nothing, 100 one that can do everything; 96 is the default.
        var judged =
                shell().run(
                                "systemd-analyze",
                                "security",
                                "--no-pager",
                                "--offline=true",
                                "--threshold=25",
                                UNITS.resolve(unit(module)).toString());

        assertThat(judged.code()).as(judged.out()).isZero();
    }

    @Test
    void theSensorMayOpenACaptureSocketAndNothingElse() throws IOException {
        assertThat(setting("sensor", "AmbientCapabilities")).isEqualTo("CAP_NET_RAW");
        assertThat(setting("sensor", "CapabilityBoundingSet")).isEqualTo("CAP_NET_RAW");
        assertThat(setting("sensor", "User")).isEqualTo("minewatch-sensor");
        assertThat(setting("sensor", "NoNewPrivileges")).isEqualTo("yes");
    }

    @Test
    void theCollectorHasNoPrivilege() throws IOException {
        assertThat(setting("collector", "CapabilityBoundingSet")).isEmpty();
        assertThat(settings("collector")).noneMatch(line -> line.startsWith("AmbientCap"));
        assertThat(setting("collector", "User")).isEqualTo("minewatch-collector");
        assertThat(setting("collector", "NoNewPrivileges")).isEqualTo("yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sensor", "collector"})
    void aWrongSettingIsNotRetriedForEver(String module) throws IOException {
        assertThat(setting(module, "Restart")).isEqualTo("on-failure");
        assertThat(setting(module, "RestartPreventExitStatus")).isEqualTo("2");
    }

    private Shell shell() {
        return new Shell(folder, Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8"));
    }

    private static void assumeSystemd() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze");
    }

    private static String unit(String module) {
        return "minewatch-" + module + ".service";
    }

    private static List<String> settings(String module) throws IOException {
        return Files.readAllLines(UNITS.resolve(unit(module)));
    }

    /// The value of a setting that must be there once.
    private static String setting(String module, String name) throws IOException {
        var found = settings(module).stream().filter(line -> line.startsWith(name + "=")).toList();
        assertThat(found).as(name).hasSize(1);
        return found.getFirst().substring(name.length() + 1);
    }
}
