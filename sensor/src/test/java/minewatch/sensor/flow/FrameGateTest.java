package minewatch.sensor.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameGateTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /// @param opens whether the flow is seen from its SYN on
    private static boolean passes(byte[] payload, boolean opens) {
        try (Flows flows = new Flows()) {
            if (opens) {
                flows.at(1, from(1).flags(Packets.SYN));
            }
            flows.at(2, from(1).payload(payload));
            return !flows.events.isEmpty();
        }
    }

    private static Packets from(int port) {
        return Packets.tcp("10.0.0.1", port, "10.0.0.2", 2000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f 04 0600 0300", // BTCAgent: a rig leaves
                "7f 02 0f00 07 0300 01000000 02000000",
                "00 00 00 780000 00 0200 0200 00", // Stratum V2: setup
                "00 80 1a 180000 01000000", // a share
                "f9beb4d9 70696e67 00000000 00000000 08000000 00000000", // Bitcoin: ping
                "01020304 7665726163 6b 0000 00000000 00000000 5df6e0e2", // of an unknown network
                "01 21 01 01 01 01 01 01", // Levin
                "4a4f422c 6162", // JOB,ab
            })
    void whatStartsLikeAFramePasses(String payload) {
        assertThat(passes(hex(payload), false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f 45 4c 46 02 01 01 00", // an ELF file
                "7f 02 0e00 07 0300",
                "00 00 00 55 ff 53 4d 42 72 00", // SMB over NetBIOS
                "00 80 1a 190000 01000000",
                "00 1d 12 34 01 00 00 01 00 00 00 00", // DNS over TCP
                "16 03 01 02 00 01 00 01 fc 03 03", // TLS
                "01 21 01 01 01 01 01 02",
                "f9beb4d9 50494e47 00000000 00000000 08000000 00000000",
            })
    void whatIsSomethingElseDoesNot(String payload) {
        assertThat(passes(hex(payload), true)).isFalse();
    }

    @Test
    void twoHashesAndACommaAfterEachPass() {
        String hash = "8ac9a1be16dd4f40e9f33f0ab7fcc1ae9d8c8d59";
        assertThat(passes((hash + "," + hash + ",2300\n").getBytes(ISO_8859_1), false)).isTrue();
        assertThat(passes((hash + " " + hash + ",2300\n").getBytes(ISO_8859_1), false)).isFalse();
    }

    @Test
    void sixtyFourRandomBytesPassOnlyWhereTheyOpenAFlow() {
        byte[] random = new byte[64];
        new Random(1).nextBytes(random);
        random[0] = (byte) 0x99;
        byte[] text =
                "the quick brown fox jumps over the lazy dog, again and again, ab"
                        .getBytes(ISO_8859_1);
        assertThat(passes(random, true)).isTrue();
        assertThat(passes(random, false)).isFalse();
        assertThat(passes(Arrays.copyOf(text, 64), true)).isFalse();
        assertThat(passes(Arrays.copyOf(random, 63), true)).isFalse();
    }

    @Test
    void nearlyNoRandomPayloadPasses() {
        Random random = new Random(2);
        try (Flows flows = new Flows()) {
            for (int i = 0; i < 20_000; i++) {
                byte[] payload = new byte[200 + random.nextInt(1000)];
                random.nextBytes(payload);
                flows.at(1, from(i).payload(payload));
            }
            // some start like JSON, by chance
            assertThat(flows.events).hasSizeLessThan(20);
        }
    }

    @Test
    void datagramsOfNodeDiscoveryPass() {
        byte[] ping = new byte[126];
        new Random(3).nextBytes(ping);
        ping[96] = 1;
        ping[97] = 1;
        ping[98] = (byte) (0xC0 + 27);
        byte[] other = ping.clone();
        other[96] = 2;
        try (Flows flows = new Flows()) {
            flows.at(1, Packets.udp("10.0.0.1", 30303, "10.0.0.2", 30303).payload(other));
            assertThat(flows.events).isEmpty();
            flows.at(2, Packets.udp("10.0.0.1", 30303, "10.0.0.2", 30303).payload(ping));
            assertThat(flows.events).hasSize(1);
        }
    }
}
