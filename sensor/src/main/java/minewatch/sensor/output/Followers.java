package minewatch.sensor.output;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import minewatch.config.HostPort;
import minewatch.feed.kafka.KafkaConfig;
import minewatch.sensor.spool.Spool;

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
        List<Follower> followers = new ArrayList<>();
        HostPort server = syslog.server();
        if (server != null) {
            var output = new SyslogOutput(syslog, server, spool.sensor(), spool.bootId(), version);
            followers.add(new Follower(output, spool, false, registry));
        }
        if (!kafka.servers().isEmpty()) {
            spool.cutBySourcePrefix();
            var output = new KafkaOutput(kafka, spool.sensor(), spool.bootId(), version);
            followers.add(new Follower(output, spool, throughKafka, registry));
        }
        return followers;
    }
}
