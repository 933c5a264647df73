package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.ssl.ClientAuth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Hit;
import minewatch.sensor.output.EveEvents;
import minewatch.sensor.output.SyslogServer;
import minewatch.sensor.spool.Spool;
import minewatch.sensor.spool.SpoolFixture;
import minewatch.signatures.SignaturePacks;
import minewatch.testkit.ThrowAwayCa;
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

    @Test
    void everyFlowOfEveryHitIsAtTheSyslogServer() throws Exception {
        ThrowAwayCa ca = ThrowAwayCa.named("Outputs test");
        ThrowAwayCa.PemFiles pem = ca.sensor("s-1").writeTo(folder);
        long flows;
        List<String> messages;
        try (var server = new SyslogServer(ca.server("localhost"), 0, ClientAuth.NONE)) {
            Path settings =
                    Files.writeString(
                            folder.resolve("sensor.yaml"),
                            """
                            sensor: {id: s-1}
                            capture: {files: [%s]}
                            spool: {directory: spool}
                            uplink: {collector: "127.0.0.1:1"}
                            outputs: {syslog: {server: "%s", ca: %s}}
                            """
                                    .formatted(
                                            Path.of(System.getProperty("minewatch.root"), "cases"),
                                            server.address(),
                                            pem.ca()));
            try (var sensor =
                    new Sensor(
                            SensorConfig.load(settings),
                            SignaturePacks.builtIn(),
                            "test",
                            new SimpleMeterRegistry())) {
                sensor.start();
                sensor.run();
                assertThat(sensor.awaitDrained(Duration.ofSeconds(1))).isFalse(); // no collector
            }
            try (Spool spool = SpoolFixture.open(folder.resolve("spool"))) {
                flows =
                        SpoolFixture.read(spool, 0).stream()
                                .flatMap(batch -> batch.getHitsList().stream())
                                .mapToLong(Hit::getFlowsCount)
                                .sum();
            }
            messages = server.messages();
        }
        assertThat(flows).isGreaterThan(5);
        assertThat(messages).hasSize((int) flows).allMatch(m -> m.contains("CEF:0|Minewatch|"));
    }
}
