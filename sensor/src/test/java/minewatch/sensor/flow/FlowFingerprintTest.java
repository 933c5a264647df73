package minewatch.sensor.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.decode.PacketHandler;
import minewatch.sensor.decode.PacketView;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowFingerprintTest {
    private final Probe probe = new Probe(FlowFingerprint.randomKey());

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, 10.0.0.2", "10.0.0.2, 10.0.0.1", "255.0.0.1, 1.0.0.1",
        "2001:db8::1, 2001:db8::2", "fe80::1, 2001::1", "2001:db8::2, 2001:db8::1"
    })
    void bothDirectionsHaveOneFingerprintAndOppositeSides(String a, String b) {
        Print there = probe.of(Packets.tcp(a, 1, b, 2));
        Print back = probe.of(Packets.tcp(b, 2, a, 1));

        assertThat(back.high).isEqualTo(there.high);
        assertThat(back.low).isEqualTo(there.low);
        assertThat(back.fromLower).isNotEqualTo(there.fromLower);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 10.0.0.2, 10.0.0.3", "2001:db8::1, 2001:db8::2, 2001:db9::1"})
    void everyPartOfTheKeyCounts(String a, String b, String c) {
        Set<Long> highs = new HashSet<>();

        highs.add(probe.of(Packets.tcp(a, 1, b, 2)).high);
        highs.add(probe.of(Packets.udp(a, 1, b, 2)).high);
        highs.add(probe.of(Packets.tcp(a, 2, b, 1)).high);
        highs.add(probe.of(Packets.tcp(a, 1, b, 3)).high);
        highs.add(probe.of(Packets.tcp(a, 1, c, 2)).high);
        highs.add(probe.of(Packets.tcp(a, 1, b, 2).vlan(0)).high);
        highs.add(probe.of(Packets.tcp(a, 1, b, 2).vlan(1)).high);

        assertThat(highs).hasSize(7);
    }

    @Test
    void neighbouringFlowsSpreadOverTheTable() {
        Set<Long> highs = new HashSet<>();
        Set<Long> lows = new HashSet<>();
        Set<Long> homes = new HashSet<>();
        int flows = 1 << 14;
        for (int i = 0; i < flows; i++) {
            Print print =
                    probe.of(Packets.tcp("10.0.0." + i % 128, 1024 + i / 128, "10.0.1.1", 443));
            highs.add(print.high);
            lows.add(print.low);
            homes.add(print.high & (flows - 1));
        }

        assertThat(highs).hasSize(flows);
        assertThat(lows).hasSize(flows);
        double expected = flows * (1 - Math.exp(-1)); // of as many balls in as many bins
        assertThat((double) homes.size()).isBetween(expected * 0.97, expected * 1.03);
    }

    @Test
    void anotherKeyGivesOtherFingerprints() {
        Packets packet = Packets.tcp("10.0.0.1", 1, "10.0.0.2", 2);

        assertThat(new Probe(FlowFingerprint.randomKey()).of(packet))
                .isNotEqualTo(probe.of(packet));
    }

    private record Print(long high, long low, boolean fromLower) {}

    private static final class Probe implements PacketHandler {
        private final FlowFingerprint fingerprint;
        private final Decoder decoder = new Decoder(this);
        private final MemorySegment block = Arena.ofAuto().allocate(1 << 12);

        Probe(long[] key) {
            fingerprint = new FlowFingerprint(key);
        }

        Print of(Packets packet) {
            byte[] frame = packet.ethernet();
            MemorySegment.copy(frame, 0, block, ValueLayout.JAVA_BYTE, 0, frame.length);
            decoder.onFrame(block, 0, frame.length, frame.length, 0, LinkType.ETHERNET);
            decoder.onBatchEnd();
            return new Print(fingerprint.high(), fingerprint.low(), fingerprint.fromLower());
        }

        @Override
        public void onPacket(PacketView packet) {
            fingerprint.of(packet);
        }

        @Override
        public void onBatchEnd() {
            // the fingerprint was taken at once
        }
    }
}
