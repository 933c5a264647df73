package minewatch.sensor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WirelessTest {
    private static final String ADDRESSES = "020000000001 020000000002 020000000003";
    private static final String SNAP = "AAAA03000000 0800";
    private static final String PLAIN = "0801 0000 " + ADDRESSES + "1000";

    private final Decoding decoding = new Decoding();

    @ParameterizedTest
    @ValueSource(
            strings = {
                PLAIN,
                "0803 0000 " + ADDRESSES + "1000 020000000004", // between access points
                "8801 0000 " + ADDRESSES + "1000 0000", // QoS
                "8881 0000 " + ADDRESSES + "1000 0000 00000000" // and high throughput
            })
    void dataFramesLeadToTheirPacket(String header) {
        byte[] frame = frame(header + SNAP);

        decoding.frame(LinkType.WIFI, frame)
                .frame(LinkType.WIFI_RADIOTAP, frame("00000800 00000000" + header + SNAP))
                .frame(
                        LinkType.WIFI_RADIOTAP,
                        frame("00001200 03000080 00000000" + "00".repeat(6) + header + SNAP))
                .frame(LinkType.PPI, frame("00000800 69000000" + header + SNAP));

        assertThat(decoding.packets).hasSize(4).allMatch(p -> p.destinationPort() == 3333);
    }

    @Test
    void paddedHeaderIsSkippedWhole() {
        String header = "8801 0000 " + ADDRESSES + "1000 0000 0000"; // 26 bytes, padded to 28

        decoding.frame(LinkType.WIFI_RADIOTAP, frame("00000900 02000000 20" + header + SNAP));

        assertThat(decoding.only().destinationPort()).isEqualTo(3333);
    }

    @ParameterizedTest
    @CsvSource({"8000, WIFI", "D400, WIFI", "4801, WIFI", "0841, WIFI_ENCRYPTED"})
    void whatHoldsNoDataToReadIsCountedByName(String control, NonIpFrame kind) {
        decoding.frame(LinkType.WIFI, frame(control + "0000" + ADDRESSES + "1000" + SNAP));

        assertThat(decoding.decoder.nonIpFrames(kind)).isEqualTo(1);
    }

    @Test
    void aggregatesAndLaterFragmentsAreCountedByName() {
        decoding.frame(LinkType.WIFI, frame("8801 0000 " + ADDRESSES + "1000 8000" + SNAP))
                .frame(LinkType.WIFI, frame("0801 0000 " + ADDRESSES + "1100" + SNAP))
                .frame(LinkType.WIFI, frame(PLAIN + "4242030000000000"));

        assertThat(decoding.decoder.nonIpFrames(NonIpFrame.WIFI_AGGREGATE)).isEqualTo(1);
        assertThat(decoding.decoder.nonIpFrames(NonIpFrame.WIFI)).isEqualTo(1);
        assertThat(decoding.decoder.nonIpFrames(NonIpFrame.LLC)).isEqualTo(1);
        assertThat(decoding.balances()).isTrue();
    }

    @Test
    void lyingHeaderLengthsAreCountedNotThrown() {
        for (int linkType : new int[] {LinkType.WIFI_RADIOTAP, LinkType.PPI}) {
            decoding.frame(linkType, HexFormat.of().parseHex("0000FFFF69000000"))
                    .frame(linkType, HexFormat.of().parseHex("0000000069000000"))
                    .frame(linkType, HexFormat.of().parseHex("0000080069000000"));
        }
        decoding.frame(LinkType.WIFI_RADIOTAP, HexFormat.of().parseHex("00000C00FFFFFFFFFFFFFFFF"));

        assertThat(decoding.decoder.anomalies(DecodeAnomaly.LINK_TRUNCATED)).isEqualTo(7);
    }

    @Test
    void ciscoFramingNamesItsEtherType() {
        decoding.frame(LinkType.CISCO_HDLC, frame("0F00 0800"))
                .frame(LinkType.PPP_HDLC, frame("0F00 0800"));

        assertThat(decoding.packets).hasSize(2).allMatch(p -> p.destinationPort() == 3333);
    }

    private static byte[] frame(String header) {
        byte[] before = HexFormat.of().parseHex(header.replace(" ", ""));
        byte[] packet = Packets.tcp("10.0.0.1", 51234, "10.0.0.2", 3333).payload("hello").ip();
        return ByteBuffer.allocate(before.length + packet.length).put(before).put(packet).array();
    }
}
