package minewatch.sensor.output;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import minewatch.config.HostPort;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Hit;

/// Batches → syslog messages (RFC 5424) with a CEF body, counted by octets (RFC 5425). The body has
/// no byte order mark, which RFC 5424 would like, since what reads CEF looks for `CEF:` first.
///
/// ```
/// 287 <130>1 2026-11-23T08:00:00.123456Z s-1 minewatch - hit - CEF:0|Minewatch|…
/// ```
final class SyslogOutput implements Output {
    /// Its name in the spool's state.
    static final String NAME = "syslog";

    /// A server that does not take the certificate says so by then.
    private static final Duration REFUSED_WITHIN = Duration.ofMillis(500);

    private static final int PER_FACILITY = 8;
    private static final int CRITICAL = 2;
    private static final int WARNING = 4;
    private static final int ACT = 7; // CEF severity from which a person should act
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'")
                    .withZone(ZoneOffset.UTC); // RFC 5424 permits six digits, no more

    private final SyslogConfig config;
    private final HostPort server;
    private final String sensor;
    private final UUID bootId;
    private final CefEvents events;

    SyslogOutput(SyslogConfig config, HostPort server, String sensor, UUID bootId, String version) {
        this.config = config;
        this.server = server;
        this.sensor = sensor;
        this.bootId = bootId;
        this.events = new CefEvents(version);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String target() {
        return "syslog server " + server;
    }

    @Override
    public String remedy() {
        return "see to it that it listens for syslog over TLS and that outputs.syslog is right";
    }

    @Override
    public Connection connect(Runnable changed) throws IOException {
        return open(SyslogStream.CONNECT_WITHIN, changed);
    }

    @Override
    public void probe(Duration within) throws IOException, InterruptedException {
        try (Connection connection = open(within, () -> {})) {
            Thread.sleep(REFUSED_WITHIN); // in TLS 1.3 the handshake is over before that
            connection.settled();
        }
    }

    private Connection open(Duration within, Runnable changed) throws IOException {
        return SyslogStream.open(config, server, within, this::messages, changed);
    }

    /// All messages of a batch, each after its length.
    byte[] messages(Batch batch) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < batch.getHitsCount(); i++) {
            Hit hit = batch.getHits(i);
            for (String event : events.of(hit, bootId + ":" + batch.getSeq() + ":" + i)) {
                byte[] message = (header(hit) + event).getBytes(UTF_8);
                out.writeBytes((message.length + " ").getBytes(US_ASCII));
                out.writeBytes(message);
            }
        }
        return out.toByteArray();
    }

    private String header(Hit hit) {
        int severity = CefEvents.severity(hit.getVerdict()) >= ACT ? CRITICAL : WARNING;
        return "<"
                + (config.facility() * PER_FACILITY + severity)
                + ">1 "
                + TIME.format(Instant.ofEpochSecond(0, hit.getLastSeenNanos()))
                + " "
                + sensor
                + " minewatch - hit - ";
    }
}
