package minewatch.sensor.inspect.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.List;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.Tap;
import minewatch.signatures.SignaturePacks;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;

class EndpointWatchTest {
    private static final String MINER = "10.0.0.7";
    private static final String RESOLVER = "10.0.0.1";
    private static final String POOL = "203.0.113.7";
    private static final String ROW = "own,*.pool.example,3333,BTC,,,,,test";

    private static Packets question(String name, int type) {
        return Packets.udp(MINER, 40_000, RESOLVER, 53).payload(DnsMessages.question(name, type));
    }

    private static Packets answer(String name, String address) {
        return Packets.udp(RESOLVER, 53, MINER, 40_000)
                .payload(
                        DnsMessages.resolverAnswer(name, DnsMessages.A)
                                .address(address, 60)
                                .bytes());
    }

    private static Packets syn(String to, int port) {
        return Packets.tcp(MINER, 50_000, to, port).flags(Packets.SYN);
    }

    private static ByteString ip(int... bytes) {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        return ByteString.copyFrom(address);
    }

    @Test
    void whoAsksForAPoolsNameIsPossibleAndNoMore() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            List<Hit> hits =
                    tap.at(0, question("btc.pool.example", DnsMessages.A))
                            .at(1, question("BTC.pool.example", DnsMessages.AAAA))
                            .hits();

            assertThat(hits).hasSize(1);
            Hit hit = hits.getFirst();
            assertThat(hit.getSourceIp()).isEqualTo(ip(10, 0, 0, 7));
            assertThat(hit.getVerdict()).isEqualTo(Verdict.POSSIBLE);
            assertThat(hit.getPools(0).getName()).isEqualTo("own");
            assertThat(hit.getPools(0).getHost()).isEqualTo("btc.pool.example");
            assertThat(hit.getPools(0).getByList()).containsExactly("dns");
            assertThat(hit.getCoinsList()).containsExactly("BTC");
            assertThat(hit.getEvidence(0).getSignature()).isEqualTo("endpoint.dns");
            assertThat(hit.getEvidence(0).getCount()).isEqualTo(2);
            assertThat(hit.getFlowsList()).isEmpty();
            assertThat(hit.getSessions()).isZero();
        }
    }

    @Test
    void anAnswerAloneTellsWhoHasAsked() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            assertThat(tap.at(0, answer("btc.pool.example", POOL)).hits())
                    .extracting(Hit::getSourceIp)
                    .containsExactly(ip(10, 0, 0, 7));
        }
    }

    @Test
    void questionsOverTcpAreRead() throws Exception {
        byte[] message = DnsMessages.question("btc.pool.example", DnsMessages.A);
        byte[] framed =
                ByteBuffer.allocate(message.length + 2)
                        .putShort((short) message.length)
                        .put(message)
                        .array();
        try (Tap tap = Tap.withEndpoints(ROW)) {
            assertThat(tap.say(0, MINER, 40_000, RESOLVER, 53, framed).hits()).hasSize(1);
        }
    }

    @Test
    void aBrowserThatAsksForTheNameIsNoHit() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            tap.at(0, question("btc.pool.example", DnsMessages.A))
                    .at(0.1, question("btc.pool.example", DnsMessages.HTTPS));

            assertThat(tap.hits()).isEmpty();
        }
    }

    @Test
    void theWebSiteOfAPoolIsNoHit() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW, "own,pool.example,,,site,,,,test")) {
            tap.at(0, question("pool.example", DnsMessages.A))
                    .at(0, question("www.pool.example", DnsMessages.A))
                    .at(0, answer("www.pool.example", POOL))
                    .at(1, syn(POOL, 443));

            assertThat(tap.hits()).isEmpty();
        }
    }

    @Test
    void aResolverThatAsksForOthersIsNoHit() throws Exception {
        try (Tap tap = Tap.withEndpoints(ROW)) {
            tap.at(0, question("btc.pool.example", DnsMessages.A))
                    .at(
                            0.01,
                            Packets.udp(RESOLVER, 40_001, "198.51.100.1", 53)
                                    .payload(
                                            DnsMessages.question(
                                                    "btc.pool.example", DnsMessages.A)))
                    .at(0.02, answer("btc.pool.example", POOL));

            assertThat(tap.hits()).extracting(Hit::getSourceIp).containsExactly(ip(10, 0, 0, 7));
        }
    }

    @Test
    void aConnectionToAListedAddressIsPossible() throws Exception {
        try (Tap tap = Tap.withEndpoints("own,203.0.113.7,3333,,,,,,test")) {
            List<Hit> hits = tap.at(0, syn(POOL, 3333)).at(1, syn(POOL, 80)).hits();

            assertThat(hits).hasSize(1);
            assertThat(hits.getFirst().getVerdict()).isEqualTo(Verdict.POSSIBLE);
            assertThat(hits.getFirst().getPoolsList()).hasSize(1);
            assertThat(hits.getFirst().getPools(0).getIp()).isEqualTo(ip(203, 0, 113, 7));
            assertThat(hits.getFirst().getPools(0).getByList()).containsExactly("ip");
        }
    }

    @Test
    void anExpiredAddressIsNothing() throws Exception {
        try (Tap tap = Tap.withEndpoints("own,203.0.113.7,3333,,,,2025-11-23,,test")) {
            assertThat(tap.at(0, syn(POOL, 3333)).hits()).isEmpty();
        }
    }

    @Test
    void addressesAreLearnedFromAnswersAndForgotten() throws Exception {
        try (Tap tap = Tap.withEndpoints("own,btc.pool.example,3333,,,,,,test")) {
            tap.at(0, answer("btc.pool.example", POOL))
                    .at(200, syn(POOL, 3333))
                    .at(
                            400, // 60 s of the answer, 300 s at least
                            Packets.tcp("10.0.0.8", 50_000, POOL, 3333).flags(Packets.SYN));

            List<Hit> hits = tap.hits();
            assertThat(hits).hasSize(1);
            assertThat(hits.getFirst().getPoolsList()).hasSize(1);
            assertThat(hits.getFirst().getPools(0).getHost()).isEqualTo("btc.pool.example");
            assertThat(hits.getFirst().getPools(0).getPort()).isEqualTo(3333);
            assertThat(hits.getFirst().getEvidenceList())
                    .extracting(e -> e.getSignature())
                    .containsExactlyInAnyOrder("endpoint.dns", "endpoint.address");
        }
    }

    @Test
    void theNameOfAMinersPoolIsKnownFromTheAnswer() throws Exception {
        String subscribe =
                "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.12.0\"]}\n";
        String submit =
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"farm01.rig7\",\"58af8d\","
                        + "\"00000000\",\"53058b7b\",\"e8832204\"]}\n";
        try (Tap tap = new Tap(SignaturePacks.builtIn())) {
            tap.at(0, answer("btc.f2pool.com", POOL))
                    .say(1, MINER, 50_000, POOL, 1314, subscribe.getBytes(US_ASCII))
                    .say(2, MINER, 50_000, POOL, 1314, submit.getBytes(US_ASCII));

            Hit hit = tap.hits().getFirst();
            assertThat(hit.getProtocolsList()).contains("stratum-v1");
            assertThat(hit.getPoolsList()).hasSize(1);
            assertThat(hit.getPools(0).getName()).isEqualTo("f2pool");
            assertThat(hit.getPools(0).getHost()).isEqualTo("btc.f2pool.com");
            assertThat(hit.getPools(0).getByList())
                    .containsExactlyInAnyOrder("dns", "ip", "dialogue");
        }
    }

    @Test
    void aHostNamedInAnHttpRequestIsFound() {
        byte[] request =
                "POST / HTTP/1.1\r\nAccept: */*\r\nHOST: Pool.Example:8332\r\n\r\n"
                        .getBytes(US_ASCII);
        byte[] host = HttpHost.find(request, request.length);

        assertThat(host).isEqualTo("Pool.Example".getBytes(US_ASCII));
        assertThat(HttpHost.find(request, 30)).isNull();
    }

    @Test
    void sightingsAreBoundedAndWhatFindsNoRoomIsCounted() throws Exception {
        try (Tap tap = Tap.withEndpoints("own,203.0.113.7,3333,,,,,,test")) {
            for (int i = 0; i < EndpointWatch.MAX_SIGHTINGS + 5; i++) {
                String source = "10.1." + (i >> 8) + "." + (i & 0xFF);
                tap.at(0, Packets.tcp(source, 50_000, POOL, 3333).flags(Packets.SYN));
            }

            assertThat(tap.counters().inspectAnomalies()).containsEntry("endpoint.refused", 5L);
            assertThat(tap.hits()).hasSize(EndpointWatch.MAX_SIGHTINGS);
        }
    }
}
