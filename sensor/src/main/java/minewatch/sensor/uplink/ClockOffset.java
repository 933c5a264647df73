package minewatch.sensor.uplink;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.OptionalLong;
import minewatch.config.HostPort;
import minewatch.sensor.spool.QuietLog;
import org.apache.commons.net.ntp.NTPUDPClient;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.apache.commons.net.ntp.TimeInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// How far this machine's clock is from an NTP server's, asked about once a minute: a hit can only
/// be joined with a NAT log if both clocks are known. Accurate to a millisecond or two plus half
/// the round trip's asymmetry. It measures and never sets a clock.
///
/// Source: RFC 5905 §8.
public final class ClockOffset implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(64);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int GREATEST_STRATUM = 15; // 16 is "unsynchronised", 0 a refusal
    private static final int UNSYNCHRONISED = 3; // leap indicator
    private static final int INTERVALS_FRESH = 10;

    private final HostPort server;
    private final Duration interval;
    private final Wakeup wakeup = new Wakeup();
    private final QuietLog trouble = new QuietLog(LoggerFactory.getLogger(ClockOffset.class));
    private volatile @Nullable Measurement latest;
    private @Nullable Thread thread;

    private record Measurement(long offsetNanos, long atNanoTime) {}

    public ClockOffset(HostPort server) {
        this(server, INTERVAL);
    }

    ClockOffset(HostPort server, Duration interval) {
        this.server = server;
        this.interval = interval;
    }

    public void start() {
        thread = Thread.ofPlatform().name("clock-offset").daemon().start(this::run);
    }

    /// Server's clock minus this machine's, ns; empty if not known, or not for the last ten
    /// minutes.
    public OptionalLong nanos() {
        Measurement known = latest;
        long fresh = interval.multipliedBy(INTERVALS_FRESH).toNanos();
        return known == null || System.nanoTime() - known.atNanoTime() > fresh
                ? OptionalLong.empty()
                : OptionalLong.of(known.offsetNanos());
    }

    @Override
    public void close() {
        wakeup.close();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    private void run() {
        try {
            while (!wakeup.isClosed()) {
                measure();
                wakeup.await(wakeup.ticket(), interval.toNanos());
            }
        } catch (InterruptedException closed) {
            // close() wants exactly this
        }
    }

    private void measure() {
        try {
            latest = new Measurement(ask(server).toNanos(), System.nanoTime());
        } catch (IOException e) {
            trouble.log(
                    Level.WARN,
                    "cannot ask NTP server "
                            + server
                            + " for the time: "
                            + e.getMessage()
                            + "; check clock.ntp-server");
        }
    }

    /// Asks once: the server's clock minus this machine's. Returns within three seconds, once the
    /// server's name is resolved.
    ///
    /// @throws IOException if it does not answer, or is not synchronised itself
    public static Duration ask(HostPort server) throws IOException {
        try (var client = new NTPUDPClient()) {
            client.setDefaultTimeout(TIMEOUT);
            long before = System.currentTimeMillis();
            TimeInfo answer = client.getTime(InetAddress.getByName(server.host()), server.port());
            answer.computeDetails();
            Long offset = answer.getOffset();
            if (offset == null || !isSound(answer.getMessage(), before, answer.getReturnTime())) {
                throw new IOException("an answer that is none (expected: a synchronised server)");
            }
            return Duration.ofMillis(offset);
        }
    }

    /// From a synchronised server, and to the question just asked: it repeats our time of sending.
    private static boolean isSound(NtpV3Packet message, long before, long after) {
        long asked = message.getOriginateTimeStamp().getTime();
        return message.getMode() == NtpV3Packet.MODE_SERVER
                && message.getLeapIndicator() != UNSYNCHRONISED
                && message.getStratum() >= 1
                && message.getStratum() <= GREATEST_STRATUM
                && asked >= before - 1
                && asked <= after + 1;
    }
}
