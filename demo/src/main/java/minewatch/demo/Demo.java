package minewatch.demo;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import minewatch.collector.Collector;
import minewatch.collector.CollectorConfig;
import minewatch.collector.accept.Authority;
import minewatch.collector.attribute.RegistryException;
import minewatch.collector.report.Projects;
import minewatch.config.ConfigException;
import minewatch.sensor.Sensor;
import minewatch.sensor.SensorConfig;
import minewatch.signatures.SignaturePacks;

/// A collector and a sensor in one process, joined by nothing but the uplink: mutual TLS over
/// loopback, with certificates made for this run. Settings go through the same files and loaders as
/// in production.
public final class Demo implements AutoCloseable {
    private static final String SENSOR = "demo";
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(30);
    private static final Duration DRAIN_WITHIN = Duration.ofMinutes(2);

    private final Path folder;
    private final int webPort;
    private final Collector collector;

    /// @param folder everything is kept in it; must exist
    /// @param webPort of the console on 127.0.0.1; 0 takes any free one
    public Demo(Path folder, int webPort) throws ConfigException, IOException {
        this.folder = folder;
        this.webPort = webPort;
        Authority authority = Authority.openOrCreate(folder);
        authority.issueServer(
                List.of(LOOPBACK),
                CERTIFICATE_LIFE,
                folder.resolve("collector.pem"),
                folder.resolve("collector.key"));
        authority.issueSensor(
                SENSOR,
                CERTIFICATE_LIFE,
                folder.resolve("sensor.pem"),
                folder.resolve("sensor.key"));
        this.collector = new Collector(collectorConfig());
    }

    /// Starts database, feed listener and console.
    public void startCollector() throws IOException {
        collector.start();
    }

    /// Imports the sample registry, replays the sample captures, and returns when the collector
    /// holds every hit.
    public void replay()
            throws ConfigException, IOException, InterruptedException, RegistryException {
        Path registry = folder.resolve("registry.csv");
        Samples.writeRegistry(registry);
        collector.ledger().importRegistry(registry, "sample", true, "demo", _ -> {});
        Samples.writeCaptures(folder.resolve("captures"));
        try (Sensor sensor =
                new Sensor(
                        sensorConfig(),
                        SignaturePacks.builtIn(),
                        "demo",
                        new SimpleMeterRegistry())) {
            sensor.start();
            sensor.run();
            if (!sensor.awaitDrained(DRAIN_WITHIN)) {
                throw new IOException(
                        "%d batches did not reach the collector within %d s"
                                .formatted(sensor.waitingBatches(), DRAIN_WITHIN.toSeconds()));
            }
        }
    }

    public Projects projects() {
        return collector.projects();
    }

    /// Where the console listens.
    public String url() {
        return "http://" + LOOPBACK + ":" + collector.webPort();
    }

    @Override
    public void close() {
        collector.close();
    }

    private CollectorConfig collectorConfig() throws ConfigException, IOException {
        String yaml =
                """
                feed:
                  listen: 127.0.0.1:0
                  tls:
                    ca: ca.pem
                    certificate: collector.pem
                    key: collector.key
                web:
                  listen: 127.0.0.1:%d
                database:
                  embedded:
                    directory: postgres
                """
                        .formatted(webPort);
        return CollectorConfig.load(Files.writeString(folder.resolve("collector.yaml"), yaml));
    }

    private SensorConfig sensorConfig() throws ConfigException, IOException {
        String yaml =
                """
                sensor:
                  id: %s
                capture:
                  files: [captures]
                rollup:
                  interval: 1d
                spool:
                  directory: spool
                uplink:
                  collector: 127.0.0.1:%d
                  ca: ca.pem
                  certificate: sensor.pem
                  key: sensor.key
                """
                        .formatted(SENSOR, collector.feedPort());
        return SensorConfig.load(Files.writeString(folder.resolve("sensor.yaml"), yaml));
    }
}
