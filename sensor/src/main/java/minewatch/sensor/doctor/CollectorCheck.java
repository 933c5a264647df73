package minewatch.sensor.doctor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import minewatch.config.HostPort;
import minewatch.sensor.uplink.Reachability;
import minewatch.sensor.uplink.UplinkConfig;

/// Whether the collector takes a connection from this sensor.
final class CollectorCheck {
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private CollectorCheck() {}

    static List<Diagnosis> examine(UplinkConfig config) throws InterruptedException {
        HostPort collector = config.collector();
        Optional<String> problem = Reachability.problem(config, WITHIN);
        if (problem.isEmpty()) {
            return List.of(
                    Diagnosis.ok(
                            Check.COLLECTOR, collector + " accepts this sensor's certificate"));
        }
        String message = problem.get();
        int cause = message.indexOf("; ");
        return List.of(
                Diagnosis.failure(
                        Check.COLLECTOR,
                        cause < 0 ? message : message.substring(0, cause),
                        cause < 0
                                ? "nc -vz "
                                        + collector.host()
                                        + " "
                                        + collector.port()
                                        + " here, systemctl status minewatch-collector there"
                                : message.substring(cause + 2)));
    }
}
