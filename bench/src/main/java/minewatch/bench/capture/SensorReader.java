package minewatch.bench.capture;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The whole sensor: every packet goes through decode, flow, inspect and rollup. Its collector is
/// nowhere.
final class SensorReader extends LiveReader {
    private static final String METRICS = "127.0.0.1:9464";
    private static final int DRAIN_SECONDS = 20;

    private final String backend;

    /// @param backend as in `capture.backend`
    SensorReader(String backend) {
        super("minewatch " + backend);
        this.backend = backend;
    }

    @Override
    Process start(String networkInterface, Path folder, int seconds)
            throws IOException, InterruptedException {
        Path settings =
                Files.writeString(
                        folder.resolve("sensor.yaml"),
                        """
                        sensor: {id: bench}
                        capture: {interface: %s, backend: %s, cores: [%d]}
                        spool: {directory: spool}
                        uplink: {collector: "127.0.0.1:1", ca: none, certificate: none, key: none}
                        metrics: {listen: "%s"}
                        """
                                .formatted(networkInterface, backend, CORE, METRICS));
        return launch(
                folder,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:+UseTransparentHugePages",
                        "-XX:MaxInlineLevel=20",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "minewatch.sensor.Main",
                        "sensor",
                        "run",
                        "--config",
                        settings.toString()));
    }

    /// It opens the interface twice: at first only to see whether it can.
    @Override
    boolean isReady(Path folder) throws IOException {
        return Files.readString(folder.resolve("out")).contains("watching");
    }

    @Override
    long stop(Process process, Path folder, long arrived) throws IOException, InterruptedException {
        long handled = counter("frames");
        for (int i = 0; i < DRAIN_SECONDS && handled + counter("kernel_drops") < arrived; i++) {
            TimeUnit.SECONDS.sleep(1); // it tells once a second
            handled = counter("frames");
        }
        process.destroy();
        process.waitFor();
        return handled;
    }

    static long kernelDrops() throws IOException {
        return counter("kernel_drops");
    }

    private static long counter(String name) throws IOException {
        try (InputStream answer =
                URI.create("http://" + METRICS + "/metrics").toURL().openStream()) {
            String text = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
            String value =
                    text.replaceFirst(
                            "(?s).*\nminewatch_sensor_capture_" + name + "_total (\\S+)\n.*", "$1");
            return (long) Double.parseDouble(value);
        }
    }
}
