package minewatch.sensor.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Needs libpcap and the right to capture on the loopback interface.
class PcapLiveTest {
    private static final byte[] MARK = "minewatch live test".getBytes(US_ASCII);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    private final CollectedFrames collected = new CollectedFrames();

    @Test
    void trafficOfAnInterfaceIsDelivered() throws IOException {
        long before = System.currentTimeMillis() * 1_000_000;
        long deadline = System.nanoTime() + PATIENCE;

        try (PcapLive live = openLoopback();
                DatagramSocket sender = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            live.run(() -> {
                send(sender);
                return hasMark() || System.nanoTime() - deadline > 0;
            });
        }

        CollectedFrames.Frame frame =
                collected.frames.stream()
                        .filter(PcapLiveTest::endsWithMark)
                        .findFirst()
                        .orElseThrow();
        assertThat(frame.linkType()).isEqualTo(1);
        assertThat(frame.wireLength()).isEqualTo(frame.bytes().length);
        assertThat(frame.timestampNanos()).isBetween(before - PATIENCE, before + 2 * PATIENCE);
    }

    @Test
    void readingEndsWhenAskedWhateverTheTraffic() throws IOException {
        int[] asked = {0};

        try (PcapLive live = openLoopback()) {
            live.run(() -> ++asked[0] == 5);
        }

        assertThat(asked[0]).isEqualTo(5);
    }

    @Test
    void missingInterfaceIsSaidWithARemedy() throws IOException {
        openLoopback().close();

        assertThatThrownBy(() -> PcapLive.open(LiveConfig.of("none0", 0), collected))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot open none0: no such interface");
    }

    private PcapLive openLoopback() {
        try {
            return PcapLive.open(LiveConfig.of("lo", 0), collected);
        } catch (IOException e) {
            return abort("no live capture here: " + e.getMessage());
        }
    }

    private boolean hasMark() {
        return collected.frames.stream().anyMatch(PcapLiveTest::endsWithMark);
    }

    private static boolean endsWithMark(CollectedFrames.Frame frame) {
        return new String(frame.bytes(), US_ASCII).endsWith(new String(MARK, US_ASCII));
    }

    /// To its own socket, so that nobody else is bothered.
    private static void send(DatagramSocket sender) {
        try {
            sender.send(
                    new DatagramPacket(
                            MARK, MARK.length, sender.getLocalAddress(), sender.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
