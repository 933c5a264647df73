package minewatch.sensor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import minewatch.sensor.decode.OracleComparison.Outcome;
import minewatch.testkit.Packets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.Packet;

class DecoderPropertyTest {
    /// A frame as generated, with what its decoding must say.
    record Frame(
            boolean ipv6,
            boolean tcp,
            byte[] source,
            byte[] destination,
            int sourcePort,
            int destinationPort,
            List<Integer> vlans,
            int optionWords,
            byte[] payload) {

        byte[] ethernet() {
            Packets packet =
                    tcp
                            ? Packets.tcp(
                                    text(source), sourcePort, text(destination), destinationPort)
                            : Packets.udp(
                                    text(source), sourcePort, text(destination), destinationPort);
            vlans.forEach(packet::vlan);
            if (!ipv6) {
                packet.ipv4Options(noOperations());
            }
            return packet.tcpOptions(noOperations()).payload(payload).ethernet();
        }

        private byte[] noOperations() {
            byte[] options = new byte[optionWords * 4];
            Arrays.fill(options, (byte) 1);
            return options;
        }

        private static String text(byte[] address) {
            try {
                return InetAddress.getByAddress(address).getHostAddress();
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    @Property
    void decodingFindsWhatWasBuilt(@ForAll("frames") Frame frame) {
        Decoding.Decoded packet = new Decoding().frame(LinkType.ETHERNET, frame.ethernet()).only();

        assertThat(packet.protocol()).isEqualTo(frame.tcp() ? 6 : 17);
        assertThat(packet.sourcePort()).isEqualTo(frame.sourcePort());
        assertThat(packet.destinationPort()).isEqualTo(frame.destinationPort());
        assertThat(packet.vlan())
                .isEqualTo(frame.vlans().isEmpty() ? PacketView.NO_VLAN : frame.vlans().getFirst());
        assertThat(packet.payload()).isEqualTo(frame.payload());
    }

    @Property
    void decodingAgreesWithPcap4j(@ForAll("frames") Frame frame) throws IllegalRawDataException {
        byte[] bytes = frame.ethernet();
        Packet parsed = Objects.requireNonNull(Pcap4jOracle.parse(LinkType.ETHERNET, bytes));

        Decoding.Decoded ours = new Decoding().frame(LinkType.ETHERNET, bytes).only();

        assertThat(OracleComparison.reading(ours)).isEqualTo(Pcap4jOracle.read(parsed));
    }

    @Property
    void damagedFramesDifferFromPcap4jInKnownWaysOnly(
            @ForAll("frames") Frame frame, @ForAll("damage") int[] damage) {
        byte[] bytes = frame.ethernet();
        for (int i = 0; i < damage.length; i += 2) {
            bytes[14 + damage[i] % (bytes.length - 14)] = (byte) damage[i + 1];
        }

        Outcome outcome = OracleComparison.compare(LinkType.ETHERNET, bytes, bytes.length);

        assertThat(outcome).isNotEqualTo(Outcome.UNEXPLAINED);
    }

    @Provide
    Arbitrary<int[]> damage() {
        return Arbitraries.integers()
                .between(0, 255)
                .array(int[].class)
                .ofMinSize(2)
                .ofMaxSize(6)
                .map(d -> d.length % 2 == 0 ? d : Arrays.copyOf(d, d.length - 1));
    }

    @Provide
    Arbitrary<Frame> frames() {
        return Arbitraries.of(true, false).flatMap(this::frames);
    }

    private Arbitrary<Frame> frames(boolean ipv6) {
        Arbitrary<byte[]> address =
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofSize(ipv6 ? 16 : 4)
                        .filter(DecoderPropertyTest::isPlain);
        // not the ports whose payload pcap4j parses and so measures in its own way
        Arbitrary<Integer> port =
                Arbitraries.integers().between(0, 65535).filter(p -> p != 53 && p != 2152);
        Arbitrary<List<Integer>> vlans =
                Arbitraries.integers().between(0, 4095).list().ofMaxSize(4);
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        address,
                        address,
                        port,
                        port,
                        vlans,
                        Arbitraries.integers().between(0, 10),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(1400))
                .as((tcp, a, b, p, q, v, options, payload) ->
                        new Frame(ipv6, tcp, a, b, p, q, v, options, payload));
    }

    /// Java turns an IPv4-mapped address into an IPv4 one.
    private static boolean isPlain(byte[] address) {
        return address.length == 4 || address[10] != -1 || address[11] != -1;
    }
}
