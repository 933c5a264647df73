package minewatch.packaging;

import static minewatch.packaging.Shell.projectRoot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher and the jars as they are installed: `PREFIX/bin/minewatch` beside
/// `PREFIX/lib/minewatch`, far from any source tree.
class InstalledTest {
    @TempDir static Path prefix = Path.of(".");

    @BeforeAll
    static void install() throws IOException {
        var bin = Files.createDirectories(prefix.resolve("bin"));
        copy(projectRoot().resolve("minewatch"), bin);
        for (var module : List.of("sensor", "collector")) {
            var target = projectRoot().resolve(module).resolve("target");
            assumeTrue(
                    Files.isDirectory(target.resolve("lib")),
                    module + "/target/lib is there after `mvn package` only");
            var library =
                    Files.createDirectories(prefix.resolve("lib/minewatch/" + module + "/lib"));
            for (var source : List.of(target, target.resolve("lib"))) {
                try (var jars = Files.newDirectoryStream(source, "*.jar")) {
                    for (var jar : jars) {
                        copy(jar, library);
                    }
                }
            }
        }
    }

    @Test
    void theSignaturePackIsInTheJars() {
        var list = minewatch("signatures", "list");

        assertThat(list.err()).isEmpty();
        assertThat(list.code()).isZero();
        assertThat(list.out()).contains("stratum-v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sensor", "collector"})
    void theUnitsCommandLineIsOneThatTheProgramTakes(String module) throws IOException {
        var unit = projectRoot().resolve("packaging/systemd/minewatch-" + module + ".service");
        assertThat(unit)
                .content()
                .contains(
                        "\nExecStart=/usr/bin/minewatch %1$s run --config /etc/minewatch/%1$s.yaml\n"
                                .formatted(module));

        var help = minewatch(module, "run", "--help");

        assertThat(help.code()).as(help.err()).isZero();
        assertThat(help.out()).contains("--config");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sensor", "collector"})
    void theSampleSettingsAreAccepted(String module) {
        var sample = projectRoot().resolve("packaging/config/" + module + ".yaml").toString();

        var check = minewatch(module, "run", "--config", sample, "--check-config");

        assertThat(check.err()).isEqualTo(sample + ": no problems\n");
        assertThat(check.code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sensor", "collector"})
    void anUnknownSettingStopsTheStart(String module) throws IOException {
        var sample = projectRoot().resolve("packaging/config/" + module + ".yaml");
        var wrong = prefix.resolve(module + "-wrong.yaml");
        Files.writeString(wrong, Files.readString(sample) + "\nno-such-setting: 1\n");

        var check = minewatch(module, "run", "--config", wrong.toString());

        assertThat(check.code()).isEqualTo(2);
        assertThat(check.out()).isEmpty();
        assertThat(check.err()).contains("no-such-setting").doesNotContain("\tat ");
    }

    @Test
    void aMissingFileIsSaidPlainly() {
        var scan = minewatch("scan", "/nowhere/a.pcap");

        assertThat(scan.code()).isBetween(1, 2);
        assertThat(scan.out()).doesNotContain("\tat ");
        assertThat(scan.err()).contains("/nowhere/a.pcap").doesNotContain("\tat ");
    }

    /// With `AOTMode=on` a cache that cannot be used ends the start.
    @Test
    void theCacheThatIsMadeIsUsed() throws IOException {
        var sensor = prefix.resolve("lib/minewatch/sensor");
        var cache = sensor.resolve("sensor.aot");
        Files.write(cache, new byte[1 << 20]); // an earlier one, which does not fit any more
        try {
            assertThat(withCacheOnly("signatures", "list").code()).isNotZero();

            var made = minewatch("--cache");

            assertThat(made.code()).as(made.err()).isZero();
            assertThat(made.err()).endsWith("minewatch: made " + cache + "\n");
            assertThat(withCacheOnly("signatures", "list").code()).isZero();
            assertThat(sensor.toFile().list()).containsOnly("lib", "sensor.aot");
        } finally {
            Files.delete(cache);
        }
    }

    @Test
    void aCacheThatDoesNotFitIsIgnoredWithoutAWord() throws IOException {
        var without = minewatch("scan", "/nowhere/a.pcap");
        var cache = prefix.resolve("lib/minewatch/sensor/sensor.aot");
        Files.write(cache, new byte[1 << 20]);
        try {
            var with = minewatch("scan", "/nowhere/a.pcap");

            assertThat(with.code()).isEqualTo(without.code());
            assertThat(with.out()).isEqualTo(without.out());
            assertThat(with.err()).isEqualTo(without.err());
        } finally {
            Files.delete(cache);
        }
    }

    private static Shell.Outcome minewatch(String... arguments) {
        return minewatch("", arguments);
    }

    private static Shell.Outcome withCacheOnly(String... arguments) {
        return minewatch("-XX:AOTMode=on", arguments);
    }

    private static Shell.Outcome minewatch(String javaOptions, String[] arguments) {
        var command = new ArrayList<>(List.of(prefix.resolve("bin/minewatch").toString()));
        command.addAll(List.of(arguments));
        return new Shell(
                        prefix,
                        Map.of(
                                "PATH",
                                "/usr/bin:/bin",
                                "JAVA_HOME",
                                System.getProperty("java.home"),
                                "MINEWATCH_JAVA_OPTS",
                                javaOptions))
                .run(command.toArray(String[]::new));
    }

    private static void copy(Path file, Path target) throws IOException {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
    }
}
