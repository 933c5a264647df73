package minewatch.sensor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class DecoderFuzzTest {
    private static final int[] LINK_TYPES = {
        LinkType.ETHERNET,
        LinkType.RAW,
        LinkType.LINUX_SLL,
        LinkType.LINUX_SLL2,
        LinkType.NULL,
        LinkType.LOOP,
        LinkType.PPP,
        LinkType.PPP_HDLC,
        LinkType.CISCO_HDLC,
        LinkType.WIFI,
        LinkType.WIFI_RADIOTAP,
        LinkType.PPI,
        LinkType.IPV4,
        LinkType.IPV6,
        147
    };

    /// Any bytes count once, and a payload lies inside its frame (else reading it would throw).
    @FuzzTest(maxDuration = "10s")
    void anyFrameCountsExactlyOnce(FuzzedDataProvider data) {
        int linkType = data.pickValue(LINK_TYPES);
        int beyond = data.consumeInt(0, 2000); // octets that were not captured
        byte[] frame = data.consumeBytes(1 << 16);
        Decoding decoding = new Decoding();

        decoding.frame(linkType, frame, frame.length + beyond);

        assertCountedOnce(decoding, frame.length, beyond);
    }

    static void assertCountedOnce(Decoding decoding, int length, int beyond) {
        assertThat(decoding.balances()).isTrue();
        assertThat(decoding.decoder.frames()).isEqualTo(1);
        for (Decoding.Decoded packet : decoding.packets) {
            assertThat(packet.payloadLength()).isBetween(0, length);
            assertThat(packet.payloadWireLength())
                    .isBetween(packet.payloadLength(), length + beyond);
            assertThat(packet.ipLength()).isBetween(20, length + beyond);
        }
    }
}
