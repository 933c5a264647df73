package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.Tap;
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
    void oneByteASegmentIsTheSame() throws Exception {
        tap.at(
                0,
                Packets.tcp(CLIENT, CLIENT_PORT, SERVER, SERVER_PORT)
                        .sequence(0)
                        .flags(Packets.SYN));
        for (Flight flight : Handshake.between(Handshake.CHIA, "TLSv1.2")) {
            for (byte b : flight.bytes()) {
                say(flight.byClient(), new byte[] {b});
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
        say(
                Handshake.between(Handshake.CHIA, "TLSv1.2").stream()
                        .filter(flight -> !flight.byClient())
                        .toList());

        assertThat(tap.hits()).hasSize(1);
        assertIsNode(tap.hits().getFirst(), 203, 0, 113, 7);
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
}
