package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.Tap;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.decode.PacketHandler;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.EndReason;
import minewatch.sensor.flow.FlowView;
import minewatch.sensor.inspect.tls.Handshake;
import minewatch.sensor.inspect.tls.Handshake.Flight;
import minewatch.sensor.inspect.tls.Hellos;
import minewatch.signatures.SignaturePacks;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Coins' peers that speak TLS and are known by who issued their certificates.
class CoinPeerTest {
    private static final String CLIENT = "10.0.0.7";
    private static final String SERVER = "203.0.113.7";
    private static final int CLIENT_PORT = 50_000;
    private static final int SERVER_PORT = 8444;
    private static final int FIRST_BYTES = 10; // a ClientHello is not known by less

    private final Tap tap = new Tap(SignaturePacks.builtIn());
    private double now;

    private void say(boolean byClient, byte[] bytes) {
        now += 0.001;
        if (byClient) {
            tap.say(now, CLIENT, CLIENT_PORT, SERVER, SERVER_PORT, bytes);
        } else {
            tap.say(now, SERVER, SERVER_PORT, CLIENT, CLIENT_PORT, bytes);
        }
    }

    private void say(List<Flight> flights) {
        flights.forEach(flight -> say(flight.byClient(), flight.bytes()));
    }

    private static void assertIsNode(Hit hit, int... address) {
        assertThat(hit.getVerdict()).isEqualTo(Verdict.NODE);
        assertThat(hit.getConfidence()).isGreaterThanOrEqualTo(Score.PROOF);
        assertThat(hit.getProtocolsList()).containsExactly("node-chia");
        assertThat(hit.getEvidenceList())
                .singleElement()
                .satisfies(evidence -> {
                    assertThat(evidence.getSignature()).isEqualTo("tls.issuer");
                    assertThat(evidence.getExcerpt())
                            .isEqualTo("/O=Chia/CN=Chia CA/OU=Organic Farming Division");
                });
        assertThat(hit.hasShares()).isFalse();
        assertThat(hit.getHashrateMap()).isEmpty();
        assertThat(hit.getPoolsList()).allSatisfy(pool -> assertThat(pool.getHost()).isEmpty());
        byte[] source = new byte[address.length];
        for (int i = 0; i < address.length; i++) {
            source[i] = (byte) address[i];
        }
        assertThat(hit.getSourceIp()).isEqualTo(ByteString.copyFrom(source));
    }

    private void assertBothAreNodes() {
        List<Hit> hits = tap.hits();
        assertThat(hits).hasSize(2);
        assertIsNode(hits.getFirst(), 10, 0, 0, 7);
        assertIsNode(hits.getLast(), 203, 0, 113, 7);
    }

    @Test
    void bothSidesOfAConnectionOfChiaAreNodes() throws Exception {
        say(Handshake.between(Handshake.CHIA, "TLSv1.2"));

        assertBothAreNodes();
    }

    @Test
    void oneByteASegmentAfterTheFirstTenIsTheSame() throws Exception {
        boolean first = true;
        for (Flight flight : Handshake.between(Handshake.CHIA, "TLSv1.2")) {
            byte[] bytes = flight.bytes();
            int from = first ? FIRST_BYTES : 0;
            if (first) {
                say(flight.byClient(), Arrays.copyOf(bytes, FIRST_BYTES));
                first = false;
            }
            for (int i = from; i < bytes.length; i++) {
                say(flight.byClient(), new byte[] {bytes[i]});
            }
        }
        assertBothAreNodes();
    }

    @Test
    void theClientsHalfShowsTheClient() throws Exception {
        say(
                Handshake.between(Handshake.CHIA, "TLSv1.2").stream()
                        .filter(Flight::byClient)
                        .toList());

        assertThat(tap.hits()).hasSize(1);
        assertIsNode(tap.hits().getFirst(), 10, 0, 0, 7);
    }

    @Test
    void theServersHalfShowsTheServer() throws Exception {
        List<Finding> findings = new ArrayList<>();
        Inspector inspector =
                new Inspector(
                        Inspector.Limits.fitting(1 << 28, 1),
                        SignaturePacks.builtIn(),
                        findings::add,
                        null);
        Half server = new Half(inspector);
        for (Flight flight : Handshake.between(Handshake.CHIA, "TLSv1.2")) {
            if (!flight.byClient()) {
                server.say(flight.bytes());
            }
        }
        server.end();

        assertThat(findings)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.verdict()).isEqualTo(minewatch.sensor.inspect.Verdict.NODE);
                    assertThat(finding.parties().minerPort()).isEqualTo(SERVER_PORT);
                    assertThat(finding.isMining()).isFalse();
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=Own CA",
                "O=Own,CN=Chia CA,OU=Organic Farming Division",
                "O=Chia,CN=Own CA,OU=Organic Farming Division",
                "O=Chia,CN=Chia CA,OU=Own",
                "O=Chia,CN=Chia CA",
                "C=CH,O=Chia,CN=Chia CA,OU=Organic Farming Division",
                "O=chia,CN=chia ca,OU=organic farming division"
            })
    void certificatesOfAnyOtherAuthorityAreNothing(String authority) throws Exception {
        say(Handshake.between(authority, "TLSv1.2"));

        assertThat(tap.hits()).isEmpty();
    }

    @Test
    void theCertificatesOfTls13CannotBeSeen() throws Exception {
        say(Handshake.between(Handshake.CHIA, "TLSv1.3"));

        assertThat(tap.hits()).isEmpty();
    }

    @Test
    void aPeerWhoseBlocksAreBulkIsStillANode() throws Exception {
        say(Handshake.between(Handshake.CHIA, "TLSv1.2"));
        for (int i = 0; i < 100; i++) {
            say(false, Hellos.data(1400));
        }
        assertThat(tap.counters().suspects()).isZero();
        assertBothAreNodes();
    }

    @Test
    void nobodyHidesMiningBehindTheNameOfTheAuthority() throws Exception {
        say(Handshake.between(Handshake.CHIA, "TLSv1.2"));
        Random random = new Random(7);
        for (int i = 0; i < 30; i++) {
            now += 0.2 - 8 * Math.log(1 - random.nextDouble());
            if (i % 3 == 0) {
                say(false, Hellos.data(322));
            }
            say(true, Hellos.data(252));
            say(false, Hellos.data(85));
        }
        assertThat(tap.hits()).extracting(Hit::getVerdict).containsExactly(Verdict.POSSIBLE);
    }

    /// Segments of the server alone, put before an inspector.
    private static final class Half implements PacketHandler, FlowView {
        private final Inspector inspector;
        private final Decoder decoder = new Decoder(this);
        private int handle = -1;
        private int sequence = 1;
        private int packets;

        Half(Inspector inspector) {
            this.inspector = inspector;
        }

        void say(byte[] payload) {
            byte[] frame =
                    Packets.tcp(SERVER, SERVER_PORT, CLIENT, CLIENT_PORT)
                            .sequence(sequence)
                            .flags(Packets.PSH | Packets.ACK)
                            .payload(payload)
                            .ethernet();
            sequence += payload.length;
            MemorySegment memory = MemorySegment.ofArray(frame);
            decoder.onFrame(memory, 0, frame.length, frame.length, packets, LinkType.ETHERNET);
            decoder.onBatchEnd();
        }

        void end() {
            inspector.onEnd(handle, this, EndReason.IDLE_TIMEOUT);
        }

        @Override
        public void onPacket(PacketView packet) {
            packets++;
            if (handle < 0) {
                handle = inspector.onOpaque(packet, false, this);
            } else {
                assertThat(inspector.onPacket(handle, packet, false, this)).isTrue();
            }
        }

        @Override
        public void onBatchEnd() {}

        @Override
        public long firstSeenNanos() {
            return 1;
        }

        @Override
        public long lastSeenNanos() {
            return packets;
        }

        @Override
        public long packets() {
            return packets;
        }

        @Override
        public long octets() {
            return sequence;
        }

        @Override
        public boolean handshakeSeen() {
            return false;
        }
    }
}
