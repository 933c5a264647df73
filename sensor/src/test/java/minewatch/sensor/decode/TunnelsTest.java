package minewatch.sensor.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import minewatch.sensor.rehearsal.Encapsulation;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelsTest {
    private static final int IP_AT = 14; // in an Ethernet frame
    private static final int TUNNEL_AT = IP_AT + 20;
    private static final int UDP_TUNNEL_AT = TUNNEL_AT + 8;

    private final Decoding decoding = new Decoding();

    @ParameterizedTest
    @EnumSource
    void innerIpv4PacketIsTheView(Encapsulation encapsulation) {
        assumeThat(encapsulation.carries(tcp4().ip())).isTrue();

        assertInner(encapsulation, tcp4());
    }

    @ParameterizedTest
    @EnumSource
    void innerIpv6PacketIsTheView(Encapsulation encapsulation) {
        assertInner(encapsulation, udp6());
    }

    private void assertInner(Encapsulation encapsulation, Packets inner) {
        Decoding.Decoded plain = new Decoding().frame(LinkType.RAW, inner.ip()).only();

        decoding.frame(LinkType.ETHERNET, encapsulation.frame(inner.ip()));

        assertThat(decoding.only())
                .usingRecursiveComparison()
                .ignoringFields("tunnels")
                .isEqualTo(plain);
        assertThat(decoding.only().tunnels() > 0)
                .isEqualTo(!encapsulation.name().matches("MPLS|PPPOE|PPPOE_MPLS|SNAP"));
    }

    @ParameterizedTest
    @EnumSource
    void cutAnywhereItEndsOnce(Encapsulation encapsulation) {
        byte[] frame = encapsulation.frame(udp6().ip());
        for (int length = 0; length < frame.length; length++) {
            decoding.frame(LinkType.ETHERNET, Arrays.copyOf(frame, length), frame.length)
                    .frame(LinkType.ETHERNET, Arrays.copyOf(frame, length));
        }

        assertThat(decoding.balances()).isTrue();
        assertThat(decoding.decoder.frames()).isEqualTo(2L * frame.length);
    }

    @ParameterizedTest
    @EnumSource
    void malformedTransportIsAnAnomalyOrTheDatagramAroundIt(Encapsulation encapsulation) {
        byte[] inner = udp6().ip();
        inner[45] = 7; // UDP length

        decoding.frame(LinkType.ETHERNET, encapsulation.frame(inner));

        if (encapsulation.isTold()) {
            assertThat(decoding.decoder.anomalies(DecodeAnomaly.UDP_BAD_LENGTH)).isEqualTo(1);
        } else {
            assertOuter(encapsulation.frame(inner));
        }
    }

    @ParameterizedTest
    @EnumSource
    void noFieldOfAGuessedHeaderMayBeWrong(Encapsulation encapsulation) {
        assumeThat(encapsulation.isTold()).isFalse();
        byte[] frame = encapsulation.frame(udp6().ip());
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            byte[] changed = frame.clone();
            changed[UDP_TUNNEL_AT] ^= (byte) (1 << bit);
            decoding.frame(LinkType.ETHERNET, changed);
        }

        assertThat(decoding.anomalies()).isZero();
        assertThat(decoding.packets).hasSize(Byte.SIZE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"VXLAN", "GTP", "GENEVE", "L2TP", "VXLAN_GPE"})
    void otherThingsOnATunnelsPortAreDatagrams(String name) {
        byte[] frame = Encapsulation.valueOf(name).frame(tcp4().ip());
        Arrays.fill(frame, UDP_TUNNEL_AT, frame.length, (byte) 'A');

        decoding.frame(LinkType.ETHERNET, frame);

        assertOuter(frame);
    }

    @Test
    void guessedContentLongerThanItsDatagramIsNone() {
        byte[] frame = Encapsulation.GTP.frame(tcp4().announcedLength(1000).ip());

        decoding.frame(LinkType.ETHERNET, frame);

        assertOuter(frame);
    }

    @Test
    void guessHoldsInAFirstFragment() {
        byte[] frame = Encapsulation.GTP.frame(tcp4().payload(new byte[1000]).ip());
        frame[IP_AT + 6] = 0x20; // more fragments
        frame[IP_AT + 2] = 2; // 512 bytes of total length
        frame[IP_AT + 3] = 0;

        decoding.frame(LinkType.ETHERNET, Arrays.copyOf(frame, IP_AT + 512));

        assertThat(decoding.only().sourcePort()).isEqualTo(51234);
        assertThat(decoding.only().payloadWireLength()).isEqualTo(512 - 36 - 40);
    }

    @Test
    void laterFragmentsHoldNoTunnel() {
        byte[] frame = Encapsulation.IP_IN_IP.frame(tcp4().ip());
        frame[IP_AT + 7] = 9; // fragment offset

        decoding.frame(LinkType.ETHERNET, frame);

        assertThat(decoding.only().laterFragment()).isTrue();
        assertThat(decoding.only().protocol()).isEqualTo(4);
        assertThat(decoding.only().tunnels()).isZero();
    }

    @Test
    void arpInATunnelLeavesThePacketAroundIt() {
        byte[] gre = Encapsulation.GRE_ETHERNET.frame(tcp4().ip());
        gre[TUNNEL_AT + 8 + 13] = 6;
        byte[] vxlan = Encapsulation.VXLAN.frame(tcp4().ip());
        vxlan[UDP_TUNNEL_AT + 8 + 13] = 6;

        decoding.frame(LinkType.ETHERNET, gre).frame(LinkType.ETHERNET, vxlan);

        assertThat(decoding.packets).hasSize(2).allMatch(p -> p.tunnels() == 0);
        assertThat(decoding.packets.getFirst().protocol()).isEqualTo(47);
        assertThat(decoding.packets.getLast().destinationPort()).isEqualTo(4789);
    }

    @Test
    void vlanInsideATunnelIsTheVlanWhereThereIsNoneOutside() {
        byte[] inner = tcp4().vlan(42).ethernet();
        byte[] vxlan = HexFormat.of().parseHex("0800000000000700");
        byte[] payload = Arrays.copyOf(vxlan, vxlan.length + inner.length);
        System.arraycopy(inner, 0, payload, vxlan.length, inner.length);
        Packets outer = Packets.udp("172.16.0.1", 49152, "172.16.0.2", 4789).payload(payload);

        decoding.frame(LinkType.ETHERNET, outer.ethernet())
                .frame(LinkType.ETHERNET, outer.vlan(7).ethernet());

        assertThat(decoding.packets).extracting(Decoding.Decoded::vlan).containsExactly(42, 7);
        assertThat(decoding.packets).allMatch(p -> p.sourcePort() == 51234);
    }

    @Test
    void fifthToldTunnelIsTooDeep() {
        UnaryOperator<byte[]> deeper = Encapsulation.IP_IN_IP::outerIp;
        byte[] four = deeper.andThen(deeper).andThen(deeper).andThen(deeper).apply(tcp4().ip());

        decoding.frame(LinkType.RAW, four);
        assertThat(decoding.only().tunnels()).isEqualTo(4);
        assertThat(decoding.only().sourcePort()).isEqualTo(51234);
        decoding.frame(LinkType.RAW, deeper.apply(four));

        assertThat(decoding.decoder.anomalies(DecodeAnomaly.TUNNEL_TOO_DEEP)).isEqualTo(1);
        assertThat(decoding.balances()).isTrue();
    }

    @Test
    void fifthGuessedTunnelLeavesTheDatagram() {
        byte[] packet = tcp4().ip();
        for (int i = 0; i < 5; i++) {
            packet = Encapsulation.VXLAN.outerIp(packet);
        }

        decoding.frame(LinkType.RAW, packet);

        assertThat(decoding.only().tunnels()).isEqualTo(4);
        assertThat(decoding.only().destinationPort()).isEqualTo(4789);
    }

    @Test
    void outerLengthBoundsTheInner() {
        byte[] frame = Encapsulation.IP_IN_IP.frame(tcp4().ip());
        frame[IP_AT + 3] = (byte) (frame[IP_AT + 3] - 3); // the outer total length

        decoding.frame(LinkType.ETHERNET, frame);

        assertThat(decoding.only().payload()).isEqualTo("he".getBytes(US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({
        "GRE, 34, 40, GRE_BAD_HEADER", // source routing
        "GRE, 35, 02, GRE_BAD_HEADER", // version 2
        "PPTP, 34, 10, GRE_BAD_HEADER", // no key
        "ERSPAN_2, 42, 20, ERSPAN_BAD_VERSION",
        "ERSPAN_3, 42, 10, ERSPAN_BAD_VERSION",
        "PPPOE, 14, 21, PPPOE_BAD_HEADER",
        "PPPOE, 15, A7, PPPOE_BAD_HEADER",
        "IP_IN_IP, 34, 55, IPV4_BAD_VERSION"
    })
    void impossibleFieldsOfToldTunnelsAreNamed(
            Encapsulation encapsulation, int at, String value, DecodeAnomaly kind) {
        byte[] frame = encapsulation.frame(tcp4().ip());
        frame[at] = (byte) Integer.parseInt(value, 16);

        assertAnomaly(kind, frame);
    }

    @Test
    void truncatedTunnelHeadersAreNamed() {
        assertAnomaly(DecodeAnomaly.MPLS_TRUNCATED, cut(Encapsulation.MPLS, IP_AT + 8));
        assertAnomaly(DecodeAnomaly.PPPOE_TRUNCATED, cut(Encapsulation.PPPOE, IP_AT + 5));
        assertAnomaly(DecodeAnomaly.GRE_TRUNCATED, cut(Encapsulation.GRE_KEY, TUNNEL_AT + 7));
        assertAnomaly(DecodeAnomaly.GRE_TRUNCATED, cut(Encapsulation.GRE, TUNNEL_AT + 3));
        assertAnomaly(DecodeAnomaly.ERSPAN_TRUNCATED, cut(Encapsulation.ERSPAN_2, TUNNEL_AT + 15));
        assertAnomaly(DecodeAnomaly.ERSPAN_TRUNCATED, cut(Encapsulation.ERSPAN_3, TUNNEL_AT + 19));
    }

    @Test
    void endlessLabelsAreTooDeep() {
        byte[] frame = Encapsulation.MPLS.frame(new byte[200]);
        Arrays.fill(frame, IP_AT, frame.length, (byte) 0);

        assertAnomaly(DecodeAnomaly.MPLS_TOO_DEEP, frame);
    }

    @Test
    void whatIsNotIpUnderLabelsIsCountedByName() {
        byte[] frame = Encapsulation.MPLS.frame(tcp4().ip());
        frame[IP_AT + 8] = 0x10; // an associated channel

        decoding.frame(LinkType.ETHERNET, frame);

        assertThat(decoding.decoder.nonIpFrames(NonIpFrame.MPLS)).isEqualTo(1);
    }

    private void assertAnomaly(DecodeAnomaly kind, byte[] frame) {
        long before = decoding.decoder.anomalies(kind);

        decoding.frame(LinkType.ETHERNET, frame);

        assertThat(decoding.packets).isEmpty();
        assertThat(decoding.decoder.anomalies(kind)).as(kind.label()).isEqualTo(before + 1);
        assertThat(decoding.balances()).isTrue();
    }

    /// The datagram around, with all of its payload.
    private void assertOuter(byte[] frame) {
        Decoding.Decoded outer = decoding.only();
        assertThat(outer.sourcePort()).isEqualTo(49152);
        assertThat(outer.tunnels()).isZero();
        assertThat(outer.protocol()).isEqualTo(PacketView.PROTOCOL_UDP);
        assertThat(outer.ipLength()).isEqualTo(frame.length - IP_AT);
        assertThat(outer.payload())
                .isEqualTo(Arrays.copyOfRange(frame, UDP_TUNNEL_AT, frame.length));
    }

    private static byte[] cut(Encapsulation encapsulation, int length) {
        return Arrays.copyOf(encapsulation.frame(tcp4().ip()), length);
    }

    private static Packets tcp4() {
        return Packets.tcp("10.0.0.1", 51234, "255.254.0.2", 3333).sequence(77).payload("hello");
    }

    private static Packets udp6() {
        return Packets.udp("2001:db8::1", 5000, "2001:db8::2", 53).payload("hello");
    }
}
