package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.StratumDialogue.TimedFrame;
import minewatch.sensor.rehearsal.Encapsulation;
import minewatch.signatures.SignaturePacks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same mining, however the network carries it.
class EncapsulationTest {
    private static final int ETHERNET = 14; // bytes of headers
    private static final int IPV4 = 20;
    private static final int PIECE = 64; // bytes of a datagram in one fragment

    @ParameterizedTest
    @EnumSource
    void minerIsFoundInEveryEncapsulation(Encapsulation encapsulation) {
        boolean ipv6 = !encapsulation.carries(new byte[] {0x45});
        Hit plain = onlyHit(ipv6, ip -> List.of(Encapsulation.ethernet(ip)));

        Hit hit = onlyHit(ipv6, ip -> List.of(encapsulation.frame(ip)));

        assertThat(hit.getVerdict()).isEqualTo(Verdict.MINER);
        assertSame(hit, plain);
    }

    @Test
    void minerIsFoundInFragments() {
        Hit plain = onlyHit(false, ip -> List.of(Encapsulation.ethernet(ip)));

        Hit hit = onlyHit(false, EncapsulationTest::fragments);

        assertThat(hit.getVerdict()).isEqualTo(Verdict.MINER);
        assertSame(hit, plain);
    }

    @Test
    void minerIsFoundInFragmentsInsideATunnel() {
        Hit plain = onlyHit(false, ip -> List.of(Encapsulation.ethernet(ip)));

        Hit hit =
                onlyHit(
                        false,
                        ip ->
                                fragments(ip).stream()
                                        .map(EncapsulationTest::packet)
                                        .map(Encapsulation.GTP::frame)
                                        .toList());

        assertSame(hit, plain);
    }

    private static void assertSame(Hit hit, Hit plain) {
        assertThat(hit.getSourceIp()).isEqualTo(plain.getSourceIp());
        assertThat(hit.getProtocolsList()).isEqualTo(plain.getProtocolsList());
        assertThat(hit.getEvidenceList()).isEqualTo(plain.getEvidenceList());
        assertThat(hit.getShares()).isEqualTo(plain.getShares());
        assertThat(hit.getAlgorithmsList()).isEqualTo(plain.getAlgorithmsList());
    }

    /// @param carried the frames that carry an IP packet
    private static Hit onlyHit(boolean ipv6, Function<byte[], List<byte[]>> carried) {
        String miner = ipv6 ? "2001:db8:7::9" : "10.7.0.9";
        String pool = ipv6 ? "2001:db8:8::1" : "198.51.100.1";
        List<TimedFrame> frames =
                new StratumDialogue(miner, 40_000, pool)
                        .login(0)
                        .share(10)
                        .share(25)
                        .share(40)
                        .drain();
        try (Tap tap = new Tap(SignaturePacks.builtIn())) {
            double second = 0;
            for (TimedFrame frame : frames) {
                second += 0.1;
                for (byte[] one : carried.apply(packet(frame.bytes()))) {
                    tap.at(second, one);
                }
            }
            List<Hit> hits = tap.hits();
            assertThat(hits).hasSize(1);
            return hits.getFirst();
        }
    }

    private static byte[] packet(byte[] ethernet) {
        ByteBuffer frame = ByteBuffer.wrap(ethernet);
        boolean ipv4 = ethernet[ETHERNET] >> 4 == 4;
        int length = ipv4 ? frame.getShort(ETHERNET + 2) : 40 + frame.getShort(ETHERNET + 4);
        return Arrays.copyOfRange(ethernet, ETHERNET, ETHERNET + length);
    }

    private static List<byte[]> fragments(byte[] ip) {
        List<byte[]> frames = new ArrayList<>();
        for (int from = IPV4; from < ip.length; from += PIECE) {
            int length = Math.min(PIECE, ip.length - from);
            boolean more = from + length < ip.length;
            byte[] fragment = Arrays.copyOf(ip, IPV4 + length);
            System.arraycopy(ip, from, fragment, IPV4, length);
            ByteBuffer.wrap(fragment)
                    .putShort(2, (short) fragment.length)
                    .putShort(6, (short) ((from - IPV4) / 8 | (more ? 0x2000 : 0)));
            frames.add(Encapsulation.ethernet(fragment));
        }
        return frames;
    }
}
