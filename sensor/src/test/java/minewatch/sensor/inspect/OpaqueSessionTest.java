package minewatch.sensor.inspect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.Tap;
import minewatch.sensor.inspect.tls.Handshake;
import minewatch.sensor.inspect.tls.Hellos;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpaqueSessionTest {
    private static final String MINER = "10.0.0.7";
    private static final String POOL = "203.0.113.7";
    private static final String ROW = "own,*.pool.example,,BTC,,,,,test";

    private static final String ROW_OF_CERTIFICATE = "own,chia.net,,BTC,,,,,test";

    private static void open(Tap tap, int port, byte[] hello) {
        tap.at(0, Packets.tcp(MINER, 50_000, POOL, port).sequence(0).flags(Packets.SYN))
                .say(0.1, MINER, 50_000, POOL, port, Hellos.record(1, hello));
    }

    /// Shares and jobs as a miner's, each in one TLS record.
    private static void mine(Tap tap, int port, double from) {
        Random random = new Random(7);
        double now = from;
        for (int i = 0; i < 30; i++) {
            now += 0.2 - 8 * Math.log(1 - random.nextDouble());
            if (i % 3 == 0) {
                tap.say(now - 0.1, POOL, port, MINER, 50_000, Hellos.data(322));
            }
            tap.say(now, MINER, 50_000, POOL, port, Hellos.data(252));
            tap.say(now + 0.02, POOL, port, MINER, 50_000, Hellos.data(85));
        }
    }

    @Test
    void theShapeOfMiningIsPossibleAndNoMore() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            open(tap, 7443, Hellos.bare());
            mine(tap, 7443, 1);

            Hit hit = tap.hits().getFirst();
            assertThat(hit.getVerdict()).isEqualTo(Verdict.POSSIBLE);
            assertThat(hit.getProtocolsList()).containsExactly("tls");
            assertThat(hit.getSessions()).isOne();
            assertThat(hit.getHashrateMap()).isEmpty();
            assertThat(hit.hasShares()).isFalse();
            assertThat(hit.getEvidenceList())
                    .extracting(e -> e.getSignature())
                    .containsExactly("shape.shares", "shape.random", "shape.jobs", "tls.bare");
            assertThat(hit.getFlows(0).getDestinationPort()).isEqualTo(7443);
        }
    }

    @Test
    void theShapeOfMiningWithAPoolNamedIsProbableAndNoMore() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            open(tap, 443, Hellos.named("btc.pool.example"));
            mine(tap, 443, 1);

            Hit hit = tap.hits().getFirst();
            assertThat(hit.getVerdict()).isEqualTo(Verdict.PROBABLE);
            assertThat(hit.getConfidence()).isLessThan(0.99);
            assertThat(hit.getPools(0).getHost()).isEqualTo("btc.pool.example");
            assertThat(hit.getPools(0).getByList()).containsExactly("sni");
        }
    }

    @Test
    void theNameOfAPoolAloneIsPossible() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            open(tap, 443, Hellos.named("btc.pool.example"));

            assertThat(tap.hits()).extracting(Hit::getVerdict).containsExactly(Verdict.POSSIBLE);
        }
    }

    @Test
    void aBrowserAtAPoolsNameIsNoHit() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            open(tap, 443, Hellos.chrome("btc.pool.example"));
            mine(tap, 443, 1);

            assertThat(tap.hits()).extracting(Hit::getVerdict).doesNotContain(Verdict.PROBABLE);
        }
        try (Tap tap = Tap.withEndpoints(ROW)) {
            open(tap, 443, Hellos.chrome("btc.pool.example"));
            for (int i = 0; i < 20; i++) {
                tap.say(i * 0.2 + 1, MINER, 50_000, POOL, 443, Hellos.data(400));
                tap.say(i * 0.2 + 1.1, POOL, 443, MINER, 50_000, Hellos.data(1300));
            }
            assertThat(tap.hits()).isEmpty();
        }
    }

    @Test
    void aHelloInTwoSegmentsIsRead() throws Exception {
        byte[] hello = Hellos.record(1, Hellos.named("btc.pool.example"));
        try (Tap tap = Tap.withEndpoints(ROW)) {
            tap.say(0, MINER, 50_000, POOL, 443, Arrays.copyOf(hello, 20));
            tap.say(0.1, MINER, 50_000, POOL, 443, Arrays.copyOfRange(hello, 20, hello.length));

            assertThat(tap.hits()).hasSize(1);
        }
    }

    @Test
    void aBrowsersHelloInTwoSegmentsGivesItsSessionBack() throws Exception {
        byte[] hello = Hellos.record(1, Hellos.chrome("www.example"));
        try (Tap tap = Tap.withEndpoints(ROW)) {
            tap.say(0, MINER, 50_000, POOL, 443, Arrays.copyOf(hello, 20));
            assertThat(tap.counters().suspects()).isOne();
            tap.say(0.1, MINER, 50_000, POOL, 443, Arrays.copyOfRange(hello, 20, hello.length));

            assertThat(tap.counters().suspects()).isZero();
        }
    }

    @Test
    void aSessionThatBeganBeforeIsTakenUpInItsMiddle() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            mine(tap, 7443, 1);

            Hit hit = tap.hits().getFirst();
            assertThat(hit.getVerdict()).isEqualTo(Verdict.POSSIBLE);
            assertThat(hit.getVisibility().getHandshake()).isFalse();
        }
    }

    private static void sayAsServer(Tap tap, int port, String version) throws Exception {
        double now = 0;
        for (Handshake.Flight flight : Handshake.between("CN=Own CA", version)) {
            if (!flight.byClient()) {
                now += 0.01;
                tap.say(now, POOL, port, MINER, 50_000, flight.bytes());
            }
        }
    }

    @Test
    void whereOnlyAPoolIsSeenItsCertificateSpeaksOfTheOtherSide() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW_OF_CERTIFICATE)) {
            sayAsServer(tap, 7443, "TLSv1.2");

            Hit hit = tap.hits().getFirst();
            assertThat(hit.getSourceIp().toByteArray()).isEqualTo(new byte[] {10, 0, 0, 7});
            assertThat(hit.getVerdict()).isEqualTo(Verdict.POSSIBLE);
            assertThat(hit.getPools(0).getByList()).containsExactly("certificate");
            assertThat(hit.getVisibility().getResponder()).isFalse();
        }
    }

    @Test
    void aServerAtThePortOfTheWebMayBeVisited() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW_OF_CERTIFICATE)) {
            sayAsServer(tap, 443, "TLSv1.2");

            assertThat(tap.hits()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aServerThatTellsNothingGivesItsSessionBack(String version) throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            sayAsServer(tap, 7443, version);

            assertThat(tap.counters().suspects()).isZero();
        }
    }

    @Test
    void bulkIsGivenUp() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            open(tap, 7443, Hellos.bare());
            for (int i = 0; i < 100; i++) {
                tap.say(1 + i * 0.01, POOL, 7443, MINER, 50_000, Hellos.data(1400));
            }
            assertThat(tap.counters().suspects()).isZero();
            assertThat(tap.hits()).isEmpty();
        }
    }

    @Test
    void miningThroughSshIsPossible() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            tap.at(0, Packets.tcp(MINER, 50_000, POOL, 22).sequence(0).flags(Packets.SYN));
            tap.say(0.1, MINER, 50_000, POOL, 22, "SSH-2.0-OpenSSH_9.2\r\n".getBytes(US_ASCII));
            mine(tap, 22, 1);

            Hit hit = tap.hits().getFirst();
            assertThat(hit.getVerdict()).isEqualTo(Verdict.POSSIBLE);
            assertThat(hit.getProtocolsList()).containsExactly("ssh");
        }
    }

    @Test
    void anUnknownProtocolIsLookedAtOnlyWhereAnEndIsKnown() throws Exception {
        for (List<String> rows : List.of(List.of(ROW), List.of("own,203.0.113.7,7443,,,,,,test"))) {
            try (Tap tap = Tap.withEndpoints(rows.toArray(String[]::new))) {
                byte[] noise = new byte[64];
                Arrays.fill(noise, (byte) 0x99);
                tap.say(0, MINER, 50_000, POOL, 7443, noise);

                assertThat(tap.counters().suspects())
                        .isEqualTo(rows.getFirst().equals(ROW) ? 0 : 1);
            }
        }
    }
}
