package minewatch.sensor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import minewatch.config.ConfigException;
import minewatch.config.ConfigPrinter;
import minewatch.config.ConfigReader;
import minewatch.config.HostPort;
import minewatch.config.Setting;
import minewatch.feed.kafka.KafkaConfig;
import minewatch.sensor.capture.LiveConfig;
import minewatch.sensor.output.EveConfig;
import minewatch.sensor.output.SyslogConfig;
import minewatch.sensor.release.ReleaseConfig;
import minewatch.sensor.spool.SpoolConfig;
import minewatch.sensor.uplink.UplinkConfig;
import org.jspecify.annotations.Nullable;

/// Everything that can be set about a sensor. A component is a setting, its name in kebab-case the
/// key; docs/reference/configuration.md describes each.
public record SensorConfig(
        Identity sensor,
        Capture capture,
        Flow flow,
        Inspect inspect,
        Rollup rollup,
        Privacy privacy,
        Signatures signatures,
        ReleaseConfig releases,
        SpoolConfig spool,
        UplinkConfig uplink,
        Outputs outputs,
        Clock clock,
        Metrics metrics) {

    /// @throws ConfigException with all problems of the file at once
    public static SensorConfig load(Path file) throws ConfigException {
        return ConfigReader.read(file, SensorConfig.class);
    }

    /// The settings in force as YAML that [#load] reads.
    public String print() {
        return ConfigPrinter.print(this);
    }

    /// @param id as in the sensor's certificate, SAN URI `urn:minewatch:sensor:ID`
    public record Identity(
            @Setting(
                            pattern = "[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?",
                            expected = "1 to 63 of a-z, 0-9, dot and hyphen, ends alphanumeric")
                    String id) {}

    /// Where frames come from: capture files and folders of them, or network interfaces.
    ///
    /// @param files read once, in order, then the sensor ends
    /// @param networkInterfaces watched until the sensor is stopped, as one; several only with the
    ///   kernel's ring
    /// @param ringBytes the kernel's rings, of all workers and interfaces together
    /// @param workers threads that share the traffic; only with the kernel's ring
    /// @param cores processors the workers are pinned to, in turn
    /// @param filter what to capture, as in pcap-filter(7)
    /// @param promiscuous whether to take in what is not addressed to the interface
    public record Capture(
            List<Path> files,
            @Setting(
                            key = "interface",
                            pattern = "[^\\s/]{1,15}",
                            expected = "the name of a network interface")
                    List<String> networkInterfaces,
            @Setting(byDefault = "auto") Backend backend,
            @Setting(byDefault = "256MiB", min = "1MiB", max = "64GiB") long ringBytes,
            @Setting(byDefault = "1", min = "1", max = "64") int workers,
            List<Integer> cores,
            @Nullable String filter,
            @Setting(byDefault = "true") boolean promiscuous,
            @Setting(byDefault = "software") Timestamps timestamps) {
        private static final int MOST_CORES = 1024; // what a cpu_set_t holds

        public Capture {
            if (files.isEmpty() == networkInterfaces.isEmpty()) {
                throw new IllegalArgumentException(
                        "capture: "
                                + (files.isEmpty() ? "neither" : "both")
                                + " of files and interface (expected: one of the two)");
            }
            if (Set.copyOf(networkInterfaces).size() < networkInterfaces.size()) {
                throw new IllegalArgumentException(
                        "capture.interface: "
                                + String.join(", ", networkInterfaces)
                                + " (expected: each once)");
            }
            if (backend == Backend.PCAP && networkInterfaces.size() > 1) {
                throw new IllegalArgumentException(
                        "capture.interface: "
                                + String.join(", ", networkInterfaces)
                                + " (expected: one with capture.backend pcap)");
            }
            if (backend == Backend.PCAP && workers > 1) {
                throw new IllegalArgumentException(
                        "capture.workers: " + workers + " (expected: 1 with capture.backend pcap)");
            }
            for (int core : cores) {
                if (core < 0 || core >= MOST_CORES) {
                    throw new IllegalArgumentException(
                            "capture.cores: "
                                    + core
                                    + " (expected: 0 to "
                                    + (MOST_CORES - 1)
                                    + ")");
                }
            }
        }

        /// Whether the source is a network interface, or several.
        public boolean live() {
            return !networkInterfaces.isEmpty();
        }

        /// How each network interface is to be read; empty unless [#live()].
        public List<LiveConfig> toLiveConfigs() {
            return networkInterfaces.stream()
                    .map(name ->
                            new LiveConfig(
                                    name,
                                    ringBytes / networkInterfaces.size(),
                                    workers,
                                    cores,
                                    filter,
                                    promiscuous,
                                    timestamps == Timestamps.HARDWARE))
                    .toList();
        }
    }

    /// What reads a network interface.
    public enum Backend {
        /// The kernel's ring, or libpcap where this machine or interface has none.
        AUTO,
        /// The kernel's ring (AF_PACKET, TPACKET_V3).
        AF_PACKET,
        /// libpcap.
        PCAP
    }

    /// Whose clock tells when a frame came.
    public enum Timestamps {
        /// The kernel's.
        SOFTWARE,
        /// The network card's, where it has one that was switched on; else the kernel's.
        HARDWARE
    }

    /// @param capacity flows the table holds at once; 64 bytes of memory each, twice over
    /// @param idleTimeout a flow silent for so long is over
    public record Flow(
            @Setting(byDefault = "1048576", min = "1024", max = "67108864") int capacity,
            @Setting(byDefault = "5m", min = "1s", max = "1h") Duration idleTimeout) {}

    /// @param maxSessions suspect flows inspected at once, 9 KiB of heap each; beyond it new ones
    ///   are counted, not inspected
    public record Inspect(
            @Setting(byDefault = "16384", min = "16", max = "4194304") int maxSessions) {}

    /// @param interval packet time one hit sums up
    public record Rollup(@Setting(byDefault = "5m", min = "1s", max = "1d") Duration interval) {}

    /// What a hit tells about people.
    ///
    /// @param excerpts whether evidence carries the matched message
    /// @param identifiers whether accounts and workers are sent as they are
    /// @param keyFile the secret the hashes are keyed with: at least 16 bytes, the same on all
    ///   sensors whose hits are to be compared
    public record Privacy(
            @Setting(byDefault = "matched") Excerpts excerpts,
            @Setting(byDefault = "clear") Identifiers identifiers,
            @Nullable Path keyFile) {
        public Privacy {
            if (identifiers == Identifiers.HASHED && keyFile == null) {
                throw new IllegalArgumentException(
                        "privacy.key-file: missing (expected: a file of at least 16 bytes, since"
                                + " identifiers are hashed)");
            }
        }
    }

    /// How much of a matched message is kept.
    public enum Excerpts {
        /// The message that matched, at most 256 bytes of it.
        MATCHED,
        /// Nothing.
        NONE
    }

    /// The form of accounts and workers.
    public enum Identifiers {
        CLEAR,
        /// HMAC of the identifier.
        HASHED
    }

    /// @param directories folders of signature files, besides the pack that comes with the program
    public record Signatures(List<Path> directories) {}

    /// Where hits go besides the collector.
    ///
    /// @param primary by what way they reach the database; the spool keeps them until they are
    ///   there
    public record Outputs(
            @Setting(byDefault = "collector") Primary primary,
            EveConfig eve,
            SyslogConfig syslog,
            KafkaConfig kafka) {
        public Outputs {
            if (primary == Primary.KAFKA && kafka.servers().isEmpty()) {
                throw new IllegalArgumentException(
                        "outputs.kafka.servers: none (expected: some, since outputs.primary is"
                                + " kafka)");
            }
        }
    }

    /// By what way hits reach the database.
    public enum Primary {
        /// The stream to the collector.
        COLLECTOR,
        /// A Kafka topic that collectors read; the stream carries heartbeats alone.
        KAFKA
    }

    /// @param ntpServer asked for the clock's offset, which then goes into every heartbeat
    public record Clock(@Nullable HostPort ntpServer) {}

    /// @param listen where Prometheus may read the metrics, over plain HTTP
    public record Metrics(@Nullable HostPort listen) {}
}
