package minewatch.sensor.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import minewatch.config.HostPort;
import org.apache.commons.net.ntp.NtpV3Impl;
import org.apache.commons.net.ntp.NtpV3Packet;
import org.apache.commons.net.ntp.TimeStamp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against a small NTP server on loopback that is 90 s ahead.
@Timeout(30)
class ClockOffsetTest {
    private static final long AHEAD_MILLIS = 90_000;

    private final DatagramSocket socket = open();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile int stratum = 2;
    private volatile long originateShift;

    @BeforeEach
    void serve() {
        Thread.ofVirtual().start(this::answer);
    }

    @AfterEach
    void stop() {
        socket.close();
    }

    @Test
    void offsetOfTheServerIsMeasured() {
        try (var offset = offset()) {
            offset.start();
            await().until(() -> offset.nanos().isPresent());
            assertThat(Duration.ofNanos(offset.nanos().getAsLong()))
                    .isBetween(
                            Duration.ofMillis(AHEAD_MILLIS - 500),
                            Duration.ofMillis(AHEAD_MILLIS + 500));
        }
    }

    @Test
    void serverThatIsNotSynchronisedIsNotBelieved() {
        stratum = 0;
        assertNothingIsKnownAfterAnswers();
    }

    @Test
    void answerToAnotherQuestionIsNotBelieved() {
        originateShift = -3_600_000;
        assertNothingIsKnownAfterAnswers();
    }

    private void assertNothingIsKnownAfterAnswers() {
        try (var offset = offset()) {
            offset.start();
            await().until(() -> answered.get() >= 2);
            assertThat(offset.nanos()).isEmpty();
        }
    }

    private ClockOffset offset() {
        return new ClockOffset(
                new HostPort("127.0.0.1", socket.getLocalPort()), Duration.ofMillis(50));
    }

    private void answer() {
        try {
            while (!socket.isClosed()) {
                var bytes = new byte[48];
                var datagram = new DatagramPacket(bytes, bytes.length);
                socket.receive(datagram);
                var answer = answerTo(datagram).getDatagramPacket();
                answer.setSocketAddress(datagram.getSocketAddress());
                socket.send(answer);
                answered.incrementAndGet();
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private NtpV3Packet answerTo(DatagramPacket datagram) {
        var question = new NtpV3Impl();
        question.setDatagramPacket(datagram);
        var now = TimeStamp.getNtpTime(System.currentTimeMillis() + AHEAD_MILLIS);
        var answer = new NtpV3Impl();
        answer.setMode(NtpV3Packet.MODE_SERVER);
        answer.setVersion(NtpV3Packet.VERSION_3);
        answer.setStratum(stratum);
        answer.setOriginateTimeStamp(
                TimeStamp.getNtpTime(question.getTransmitTimeStamp().getTime() + originateShift));
        answer.setReceiveTimeStamp(now);
        answer.setTransmitTime(now);
        return answer;
    }

    private static DatagramSocket open() {
        try {
            return new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
