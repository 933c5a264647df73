package minewatch.sensor.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import minewatch.sensor.rehearsal.Encapsulation;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {
    private static final byte[] HELLO = "hello".getBytes(US_ASCII);
    private static final byte[] EIGHT_BYTE_EXTENSION = new byte[7];

    private final Decoding decoding = new Decoding();

    @Test
    void tcpOverIpv4GivesEveryField() {
        decoding.frame(LinkType.ETHERNET, tcp4().flags(Packets.PSH | Packets.ACK).ethernet());

        Decoding.Decoded packet = decoding.only();
        assertThat(packet.ipVersion()).isEqualTo(4);
        assertThat(packet.protocol()).isEqualTo(PacketView.PROTOCOL_TCP);
        assertThat(packet.sourceHigh()).isZero();
        assertThat(packet.sourceLow()).isEqualTo(0x0000_FFFF_0A00_0001L);
        assertThat(packet.sourcePort()).isEqualTo(51234);
        assertThat(packet.destinationLow()).isEqualTo(0x0000_FFFF_FFFE_0002L);
        assertThat(packet.destinationPort()).isEqualTo(3333);
        assertThat(packet.vlan()).isEqualTo(PacketView.NO_VLAN);
        assertThat(packet.tcpFlags()).isEqualTo(PacketView.TCP_PSH | PacketView.TCP_ACK);
        assertThat(packet.ipLength()).isEqualTo(45);
        assertThat(packet.payload()).isEqualTo(HELLO);
        assertThat(packet.payloadWireLength()).isEqualTo(5);
    }

    @Test
    void udpOverIpv6GivesEveryField() {
        decoding.frame(LinkType.ETHERNET, udp6().ethernet());

        Decoding.Decoded packet = decoding.only();
        assertThat(packet.ipVersion()).isEqualTo(6);
        assertThat(packet.protocol()).isEqualTo(PacketView.PROTOCOL_UDP);
        assertThat(packet.sourceHigh()).isEqualTo(0x2001_0DB8_0000_0000L);
        assertThat(packet.sourceLow()).isEqualTo(1);
        assertThat(packet.destinationLow()).isEqualTo(2);
        assertThat(packet.sourcePort()).isEqualTo(5000);
        assertThat(packet.destinationPort()).isEqualTo(53);
        assertThat(packet.ipLength()).isEqualTo(53);
        assertThat(packet.payload()).isEqualTo(HELLO);
    }

    @Test
    void ethernetPaddingIsNoPayload() {
        byte[] frame = tcp4().payload("").ethernet();

        assertThat(frame).hasSize(60);
        assertThat(decoding.frame(LinkType.ETHERNET, frame).only().payloadLength()).isZero();
    }

    @Test
    void everyLinkTypeLeadsToTheSamePacket() {
        decoding.frame(LinkType.ETHERNET, tcp4().ethernet())
                .frame(LinkType.LINUX_SLL, tcp4().linuxSll())
                .frame(LinkType.LINUX_SLL2, tcp4().linuxSll2())
                .frame(LinkType.RAW, tcp4().ip())
                .frame(LinkType.RAW_BSD, tcp4().ip())
                .frame(LinkType.RAW_OPENBSD, tcp4().ip())
                .frame(LinkType.IPV4, tcp4().ip())
                .frame(LinkType.NULL, tcp4().family(2, true))
                .frame(LinkType.NULL, tcp4().family(2, false))
                .frame(LinkType.LOOP, tcp4().family(2, false))
                .frame(LinkType.PPP, tcp4().ppp())
                .frame(LinkType.PPP, Arrays.copyOfRange(tcp4().ppp(), 2, tcp4().ppp().length))
                .frame(LinkType.PPP, Arrays.copyOfRange(tcp4().ppp(), 3, tcp4().ppp().length))
                .frame(LinkType.PPP_HDLC, tcp4().ppp());

        assertThat(decoding.packets).hasSize(14);
        assertThat(decoding.packets)
                .usingRecursiveFieldByFieldElementComparator()
                .containsOnly(decoding.packets.getFirst());
    }

    @Test
    void everyLinkTypeLeadsToTheSameIpv6Packet() {
        decoding.frame(LinkType.ETHERNET, udp6().ethernet())
                .frame(LinkType.LINUX_SLL, udp6().linuxSll())
                .frame(LinkType.LINUX_SLL2, udp6().linuxSll2())
                .frame(LinkType.RAW, udp6().ip())
                .frame(LinkType.IPV6, udp6().ip())
                .frame(LinkType.NULL, udp6().family(30, true))
                .frame(LinkType.LOOP, udp6().family(24, false))
                .frame(LinkType.PPP, udp6().ppp());

        assertThat(decoding.packets).hasSize(8);
        assertThat(decoding.packets)
                .usingRecursiveFieldByFieldElementComparator()
                .containsOnly(decoding.packets.getFirst());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x8100, 0x88A8, 0x9100})
    void outermostOfFourTagsIsTheVlan(int etherType) {
        byte[] frame =
                tcp4().vlanEtherType(etherType).vlan(7).vlan(8).vlan(9).vlan(4095).ethernet();

        assertThat(decoding.frame(LinkType.ETHERNET, frame).only().vlan()).isEqualTo(7);
        assertThat(decoding.only().payload()).isEqualTo(HELLO);
    }

    @Test
    void fiveTagsAreTooDeep() {
        byte[] frame = tcp4().vlan(1).vlan(2).vlan(3).vlan(4).vlan(5).ethernet();

        assertAnomaly(DecodeAnomaly.VLAN_TOO_DEEP, LinkType.ETHERNET, frame);
    }

    @Test
    void ipv4AndTcpOptionsAreSkipped() {
        byte[] frame = tcp4().ipv4Options(new byte[40]).tcpOptions(new byte[40]).ethernet();

        assertThat(decoding.frame(LinkType.ETHERNET, frame).only().payload()).isEqualTo(HELLO);
    }

    @Test
    void totalLengthOfZeroMeansTheRestOfTheFrame() {
        byte[] payload = new byte[3000];

        decoding.frame(LinkType.ETHERNET, tcp4().payload(payload).announcedLength(0).ethernet());

        assertThat(decoding.only().payloadLength()).isEqualTo(3000);
    }

    @Test
    void ipv6PayloadLengthOfZeroMeansTheRestOfTheFrame() {
        decoding.frame(LinkType.RAW, udp6().announcedLength(0).ip());

        assertThat(decoding.only().payloadLength()).isEqualTo(5);
    }

    @Test
    void snapLengthLeavesWhatIsHeldAndWhatThereWas() {
        byte[] frame = tcp4().payload(new byte[1000]).ethernet();

        decoding.frame(LinkType.ETHERNET, Arrays.copyOf(frame, 54 + 100), frame.length);

        assertThat(decoding.only().payloadLength()).isEqualTo(100);
        assertThat(decoding.only().payloadWireLength()).isEqualTo(1000);
    }

    @Test
    void snapLengthInsideTcpOptionsLeavesNoPayload() {
        byte[] frame = tcp4().tcpOptions(new byte[40]).payload(new byte[1000]).ethernet();

        decoding.frame(LinkType.ETHERNET, Arrays.copyOf(frame, 54 + 12), frame.length);

        assertThat(decoding.only().payloadLength()).isZero();
        assertThat(decoding.only().payloadWireLength()).isEqualTo(1000);
    }

    @Test
    void lengthBeyondTheWireIsHeldToTheWire() {
        decoding.frame(LinkType.RAW, tcp4().announcedLength(1500).ip());

        assertThat(decoding.only().payloadLength()).isEqualTo(5);
        assertThat(decoding.only().payloadWireLength()).isEqualTo(5);
        assertThat(decoding.only().ipLength()).isEqualTo(45);
    }

    @Test
    void ipv6ExtensionHeadersAreWalked() {
        byte[] ah = new byte[23];
        ah[0] = 4; // (4 + 2) words
        byte[] frame =
                udp6().extension(0, EIGHT_BYTE_EXTENSION)
                        .extension(43, EIGHT_BYTE_EXTENSION)
                        .extension(60, EIGHT_BYTE_EXTENSION)
                        .extension(51, ah)
                        .ethernet();

        decoding.frame(LinkType.ETHERNET, frame);

        assertThat(decoding.only().protocol()).isEqualTo(PacketView.PROTOCOL_UDP);
        assertThat(decoding.only().payload()).isEqualTo(HELLO);
    }

    @Test
    void nineExtensionHeadersAreTooMany() {
        Packets eight = udp6();
        Packets nine = udp6();
        for (int i = 0; i < 8; i++) {
            eight.extension(60, EIGHT_BYTE_EXTENSION);
            nine.extension(60, EIGHT_BYTE_EXTENSION);
        }
        nine.extension(60, EIGHT_BYTE_EXTENSION);

        decoding.frame(LinkType.ETHERNET, eight.ethernet());
        assertThat(decoding.only().payload()).isEqualTo(HELLO);
        decoding.packets.clear();
        assertAnomaly(DecodeAnomaly.IPV6_TOO_MANY_EXTENSIONS, LinkType.ETHERNET, nine.ethernet());
    }

    @Test
    void firstFragmentIsDecodedAndCounted() {
        decoding.frame(LinkType.ETHERNET, tcp4().fragment(0, true).ethernet())
                .frame(LinkType.ETHERNET, udp6().fragment(0, true).ethernet());

        assertThat(decoding.packets)
                .allSatisfy(p -> assertThat(p.payload()).isEqualTo(HELLO))
                .noneMatch(Decoding.Decoded::laterFragment);
        assertThat(decoding.decoder.firstFragments()).isEqualTo(2);
        assertThat(decoding.decoder.laterFragments()).isZero();
    }

    @Test
    void laterFragmentHasNoPortsAndNoPayload() {
        decoding.frame(LinkType.ETHERNET, tcp4().fragment(100, true).ethernet())
                .frame(LinkType.ETHERNET, udp6().fragment(100, false).ethernet());

        assertThat(decoding.packets)
                .hasSize(2)
                .allMatch(Decoding.Decoded::laterFragment)
                .allMatch(p -> p.sourcePort() == 0 && p.destinationPort() == 0)
                .allMatch(p -> p.payloadWireLength() == 0);
        assertThat(decoding.packets)
                .extracting(Decoding.Decoded::protocol)
                .containsExactly(PacketView.PROTOCOL_TCP, PacketView.PROTOCOL_UDP);
        assertThat(decoding.decoder.laterFragments()).isEqualTo(2);
    }

    @Test
    void tcpAfterALaterFragmentIsNoFragment() {
        byte[] fragment = tcp4().fragment(100, true).ethernet();
        for (int i = 0; i < Decoder.BATCH; i++) {
            decoding.frame(LinkType.ETHERNET, fragment);
        }
        decoding.packets.clear();

        assertThat(decoding.frame(LinkType.ETHERNET, tcp4().ethernet()).only().laterFragment())
                .isFalse();
    }

    @Test
    void otherProtocolsHaveNoPortsButAPayload() {
        byte[] frame = Packets.ip(1, "10.0.0.1", "10.0.0.2").payload("12345678").ethernet();

        Decoding.Decoded packet = decoding.frame(LinkType.ETHERNET, frame).only();

        assertThat(packet.protocol()).isEqualTo(1);
        assertThat(packet.sourcePort()).isZero();
        assertThat(packet.payloadLength()).isEqualTo(8);
    }

    @Test
    void udpLengthEndsThePayload() {
        byte[] packet = Packets.udp("10.0.0.1", 1, "10.0.0.2", 2).payload("hello").ip();
        packet[25] = 8 + 3;

        assertThat(decoding.frame(LinkType.RAW, packet).only().payloadLength()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0806, ARP", "8035, ARP", "8863, PPPOE", "88CC, LLDP", "0026, LLC", "6003, OTHER"})
    void otherEtherTypesAreCountedByName(String etherType, NonIpFrame kind) {
        byte[] frame = tcp4().ethernet();
        int type = Integer.parseInt(etherType, 16);
        frame[12] = (byte) (type >> 8);
        frame[13] = (byte) type;

        decoding.frame(LinkType.ETHERNET, frame);

        assertThat(decoding.decoder.nonIpFrames(kind)).isEqualTo(1);
        assertThat(decoding.balances()).isTrue();
    }

    @Test
    void truncatedHeadersAreCountedNotThrown() {
        byte[] tcp = tcp4().ethernet();
        byte[] udp = udp6().ethernet();
        assertAnomaly(DecodeAnomaly.LINK_TRUNCATED, LinkType.ETHERNET, cut(tcp, 13));
        assertAnomaly(DecodeAnomaly.LINK_TRUNCATED, LinkType.RAW, new byte[0]);
        assertAnomaly(DecodeAnomaly.LINK_TRUNCATED, LinkType.LINUX_SLL, new byte[15]);
        assertAnomaly(DecodeAnomaly.LINK_TRUNCATED, LinkType.LINUX_SLL2, new byte[19]);
        assertAnomaly(DecodeAnomaly.LINK_TRUNCATED, LinkType.NULL, new byte[3]);
        assertAnomaly(DecodeAnomaly.LINK_TRUNCATED, LinkType.PPP, new byte[1]);
        assertAnomaly(DecodeAnomaly.LINK_UNSUPPORTED, 147, tcp);
        assertAnomaly(
                DecodeAnomaly.VLAN_TRUNCATED,
                LinkType.ETHERNET,
                cut(tcp4().vlan(1).ethernet(), 17));
        assertAnomaly(DecodeAnomaly.IPV4_TRUNCATED, LinkType.ETHERNET, cut(tcp, 33));
        assertAnomaly(
                DecodeAnomaly.IPV4_TRUNCATED,
                LinkType.ETHERNET,
                cut(tcp4().ipv4Options(new byte[8]).ethernet(), 41));
        assertAnomaly(DecodeAnomaly.IPV6_TRUNCATED, LinkType.ETHERNET, cut(udp, 53));
        assertAnomaly(
                DecodeAnomaly.IPV6_EXTENSION_TRUNCATED,
                LinkType.ETHERNET,
                cut(udp6().extension(60, EIGHT_BYTE_EXTENSION).ethernet(), 61));
        assertAnomaly(DecodeAnomaly.TCP_TRUNCATED, LinkType.ETHERNET, cut(tcp, 53));
        assertAnomaly(DecodeAnomaly.UDP_TRUNCATED, LinkType.ETHERNET, cut(udp, 61));
    }

    @Test
    void impossibleFieldsAreCountedNotThrown() {
        assertAnomaly(DecodeAnomaly.IP_BAD_VERSION, LinkType.RAW, changed(tcp4(), 0, 0x55));
        assertAnomaly(DecodeAnomaly.IPV4_BAD_VERSION, LinkType.IPV4, changed(tcp4(), 0, 0x65));
        assertAnomaly(DecodeAnomaly.IPV4_BAD_HEADER_LENGTH, LinkType.RAW, changed(tcp4(), 0, 0x44));
        assertAnomaly(DecodeAnomaly.IPV4_BAD_TOTAL_LENGTH, LinkType.RAW, changed(tcp4(), 3, 19));
        assertAnomaly(DecodeAnomaly.IPV6_BAD_VERSION, LinkType.IPV6, changed(udp6(), 0, 0x45));
        assertAnomaly(DecodeAnomaly.AH_TRUNCATED, LinkType.RAW, changed(tcp4(), 9, 51));
        assertAnomaly(DecodeAnomaly.TCP_BAD_HEADER_LENGTH, LinkType.RAW, changed(tcp4(), 32, 0x40));
        assertAnomaly(DecodeAnomaly.TCP_BAD_HEADER_LENGTH, LinkType.RAW, changed(tcp4(), 32, 0xF0));
        assertAnomaly(DecodeAnomaly.UDP_BAD_LENGTH, LinkType.RAW, changed(udp6(), 45, 7));
    }

    @Test
    void decodingAllocatesNothing() {
        List<byte[]> frames =
                List.of(
                        tcp4().ethernet(),
                        tcp4().vlan(3).vlan(4).ethernet(),
                        udp6().ethernet(),
                        udp6().extension(60, EIGHT_BYTE_EXTENSION).ethernet(),
                        tcp4().fragment(9, false).ethernet(),
                        Encapsulation.VXLAN.frame(tcp4().ip()),
                        Encapsulation.GTP_EXTENSIONS.frame(tcp4().ip()),
                        Encapsulation.ERSPAN_3.frame(udp6().ip()),
                        Encapsulation.MPLS_CONTROL_WORD.frame(tcp4().ip()),
                        Encapsulation.VXLAN.frame(changed(tcp4(), 32, 0x40)),
                        tcp4().fragment(0, true).ethernet(),
                        cut(tcp4().ethernet(), 40),
                        new byte[60]);
        MemorySegment block = Arena.ofAuto().allocate(frames.size() * 256L);
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            MemorySegment.copy(frame, 0, block, ValueLayout.JAVA_BYTE, i * 256L, frame.length);
        }
        int[] lengths = frames.stream().mapToInt(f -> f.length).toArray();
        CountingHandler counted = new CountingHandler();
        Decoder decoder = new Decoder(counted);

        // While the compiler is at work, code that falls back to the interpreter may allocate.
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 5 && allocated != 0; round++) {
            allocated = allocatedBy(() -> replay(decoder, block, lengths, 1_000_000));
        }

        assertThat(allocated).isZero();
        assertThat(counted.octets).isPositive();
    }

    private static long allocatedBy(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void replay(Decoder decoder, MemorySegment block, int[] lengths, int count) {
        for (int i = 0; i < count; i++) {
            int frame = i % lengths.length;
            int length = lengths[frame];
            decoder.onFrame(block, frame * 256L, length, length, i, LinkType.ETHERNET);
        }
        decoder.onBatchEnd();
    }

    private void assertAnomaly(DecodeAnomaly kind, int linkType, byte[] frame) {
        long before = decoding.decoder.anomalies(kind);

        decoding.frame(linkType, frame);

        assertThat(decoding.packets).isEmpty();
        assertThat(decoding.decoder.anomalies(kind)).as(kind.label()).isEqualTo(before + 1);
        assertThat(decoding.balances()).isTrue();
    }

    private static Packets tcp4() {
        return Packets.tcp("10.0.0.1", 51234, "255.254.0.2", 3333).payload(HELLO);
    }

    private static Packets udp6() {
        return Packets.udp("2001:db8::1", 5000, "2001:db8::2", 53).payload(HELLO);
    }

    private static byte[] cut(byte[] frame, int length) {
        return Arrays.copyOf(frame, length);
    }

    private static byte[] changed(Packets packet, int at, int value) {
        byte[] bytes = packet.ip();
        bytes[at] = (byte) value;
        return bytes;
    }

    private static final class CountingHandler implements PacketHandler {
        @SuppressWarnings("UnusedVariable") // keeps the reads from being optimised away
        private long octets;

        @Override
        public void onPacket(PacketView packet) {
            octets += packet.payloadLength();
        }

        @Override
        public void onBatchEnd() {
            octets++;
        }
    }
}
