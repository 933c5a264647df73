package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minewatch.config.ConfigException;
import minewatch.config.HostPort;
import minewatch.config.Setting;
import minewatch.sensor.capture.LiveConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensorConfigTest {
    private static final String LEAST =
            """
            sensor: {id: s-1}
            capture: {interface: eth1}
            uplink: {collector: "c1.example:7443"}
            """;

    @TempDir Path folder;

    @Test
    void threeSettingsAreEnough() throws Exception {
        SensorConfig config = load(LEAST);
        assertThat(config.sensor().id()).isEqualTo("s-1");
        assertThat(config.capture().networkInterfaces()).containsExactly("eth1");
        assertThat(config.capture().backend()).isEqualTo(SensorConfig.Backend.AUTO);
        assertThat(config.capture().ringBytes()).isEqualTo(256L << 20);
        assertThat(config.capture().workers()).isEqualTo(1);
        assertThat(config.capture().cores()).isEmpty();
        assertThat(config.capture().filter()).isNull();
        assertThat(config.capture().promiscuous()).isTrue();
        assertThat(config.capture().timestamps()).isEqualTo(SensorConfig.Timestamps.SOFTWARE);
        assertThat(config.flow()).isEqualTo(new SensorConfig.Flow(1 << 20, Duration.ofMinutes(5)));
        assertThat(config.inspect().maxSessions()).isEqualTo(1 << 14);
        assertThat(config.rollup().interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.privacy().excerpts()).isEqualTo(SensorConfig.Excerpts.MATCHED);
        assertThat(config.privacy().identifiers()).isEqualTo(SensorConfig.Identifiers.CLEAR);
        assertThat(config.spool().directory()).isEqualTo(Path.of("/var/lib/minewatch/spool"));
        assertThat(config.spool().maxBytes()).isEqualTo(1L << 30);
        assertThat(config.spool().segmentBytes()).isEqualTo(64 << 20);
        assertThat(config.uplink().collector()).isEqualTo(new HostPort("c1.example", 7443));
        assertThat(config.uplink().ca()).isEqualTo(Path.of("/etc/minewatch/ca.pem"));
        assertThat(config.clock().ntpServer()).isNull();
        assertThat(config.metrics().listen()).isNull();
    }

    @Test
    void printedSettingsLoadToTheSame() throws Exception {
        SensorConfig config =
                load(
                        """
                        sensor: {id: s-1}
                        capture: {files: [a.pcap, more]}
                        privacy: {excerpts: none, identifiers: hashed, key-file: secret.key}
                        signatures: {directories: [/etc/minewatch/signatures]}
                        uplink: {collector: "[2001:db8::1]:7443", heartbeat: 1s}
                        clock: {ntp-server: "127.0.0.1:123"}
                        metrics: {listen: "127.0.0.1:9464"}
                        """);
        assertThat(load(config.print())).isEqualTo(config);
        assertThat(load(load(LEAST).print())).isEqualTo(load(LEAST));
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatThrownBy(() ->
                        load(
                                """
                                sensor: {id: S 1}
                                capture: {interface: eth1, files: [a.pcap]}
                                flow: {idle-timeout: -5s}
                                spool: {max-bytes: 64MiB, segment-bytes: 64MiB}
                                rolup: {interval: 5m}
                                privacy: {identifiers: hashed}
                                """))
                .isInstanceOf(ConfigException.class)
                .satisfies(e ->
                        assertThat(String.valueOf(e.getMessage()).lines().map(this::withoutFolder))
                                .containsExactly(
                                        "s.yaml:1: sensor.id: S 1 (expected: 1 to 63 of a-z,"
                                                + " 0-9, dot and hyphen, ends alphanumeric)",
                                        "s.yaml:2: capture: both of files and interface"
                                                + " (expected: one of the two)",
                                        "s.yaml:3: flow.idle-timeout: -5s (expected: 1s to"
                                                + " 1h)",
                                        "s.yaml:4: spool.segment-bytes: 67108864 (expected:"
                                                + " at most half of max-bytes, 67108864)",
                                        "s.yaml:5: rolup: unknown setting (did you mean"
                                                + " rollup?)",
                                        "s.yaml:6: privacy.key-file: missing (expected: a"
                                                + " file of at least 16 bytes, since"
                                                + " identifiers are hashed)",
                                        "s.yaml: uplink.collector: missing (expected:"
                                                + " host:port)"));
    }

    @Test
    void workersThatCannotBeAreReported() {
        String others = LEAST.replaceFirst("capture:.*\n", "");
        assertThatThrownBy(() ->
                        load(others + "capture: {interface: eth1, workers: 2, backend: pcap}"))
                .hasMessageContaining("capture.workers: 2 (expected: 1 with capture.backend pcap)");
        assertThatThrownBy(() -> load(others + "capture: {interface: eth1, cores: [0, 1024]}"))
                .hasMessageContaining("capture.cores: 1024 (expected: 0 to 1023)");
    }

    @Test
    void severalInterfacesShareTheRingAndNeedIt() throws Exception {
        String others = LEAST.replaceFirst("capture:.*\n", "");
        assertThatThrownBy(() -> load(others + "capture: {interface: [eth1, eth2], backend: pcap}"))
                .hasMessageContaining(
                        "capture.interface: eth1, eth2 (expected: one with capture.backend pcap)");
        assertThatThrownBy(() -> load(others + "capture: {interface: [eth1, eth1]}"))
                .hasMessageContaining("capture.interface: eth1, eth1 (expected: each once)");
        assertThat(load(others + "capture: {interface: [eth1, eth2]}").capture().toLiveConfigs())
                .extracting(LiveConfig::networkInterface, LiveConfig::ringBytes)
                .containsExactly(tuple("eth1", 128L << 20), tuple("eth2", 128L << 20));
    }

    /// A setting is added in two places: its record component and the reference page.
    @Test
    void everySettingIsInTheReferenceWithItsDefault() throws Exception {
        Path page =
                Path.of(System.getProperty("minewatch.root"), "docs/reference/configuration.md");
        String text = Files.readString(page);
        for (String row : settings(SensorConfig.class, "")) {
            assertThat(text).contains(row);
        }
    }

    private static List<String> settings(Class<?> section, String path) {
        List<String> rows = new ArrayList<>();
        for (var component : section.getRecordComponents()) {
            var setting = component.getAnnotation(Setting.class);
            String kebab =
                    component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            String key =
                    path + (setting == null || setting.key().isEmpty() ? kebab : setting.key());
            boolean scalar =
                    component.getType() == HostPort.class || !component.getType().isRecord();
            if (scalar) {
                String value = setting == null ? "" : setting.byDefault();
                rows.add("| `" + key + "` | " + (value.isEmpty() ? "" : "`" + value + "`"));
            } else {
                rows.addAll(settings(component.getType(), key + "."));
            }
        }
        return rows;
    }

    private String withoutFolder(String line) {
        return line.replace(folder + "/", "");
    }

    private SensorConfig load(String yaml) throws Exception {
        return SensorConfig.load(Files.writeString(folder.resolve("s.yaml"), yaml));
    }
}
