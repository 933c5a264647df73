package minewatch.packaging;

import static minewatch.packaging.Shell.projectRoot;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import minewatch.config.ConfigException;
import minewatch.config.ConfigReader;
import minewatch.sensor.SensorConfig;
import org.junit.jupiter.api.Test;

/// The sample settings are what the programs read, and show what they say they show: the defaults.
class SampleSettingsTest {
    @Test
    void theSensorsSampleShowsTheDefaults() throws ConfigException {
        var needed =
                """
                sensor: {id: sample-1}
                capture: {interface: eth1}
                uplink: {collector: "collector.example.net:7443"}
                spool: {directory: /var/lib/minewatch-sensor/spool}
                """;

        assertThat(SensorConfig.load(sample("sensor")))
                .isEqualTo(ConfigReader.parse("needed", needed, Path.of("/"), SensorConfig.class));
    }

    private static Path sample(String module) {
        return projectRoot().resolve("packaging/config/" + module + ".yaml");
    }
}
