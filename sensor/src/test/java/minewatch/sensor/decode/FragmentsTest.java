package minewatch.sensor.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentsTest {
    private static final String IPV4 = "10.0.0.1";
    private static final String IPV6 = "2001:db8::1";
    private static final byte[] OPTIONS = {1, 1, 1, 1};
    private static final int FIRST = 24 + 40; // TCP header with options, and payload

    private final Decoding decoding = new Decoding();

    @ParameterizedTest
    @ValueSource(strings = {IPV4, IPV6})
    void laterFragmentOfTcpIsAPieceOfTheSegment(String source) {
        decoding.frame(LinkType.RAW, first(source))
                .frame(LinkType.RAW, later(source, FIRST / 8, "tail"));

        Decoding.Decoded later = decoding.packets.getLast();
        assertThat(later.laterFragment()).isTrue();
        assertThat(later.sourcePort()).isEqualTo(51234);
        assertThat(later.destinationPort()).isEqualTo(3333);
        assertThat(later.tcpSequence()).isEqualTo(1000 + 40);
        assertThat(later.tcpFlags()).isZero();
        assertThat(later.payload()).isEqualTo("tail".getBytes(US_ASCII));
        assertThat(decoding.decoder.laterFragments()).isEqualTo(1);
        assertThat(decoding.decoder.unmatchedFragments()).isZero();
    }

    @Test
    void synTakesOneOfTheSequence() {
        decoding.frame(LinkType.RAW, tcp(IPV4).flags(Packets.SYN).fragment(0, true).ip())
                .frame(LinkType.RAW, later(IPV4, FIRST / 8, "tail"));

        assertThat(decoding.packets.getLast().tcpSequence()).isEqualTo(1000 + 1 + 40);
    }

    @Test
    void laterFragmentOfUdpHasPortsAndNoPayload() {
        Packets first = Packets.udp(IPV4, 5000, "10.0.0.2", 6000).payload(new byte[24]);
        byte[] later =
                Packets.ip(Packets.UDP, IPV4, "10.0.0.2").payload("x").fragment(4, false).ip();

        decoding.frame(LinkType.RAW, first.fragment(0, true).ip()).frame(LinkType.RAW, later);

        assertThat(decoding.packets.getLast().sourcePort()).isEqualTo(5000);
        assertThat(decoding.packets.getLast().destinationPort()).isEqualTo(6000);
        assertThat(decoding.packets.getLast().payloadWireLength()).isZero();
    }

    @Test
    void anotherIdentificationIsAnotherDatagram() {
        byte[] later = later(IPV4, FIRST / 8, "tail");
        later[5] = 2;

        decoding.frame(LinkType.RAW, first(IPV4)).frame(LinkType.RAW, later);

        assertThat(decoding.packets.getLast().sourcePort()).isZero();
        assertThat(decoding.decoder.unmatchedFragments()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {FragmentTable.MAX_AGE_NANOS + 2, -FragmentTable.MAX_AGE_NANOS})
    void firstFragmentIsForgottenAfterItsTime(long nanos) {
        decoding.frame(LinkType.RAW, first(IPV4));
        decoding.nanos = nanos;

        decoding.frame(LinkType.RAW, later(IPV4, FIRST / 8, "tail"));

        assertThat(decoding.decoder.unmatchedFragments()).isEqualTo(1);
    }

    @Test
    void floodOfFirstFragmentsForgetsTheOldest() {
        for (int id = 0; id < 65_536; id++) {
            byte[] first = first(IPV4);
            first[4] = (byte) (id >> 8);
            first[5] = (byte) id;
            decoding.nanos++;
            decoding.frame(LinkType.RAW, first);
        }
        byte[] newest = later(IPV4, FIRST / 8, "tail");
        newest[4] = (byte) 0xFF;
        newest[5] = (byte) 0xFF;

        decoding.frame(LinkType.RAW, later(IPV4, FIRST / 8, "tail"));
        assertThat(decoding.decoder.unmatchedFragments()).isEqualTo(1);
        decoding.frame(LinkType.RAW, newest);

        assertThat(decoding.packets.getLast().sourcePort()).isEqualTo(51234);
        assertThat(decoding.decoder.unmatchedFragments()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {IPV4, IPV6})
    void firstFragmentWithoutItsWholeHeaderIsTooShort(String source) {
        byte[] whole = tcp(source).fragment(0, true).ip();
        int headers = source.equals(IPV4) ? 20 : 48;
        decoding.frame(LinkType.RAW, Arrays.copyOf(whole, headers + 8))
                .frame(LinkType.RAW, Arrays.copyOf(whole, headers + 22)); // inside its options

        assertThat(decoding.packets).isEmpty();
        assertThat(decoding.decoder.anomalies(DecodeAnomaly.FRAGMENT_TOO_SHORT)).isEqualTo(2);
    }

    @Test
    void laterFragmentOverTheTcpHeaderIsNamed() {
        decoding.frame(LinkType.RAW, later(IPV4, 1, "unknown"));
        decoding.frame(LinkType.RAW, first(IPV4)).frame(LinkType.RAW, later(IPV4, 2, "known"));

        assertThat(decoding.packets).hasSize(1);
        assertThat(decoding.decoder.anomalies(DecodeAnomaly.FRAGMENT_OVERLAPS_HEADER)).isEqualTo(2);
        assertThat(decoding.balances()).isTrue();
    }

    private static byte[] first(String source) {
        return tcp(source).fragment(0, true).ip();
    }

    private static Packets tcp(String source) {
        return Packets.tcp(source, 51234, destination(source), 3333)
                .sequence(1000)
                .tcpOptions(OPTIONS)
                .flags(Packets.PSH | Packets.ACK)
                .payload(new byte[FIRST - 24]);
    }

    private static byte[] later(String source, int offset, String payload) {
        return Packets.ip(Packets.TCP, source, destination(source))
                .payload(payload)
                .fragment(offset, false)
                .ip();
    }

    private static String destination(String source) {
        return source.equals(IPV4) ? "10.0.0.2" : "2001:db8::2";
    }
}
