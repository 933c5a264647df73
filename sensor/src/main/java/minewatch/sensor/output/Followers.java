package minewatch.sensor.output;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import minewatch.config.HostPort;
import minewatch.feed.kafka.KafkaConfig;
import minewatch.sensor.spool.Spool;
import org.jspecify.annotations.Nullable;

/// The outputs that follow the spool, as the settings name them.
public final class Followers {
    private Followers() {}

    /// Names of the outputs that are set, which the spool is to be opened with.
    public static Set<String> names(SyslogConfig syslog, KafkaConfig kafka) {
        Set<String> names = new HashSet<>();
        if (syslog.server() != null) {
            names.add(SyslogOutput.NAME);
        }
        if (!kafka.servers().isEmpty()) {
            names.add(KafkaOutput.NAME);
        }
        return names;
    }

    /// @param spool opened with [#names]
    /// @param throughKafka whether hits go to the collector through Kafka alone
    /// @param version of this program
    public static List<Follower> of(
            SyslogConfig syslog,
            KafkaConfig kafka,
            boolean throughKafka,
            Spool spool,
            String version,
            MeterRegistry registry) {
        if (!kafka.servers().isEmpty()) {
            spool.cutBySourcePrefix();
        }
        List<Follower> followers = new ArrayList<>();
        for (Output output : outputs(syslog, kafka, spool.sensor(), spool.bootId(), version)) {
            boolean primary = isPrimary(output, throughKafka);
            followers.add(new Follower(output, spool, primary, registry));
        }
        return followers;
    }

    private static List<Output> outputs(
            SyslogConfig syslog, KafkaConfig kafka, String sensor, UUID bootId, String version) {
        List<Output> outputs = new ArrayList<>();
        HostPort server = syslog.server();
        if (server != null) {
            outputs.add(new SyslogOutput(syslog, server, sensor, bootId, version));
        }
        if (!kafka.servers().isEmpty()) {
            outputs.add(new KafkaOutput(kafka, sensor, bootId, version));
        }
        return outputs;
    }

    private static boolean isPrimary(Output output, boolean throughKafka) {
        return throughKafka && output.name().equals(KafkaOutput.NAME);
    }

    /// What trying an output's way came to.
    ///
    /// @param primary whether hits reach the collector by it alone
    /// @param target where it goes, in words
    /// @param problem why it cannot be reached now; null if it can
    /// @param remedy what to do then
    public record Reach(boolean primary, String target, @Nullable String problem, String remedy) {}

    /// Tries the way of each output that is set, for whoever asks before hits go there. Nothing is
    /// sent, and nothing changes.
    ///
    /// @param throughKafka whether hits go to the collector through Kafka alone
    /// @param within each step of a way, of which there are few
    public static List<Reach> probe(
            SyslogConfig syslog, KafkaConfig kafka, boolean throughKafka, Duration within)
            throws InterruptedException {
        List<Reach> reached = new ArrayList<>();
        for (Output output : outputs(syslog, kafka, "", new UUID(0, 0), "")) {
            String problem = null;
            try {
                output.probe(within);
            } catch (IOException e) {
                problem = String.valueOf(e.getMessage());
            }
            boolean primary = isPrimary(output, throughKafka);
            reached.add(new Reach(primary, output.target(), problem, output.remedy()));
        }
        return reached;
    }
}
