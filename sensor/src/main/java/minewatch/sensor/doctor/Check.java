package minewatch.sensor.doctor;

import java.util.Locale;

/// What is looked at, in the order in which it is told. docs/reference/doctor.md explains each.
public enum Check {
    /// The Java machine and the processors it may use.
    JAVA,
    /// Heap and flow table against what the machine or the container has.
    MEMORY,
    /// The right to open a capture socket.
    CAPABILITY,
    /// The library that captures.
    LIBPCAP,
    /// The interface, or the files, that packets come from.
    CAPTURE,
    /// What merges or splits packets before the capture sees them.
    OFFLOADS,
    /// Where hits wait for the collector.
    SPOOL,
    /// Whether this machine knows the time.
    CLOCK,
    /// The files by which sensor and collector know each other.
    CERTIFICATES,
    /// Whether the collector takes a connection.
    COLLECTOR,
    /// Whether a syslog server and Kafka do, where they are set.
    OUTPUTS;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
