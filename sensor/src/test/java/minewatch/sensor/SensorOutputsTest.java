package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import minewatch.feed.v1.Batch;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolFixture;
import minewatch.sensor.uplink.EveEvents;
import minewatch.signatures.SignaturePacks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensorOutputsTest {
    @TempDir Path folder;

    @Test
    void everyHitInTheSpoolIsInTheEveFileInTheSameOrder() throws Exception {
        Path settings =
                Files.writeString(
                        folder.resolve("sensor.yaml"),
                        """
                        sensor: {id: s-1}
                        capture: {files: [%s]}
                        spool: {directory: spool}
                        uplink: {collector: "127.0.0.1:1"}
                        outputs: {eve: {file: eve.json}}
                        """
                                .formatted(Path.of(System.getProperty("minewatch.root"), "cases")));
        try (var sensor =
                new Sensor(
                        SensorConfig.load(settings),
                        SignaturePacks.builtIn(),
                        "test",
                        new SimpleMeterRegistry())) {
            sensor.start();
            sensor.run();
        }
        try (Spool spool = SpoolFixture.open(folder.resolve("spool"))) {
            List<Batch> batches = SpoolFixture.read(spool, 0);
            List<String> events =
                    batches.stream()
                            .flatMap(batch -> batch.getHitsList().stream())
                            .flatMap(hit -> EveEvents.of(hit).stream())
                            .toList();
            assertThat(events).hasSizeGreaterThan(5);
            assertThat(Files.readAllLines(folder.resolve("eve.json"))).isEqualTo(events);
        }
    }
}
