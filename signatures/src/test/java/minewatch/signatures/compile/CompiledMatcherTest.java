package minewatch.signatures.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import minewatch.signatures.Field;
import minewatch.signatures.Matcher;
import minewatch.signatures.Messages;
import minewatch.signatures.Side;
import minewatch.signatures.SignaturePacks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledMatcherTest {
    private final Messages messages = new Messages(SignaturePacks.builtIn());
    private final Matcher matcher = messages.matcher;

    @Test
    void replyWithNoMeaningOfItsOwnMatchesOnlyBesideItsRequest() {
        String reply = "{\"id\":4,\"result\":true,\"error\":null}";

        assertThat(messages.match(reply)).isEmpty();
        assertThat(messages.match(reply, "stratum-v1.submit"))
                .containsExactly("stratum-v1.accepted");
        assertThat(messages.match(reply, "stratum-v1.authorize"))
                .containsExactly("stratum-v1.authorize-reply");
        assertThat(messages.match(reply, "ethproxy.submit-work"))
                .containsExactly("ethproxy.accepted");
    }

    @Test
    void refusalAndErrorCountAsRejectedOnlyAfterAShare() {
        String error = "{\"id\":24,\"result\":null,\"error\":[21,\"job not found\",null]}";

        assertThat(messages.match(error, "stratum-v1.submit"))
                .containsExactly("stratum-v1.rejected");
        assertThat(messages.match(error, "stratum-v1.extranonce-subscribe")).isEmpty();
        assertThat(messages.match("{\"id\":24,\"result\":false}", "stratum-v1.submit"))
                .containsExactly("stratum-v1.refused");
    }

    @Test
    void acceptedCryptonoteShareIsToldFromOtherAnswersWithoutTheRequest() {
        String ok = "{\"id\":2,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"status\":\"OK\"}}";

        assertThat(messages.match(ok)).containsExactly("cryptonote.accepted");
        assertThat(messages.match(ok, "cryptonote.submit")).containsExactly("cryptonote.accepted");
        assertThat(messages.match(ok, "cryptonote.keepalived")).isEmpty();
        assertThat(messages.match(ok.replace("OK", "KEEPALIVED")))
                .containsExactly("cryptonote.keepalived-reply");
    }

    @Test
    void messageOfUnknownSenderIsHeldAgainstBothSides() {
        byte[] text = bytes("{\"method\":\"mining.set_difficulty\",\"params\":[1],\"id\":null}");
        matcher.parse(text, 0, text.length);
        List<String> fromMiner = new ArrayList<>();
        matcher.match(Side.MINER, null, t -> fromMiner.add(t.id()));

        assertThat(fromMiner).isEmpty();
        assertThat(messages.match(new String(text, StandardCharsets.UTF_8)))
                .contains("stratum-v1.set-difficulty");
    }

    @Test
    void dialectsThatShareAMethodAreToldApartByTheirParameters() {
        assertThat(
                        heaviest(
                                "{\"method\":\"mining.subscribe\",\"params\":[\"cgminer/4.12\"],\"id\":1}"))
                .isEqualTo("stratum-v1.subscribe");
        assertThat(
                        heaviest(
                                "{\"method\":\"mining.subscribe\",\"params\":[\"x\",\"EthereumStratum/1.0.0\"],\"id\":1}"))
                .isEqualTo("ethereum-stratum-1.subscribe");
        assertThat(
                        messages.match(
                                "{\"method\":\"mining.submit\",\"params\":[\"w\",\"1\",\"00000000\",\"5385c669\",\"d3560b00\"],\"id\":2}"))
                .containsExactly("stratum-v1.submit");
    }

    /// The one reading of a message that says most.
    private String heaviest(String message) {
        return messages.match(message).stream()
                .max(Comparator.comparingDouble(id -> messages.template(id).weight()))
                .orElseThrow();
    }

    /// Methods and types with a mining sound, and nothing else of it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"method\":\"login\",\"jsonrpc\":\"2.0\",\"params\":[\"user1\",\"secret\"],\"id\":\"5c4a\"}",
                "{\"id\":1,\"method\":\"login\",\"params\":{\"user\":\"bob\",\"pass\":\"x\",\"agent\":\"backup/1.0\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"5\",\"result\":{\"id\":\"c\",\"status\":\"OK\",\"session\":\"28\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":\"5\",\"result\":[\"df14bbb0\",4]}",
                "{\"method\":\"submit\",\"params\":{\"queue\":\"invoices\",\"job_id\":\"7\"},\"id\":3}",
                "{\"id\":1,\"method\":\"report\",\"params\":{\"temp\":21.4,\"hashrate\":null,\"worker\":\"boiler-1\"}}",
                "{\"method\":\"blockchain.headers.subscribe\",\"params\":[],\"id\":2}",
                "{\"method\":\"monitor\",\"params\":[\"Open_vSwitch\",[\"monid\"],{}],\"id\":1}",
                "{\"method\":\"echo\",\"params\":[],\"id\":\"echo\"}",
                "{\"type\":\"authed\",\"params\":{\"user\":\"u925\",\"hashes\":0}}",
                "{\"type\":\"submit\",\"params\":{\"text\":\"hello there\",\"room\":\"general\"}}",
                "{\"type\":\"job\",\"params\":{\"id\":1,\"title\":\"render frame\",\"progress\":0.5}}",
                "{\"worker\":\"w1\",\"status\":\"alive\",\"id\":7}",
                "{\"id\":1,\"result\":null,\"error\":[20,\"Parse error\",null]}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x1\"}",
                "{\"identifier\":\"job\",\"title\":\"cook\"}"
            })
    void harmlessMessagesSpeakForNothing(String text) {
        assertThat(messages.match(text))
                .allSatisfy(id -> assertThat(messages.template(id).weight()).isNegative());
    }

    @Test
    void genericLoginWithAnAgentWeighsFarTooLittleToAccuse() {
        String login =
                "{\"id\":1,\"method\":\"login\",\"params\":{\"login\":\"bob\",\"pass\":\"x\",\"agent\":\"backup/1.0\"}}";

        assertThat(messages.match(login))
                .contains("cryptonote.login")
                .allSatisfy(
                        id -> assertThat(messages.template(id).weight()).isLessThanOrEqualTo(3));
    }

    @Test
    void fieldsAreReadWhereTheSignatureSaysTheyStand() {
        String job =
                "{\"identifier\":\"job\",\"job_id\":\"9ae1\",\"algo\":\"cn\",\"variant\":1,\"height\":3100001,"
                        + "\"blob\":\""
                        + "0a".repeat(76)
                        + "\",\"target\":\"66666606\"}";

        assertThat(messages.match(job)).containsExactly("webminer.job");
        var template = messages.template("webminer.job");
        assertThat(matcher.text(template, Field.ALGORITHM)).isEqualTo("cn/1");
        assertThat(matcher.text(template, Field.TARGET)).isEqualTo("66666606");
        assertThat(matcher.number(template, Field.HEIGHT)).isEqualTo(3100001);
        assertThat(matcher.text(template, Field.AGENT)).isNull();
        assertThat(matcher.number(template, Field.AGENT)).isNaN();
        assertThat(matcher.hash(template, Field.AGENT)).isZero();
        assertThat(matcher.hash(template, Field.TARGET)).isNotZero();
    }

    @Test
    void numbersAreReadFromHexDecimalsAndFlags() {
        messages.match(
                "{\"id\":6,\"method\":\"eth_submitHashrate\",\"params\":[\"0x375198a\",\"0x"
                        + "0".repeat(64)
                        + "\"]}");
        assertThat(matcher.number(messages.template("ethproxy.submit-hashrate"), Field.HASHRATE))
                .isEqualTo(0x375198a);

        messages.match(
                "{\"id\":16,\"method\":\"mining.hashrate\",\"params\":[\"500000\",\"w-123\"]}");
        assertThat(matcher.number(messages.template("ethereum-stratum-2.hashrate"), Field.HASHRATE))
                .isEqualTo(0x500000);

        messages.match("{\"params\":[0.001],\"id\":null,\"method\":\"mining.set_difficulty\"}");
        assertThat(matcher.number(messages.template("stratum-v1.set-difficulty"), Field.DIFFICULTY))
                .isEqualTo(0.001);
    }

    @Test
    void requestsAreToldFromReplies() {
        assertThat(isRequest("{\"id\":1,\"method\":\"x\"}")).isTrue();
        assertThat(isRequest("{\"type\":\"job\",\"params\":{}}")).isTrue();
        assertThat(isRequest("{\"id\":1,\"result\":true}")).isFalse();
        assertThat(isRequest("{\"id\":1,\"result\":true,\"type\":\"reply\"}")).isFalse();
        assertThat(isRequest("{\"id\":1,\"method\":7}")).isFalse();
        assertThat(isRequest("[1]")).isFalse();
    }

    @Test
    void idsPairWhateverTheirQuotes() {
        assertThat(idHash("{\"id\":12}")).isEqualTo(idHash("{\"id\":\"12\"}")).isNotZero();
        assertThat(idHash("{\"id\":null}")).isZero();
        assertThat(idHash("{}")).isZero();
        assertThat(idHash("[]")).isZero();
    }

    @Test
    void textsThatAreNoObjectMatchNothing() {
        assertThat(parse("[1,2]")).isEqualTo(Matcher.Parse.OTHER);
        assertThat(parse("7")).isEqualTo(Matcher.Parse.OTHER);
        assertThat(parse("{\"id\":1")).isEqualTo(Matcher.Parse.INVALID);
        assertThat(messages.match("[{\"method\":\"mining.subscribe\",\"params\":[]}]")).isEmpty();
    }

    private boolean isRequest(String text) {
        parse(text);
        return matcher.isRequest();
    }

    private long idHash(String text) {
        parse(text);
        return matcher.idHash();
    }

    private Matcher.Parse parse(String text) {
        byte[] bytes = bytes(text);
        return matcher.parse(bytes, 0, bytes.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
