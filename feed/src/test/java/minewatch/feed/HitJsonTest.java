package minewatch.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Verdict;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HitJsonTest {
    private static final ObjectMapper ANY_JSON = new ObjectMapper();

    @Test
    void fullHitIsTheContractsExampleFieldForField() {
        assertThat(HitJson.write(Hits.full()))
                .isEqualTo(
                        """
                        {"schema":"minewatch.hit/1","sensor":"scan","file":"a.pcap","source_ip":"10.77.0.2",
                        "first_seen":"2026-11-23T08:00:00.000000000Z","last_seen":"2026-11-23T08:10:00.000000000Z",
                        "verdict":"miner","confidence":0.999,
                        "protocols":["stratum-v1"],"algorithms":["sha256d"],"coins":["BTC"],
                        "pools":[{"name":"f2pool","host":"btc.f2pool.com","ip":"10.88.0.9","port":3333,"by":["sni","dns","coinbase-tag"]}],
                        "agents":["cgminer/4.12.0"],"accounts":["farm01"],"workers":["farm01.rig7"],"sessions":1,
                        "shares":{"submitted":40,"accepted":39,"rejected":1},
                        "hashrate":{"sha256d":{"low":1.1e13,"best":1.4e13,"high":1.8e13,"unit":"H/s","shares":39,"seconds":600.0,"basis":"shares"}},
                        "power_watts":{"low":300,"best":420,"high":900,"basis":"sha256d-2020s"},
                        "visibility":{"originator":true,"responder":true,"handshake":false},
                        "flows":[{"community_id":"1:abc=","source_port":51234,"destination_ip":"10.88.0.9","destination_port":3333,
                        "first_seen":"2026-11-23T08:00:00.000000001Z","last_seen":"2026-11-23T08:10:00.000000000Z","packets":812,"octets":90211}],
                        "evidence":[{"signature":"stratum-v1.submit","revision":3,"weight":4.1,"count":40,"at":"2026-11-23T08:00:05.500000000Z","direction":"originator",
                        "excerpt":"{\\"method\\":\\"mining.submit\\""}]}
                        """
                                .replace("\n", ""));
    }

    @Test
    void whatIsNotKnownIsNotThere() throws Exception {
        Hit bare =
                Hit.newBuilder()
                        .setSensor("s1")
                        .setSourceIp(Addresses.parse("2001:db8::1"))
                        .setVerdict(Verdict.POSSIBLE)
                        .setShares(Shares.newBuilder().setSubmitted(7))
                        .build();
        assertThat(HitJson.write(bare))
                .isEqualTo(
                        "{\"schema\":\"minewatch.hit/1\",\"sensor\":\"s1\",\"source_ip\":\"2001:db8::1\","
                                + "\"first_seen\":\"1970-01-01T00:00:00.000000000Z\","
                                + "\"last_seen\":\"1970-01-01T00:00:00.000000000Z\","
                                + "\"verdict\":\"possible\",\"confidence\":0.0,"
                                + "\"shares\":{\"submitted\":7}}");
    }

    @Property
    void parsedLineIsTheHitThatWasWritten(@ForAll("hits") Hit hit) throws Exception {
        String line = HitJson.write(hit);
        assertThat(line).doesNotContain("\n", "\r");
        assertThat(HitJson.parse(line)).isEqualTo(hit);
        assertThat(ANY_JSON.readTree(line).get("schema").asText()).isEqualTo("minewatch.hit/1");
    }

    @Property
    void confidenceBelowOneIsNeverWrittenAsOne(
            @ForAll @IntRange(min = 1, max = 2_000_000) int below) throws Exception {
        double confidence = 1 - below * 1e-9;
        JsonNode json = ANY_JSON.readTree(HitJson.write(confident(confidence)));
        assertThat(json.get("confidence").asDouble()).isLessThan(1).isCloseTo(confidence, within());
    }

    @Test
    void certaintyIsWrittenAsOne() {
        assertThat(HitJson.write(confident(1))).contains("\"confidence\":1.0,");
        assertThat(HitJson.write(confident(Math.nextDown(1.0))))
                .contains("\"confidence\":0.999999,");
        assertThat(HitJson.write(confident(1e-9))).contains("\"confidence\":0.0,");
    }

    @ParameterizedTest
    @CsvSource({
        "14123456789012, 1.41235e13",
        "1234567.8, 1234570",
        "0.0000123456789, 1.23457e-5",
        "12.3456789, 12.3457",
        "0, 0",
        "9999999.9, 1.0e7"
    })
    void hashratesKeepSixDigits(double rate, String written) {
        Hit hit =
                Hits.full().toBuilder()
                        .putHashrate("x", Hits.hashrate(0, rate, 1e300).build())
                        .build();
        assertThat(HitJson.write(hit)).contains("\"best\":" + written + ",");
    }

    @Test
    void excerptWithControlCharactersStaysOneLine() throws Exception {
        Hit hit = excerpt("a\n\u0000\u2028\u007f\"\\é矿");
        String line = HitJson.write(hit);
        assertThat(line).doesNotContain("\n", "\u0000");
        assertThat(HitJson.parse(line)).isEqualTo(hit);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verdict: miner         | verdict: \"Miner\"  | verdict: Miner (expected: one of miner",
                "source_ip: 10.77.0.2   | source_ip: \"10.77.0.x\" | source_ip: 10.77.0.x (expected: an IP",
                "sessions: 1            | sessions: -1       | sessions: -1 (expected: a whole number",
                "sessions: 1            | sessions: 1.5      | sessions: 1.5 (expected: a whole number",
                "sessions: 1            | sessions: 1, \"sessions\":1 | Duplicate",
                "sessions: 1            | session: 1         | session: unknown field",
                "confidence: 0.999      | confidence: 1.2    | confidence: 1.2 (expected: 0 to 1)",
                "confidence: 0.999      | confidence: 1e999  | confidence: Infinity (expected: 0 to 1)",
                "confidence: 0.999      | confidence: \"1\"  | confidence: 1 (expected: a number)",
                "schema: minewatch.hit/1| schema: \"minewatch.hit/2\" | schema: minewatch.hit/2 (expected",
                "port: 3333             | port: 70000        | pools.port: 70000 (expected: 0 to 65535)",
                "handshake: false       | handshake: 0       | visibility.handshake: 0 (expected: true",
            })
    void wrongFieldIsNamed(String from, String to, String message) {
        String line = HitJson.write(Hits.full());
        String broken = line.replace(json(from), json(to));
        assertThat(broken).isNotEqualTo(line);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HitJson.parse(broken))
                .withMessageContaining(message);
    }

    @Test
    void lineThatIsNoObjectIsRefused() {
        for (String line : new String[] {"", "[]", "1", "{", "{}", "null", "{\"schema\":", "x"}) {
            assertThatIllegalArgumentException().as(line).isThrownBy(() -> HitJson.parse(line));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HitJson.parse(HitJson.write(Hits.full()) + "{}"))
                .withMessageContaining("one object a line");
    }

    @Test
    void unsoundHitsAreNotWritten() {
        Hit hit = Hits.full();
        refused(hit.toBuilder().clearSensor(), "sensor: empty");
        refused(hit.toBuilder().setSourceIp(ByteString.EMPTY), "source_ip: 0 bytes");
        refused(hit.toBuilder().setConfidence(Double.NaN), "confidence: NaN");
        refused(hit.toBuilder().setLastSeenNanos(0), "last_seen: 1970-01-01T00:00:00.000000000Z");
        refused(hit.toBuilder().clearVerdict(), "verdict: VERDICT_UNSPECIFIED");
        refused(hit.toBuilder().setVerdictValue(99), "verdict: UNRECOGNIZED");
        refused(
                hit.toBuilder().putHashrate("x", Hits.hashrate(2, 1, 3).build()),
                "hashrate.x: 2.0, 1.0, 3.0 (expected: low ≤ best ≤ high)");
        refused(excerpt("矿".repeat(86)).toBuilder(), "evidence.excerpt: 258 bytes");
    }

    private static void refused(Hit.Builder hit, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HitJson.write(hit.build()))
                .withMessageContaining(message);
        assertThat(HitRules.problem(hit.build())).get().asString().contains(message);
    }

    private static String json(String field) {
        String[] parts = field.split(": ", 2);
        boolean text = parts[1].matches("[a-z][a-z./0-9]+|10.77.0.2") && !parts[1].equals("false");
        return "\"" + parts[0] + "\":" + (text ? "\"" + parts[1] + "\"" : parts[1]);
    }

    private static Hit confident(double confidence) {
        return Hits.full().toBuilder().setConfidence(confidence).build();
    }

    private static Hit excerpt(String excerpt) {
        return Hits.full().toBuilder()
                .clearEvidence()
                .addEvidence(Evidence.newBuilder().setSignature("s").setExcerpt(excerpt))
                .build();
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-6);
    }

    @Provide
    Arbitrary<Hit> hits() {
        return Hits.any();
    }
}
