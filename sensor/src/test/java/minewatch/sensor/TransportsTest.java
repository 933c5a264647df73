package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.inspect.Compressed;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// However mining is carried, the whole sensor finds it; and nothing else in the same clothes.
class TransportsTest {
    private static final String LOGIN =
            "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"login\",\"params\":{\"login\":\"farm01\",\"pass\":\"x\","
                    + "\"agent\":\"XMRig/6.26.0 (Linux x86_64) libuv/1.44.2 gcc/12.2.0\",\"rigid\":\"r7\"}}\n";
    private static final String JOB =
            "\"blob\":\"0a0aa3c391d8068b864c7251c71bd440ded3597c856e3abfaa857828f94ba351162ba55231f8bd"
                    + "000000922cdb498f50895f9f200859256d908378c7dd0e045e0e04d898871f84f4808c7f36\","
                    + "\"job_id\":\"fda7f893704850781495\",\"target\":\"e2361a00\",\"algo\":\"rx/0\","
                    + "\"height\":3100005";
    private static final String LOGIN_REPLY =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":null,\"result\":{\"id\":\"1664d5b66caa24e5\",\"job\":{"
                    + JOB
                    + "},\"extensions\":[\"algo\",\"keepalive\"],\"status\":\"OK\"}}\n";
    private static final String SUBMIT =
            "{\"id\":%d,\"jsonrpc\":\"2.0\",\"method\":\"submit\",\"params\":{\"id\":\"1664d5b66caa24e5\","
                    + "\"job_id\":\"fda7f893704850781495\",\"nonce\":\"681000%02x\","
                    + "\"result\":\"b22bc6a9c5bd8391936e4e4c1256e70aac8cdd69b95564f3932643373d3d1200\"}}\n";
    private static final String ACCEPTED =
            "{\"id\":%d,\"jsonrpc\":\"2.0\",\"error\":null,\"result\":{\"status\":\"OK\"}}\n";

    private static final String GBT_REQUEST =
            "{\"method\": \"getblocktemplate\", \"params\": [{\"capabilities\": [\"coinbasetxn\","
                    + " \"longpoll\"], \"rules\": [\"segwit\"]}], \"id\":0}";
    private static final String GBT_REPLY =
            "{\"result\":{\"version\":536870912,\"previousblockhash\":"
                    + "\"00000000000000000008dad512623d96b91dd7195250506998ccf2d47de38916\","
                    + "\"transactions\":[],\"coinbasevalue\":312500000,\"target\":"
                    + "\"0000000000000000000342190000000000000000000000000000000000000000\","
                    + "\"bits\":\"17034219\",\"curtime\":1795450709,\"height\":920001},\"error\":null,\"id\":0}";

    private static Conversation mine(Conversation conversation) {
        conversation.originator(LOGIN).responder(LOGIN_REPLY);
        for (int id = 2; id < 5; id++) {
            conversation.originator(SUBMIT.formatted(id, id)).responder(ACCEPTED.formatted(id));
        }
        return conversation;
    }

    private static String post(String fields, String body) {
        return "POST / HTTP/1.1\r\nHost: 10.0.0.2\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(fields, body.length(), body);
    }

    private static String answer(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    }

    private static String head(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    private static void assertMiner(Hit hit, String protocol) {
        assertThat(hit.getVerdict()).isEqualTo(Verdict.MINER);
        assertThat(hit.getSourceIp()).isEqualTo(Conversation.miner());
        assertThat(hit.getProtocolsList()).containsExactly(protocol);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 1400})
    void sharesAreCountedHoweverTheStreamIsCut(int segmentBytes) {
        try (Conversation conversation = new Conversation().segments(segmentBytes)) {
            Hit hit = mine(conversation).hit();
            assertMiner(hit, "cryptonote");
            assertThat(hit.getShares().getAccepted()).isEqualTo(3);
        }
    }

    @Test
    void severalMessagesInASegmentAreAllRead() {
        try (Conversation conversation = new Conversation()) {
            conversation.originator(LOGIN).responder(LOGIN_REPLY);
            conversation.originator(SUBMIT.formatted(2, 2) + SUBMIT.formatted(3, 3));
            conversation.responder(ACCEPTED.formatted(2) + ACCEPTED.formatted(3));
            assertThat(conversation.hit().getShares().getAccepted()).isEqualTo(2);
        }
    }

    @Test
    void lostSegmentsCostTheirMessagesOnly() {
        try (Conversation conversation = new Conversation().segments(100)) {
            mine(conversation).lose(333);
            for (int id = 5; id < 8; id++) {
                conversation.originator(SUBMIT.formatted(id, id)).responder(ACCEPTED.formatted(id));
            }
            Hit hit = conversation.hit();
            assertMiner(hit, "cryptonote");
            assertThat(hit.getShares().getAccepted()).isEqualTo(6);
        }
    }

    @Test
    void ofTwoVersionsOfASegmentTheFirstCounts() {
        try (Conversation conversation = new Conversation()) {
            conversation.originator(LOGIN);
            conversation.originatorAgain(LOGIN.replace("farm01", "other1"), LOGIN.length());
            conversation.responder(LOGIN_REPLY);
            conversation.originator(SUBMIT.formatted(2, 2)).responder(ACCEPTED.formatted(2));
            assertThat(conversation.hit().getAccountsList()).containsExactly("farm01");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1400})
    void socksProxyIsNotCalledThePool(int segmentBytes) {
        try (Conversation conversation = new Conversation().segments(segmentBytes)) {
            conversation.originator(hex("05020002")).responder(hex("0502"));
            conversation.originator(hex("0104666172 6d03 616263")).responder(hex("0100"));
            conversation.originator(hex("05010003 0c 706f6f6c2e6578616d706c65 1e61"));
            conversation.responder(hex("05000001 0a580114 d25e"));
            Hit hit = mine(conversation).hit();
            assertMiner(hit, "cryptonote");
            assertThat(hit.getPoolsList())
                    .containsExactly(
                            Pool.newBuilder()
                                    .setHost("pool.example")
                                    .setPort(7777)
                                    .addBy("socks")
                                    .addBy("dialogue")
                                    .build());
        }
    }

    @Test
    void httpProxyIsNotCalledThePool() {
        try (Conversation conversation = new Conversation()) {
            conversation.originator("CONNECT 10.88.1.20:3333 HTTP/1.1\r\nHost: 10.88.1.20\r\n\r\n");
            conversation.responder("HTTP/1.1 200 Connection established\r\n\r\n");
            Pool pool = mine(conversation).hit().getPools(0);
            assertThat(pool.getIp().toByteArray()).containsExactly(10, 88, 1, 20);
            assertThat(pool.hasHost()).isFalse();
            assertThat(pool.getByList()).containsExactly("http-connect", "dialogue");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 1400})
    void soloMinerIsFoundThroughChunksAndCompression(int segmentBytes) {
        byte[] gzip = Compressed.gzip(GBT_REPLY);
        try (Conversation conversation = new Conversation().segments(segmentBytes)) {
            for (int i = 0; i < 2; i++) {
                conversation.originator(
                        post(
                                "User-Agent: cpuminer/2.5.1\r\nX-Mining-Extensions: midstate\r\n",
                                GBT_REQUEST));
                ByteArrayOutputStream answer = new ByteArrayOutputStream();
                answer.writeBytes(
                        ("HTTP/1.1 200 OK\r\nX-Long-Polling: /LP\r\nTransfer-Encoding: chunked\r\n"
                                        + "Content-Encoding: gzip\r\n\r\n"
                                        + Integer.toHexString(gzip.length)
                                        + "\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                answer.writeBytes(gzip);
                answer.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                conversation.responder(answer.toByteArray());
            }
            Hit hit = conversation.hit();
            assertMiner(hit, "getblocktemplate");
            assertThat(hit.getAgentsList()).containsExactly("cpuminer/2.5.1");
            assertThat(hit.getEvidenceList())
                    .anyMatch(e -> e.getSignature().equals("getblocktemplate.template"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00000000000000000008dad512623d96b91dd7195250506998ccf2d47de38916, sha256d", // Bitcoin
        "000000000000001b08dad512623d96b91dd7195250506998ccf2d47de38916a1,",
        "3b0c8dad512623d96b91dd7195250506998ccf2d47de3891600a1b2c3d4e5f60,", // Litecoin
    })
    void soloMinerOfAnotherChainThanBitcoinsIsNotSaidToMineAsBitcoinIsMined(
            String previousBlock, @Nullable String algorithm) {
        try (Conversation conversation = new Conversation()) {
            conversation.originator(
                    post(
                            "User-Agent: cpuminer/2.5.1\r\nX-Mining-Extensions: midstate\r\n",
                            GBT_REQUEST));
            conversation.responder(
                    answer(
                            GBT_REPLY.replaceFirst(
                                    "(?<=previousblockhash\":\")[0-9a-f]{64}", previousBlock)));
            Hit hit = conversation.hit();
            assertMiner(hit, "getblocktemplate");
            assertThat(hit.getAlgorithmsList())
                    .isEqualTo(algorithm == null ? List.of() : List.of(algorithm));
        }
    }

    @Test
    void poolThatAsksItsOwnNodeIsNotMining() {
        try (Conversation conversation = new Conversation()) {
            for (int i = 0; i < 50; i++) {
                conversation.originator(post("Authorization: Basic dTpw\r\n", GBT_REQUEST));
                conversation.responder(answer(GBT_REPLY));
            }
            conversation.originator(
                    post(
                            "",
                            "{\"method\":\"submitblock\",\"params\":[\"%s\"],\"id\":7}"
                                    .formatted("02".repeat(120))));
            conversation.responder(answer("{\"result\":null,\"error\":null,\"id\":7}"));
            assertThat(conversation.hits()).isEmpty();
            assertThat(conversation.counters().inspectedPackets()).isPositive();
        }
    }

    @Test
    void poolThatAsksItsEthereumNodeIsNotMining() {
        try (Conversation conversation = new Conversation()) {
            String hash = "0x" + "3a".repeat(32);
            for (int i = 0; i < 50; i++) {
                conversation.originator(
                        post(
                                "User-Agent: Go-http-client/1.1\r\n",
                                "{\"jsonrpc\":\"2.0\",\"method\":\"eth_getWork\",\"params\":[],\"id\":0}"));
                conversation.responder(
                        answer(
                                "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":[\"%s\",\"%s\",\"0x00%s\"]}"
                                        .formatted(hash, hash, "ab".repeat(31))));
            }
            conversation.originator(
                    post(
                            "",
                            "{\"jsonrpc\":\"2.0\",\"method\":\"eth_submitWork\",\"params\":[\"0x63d8903c474b670f\",\"%s\",\"%s\"],\"id\":0}"
                                    .formatted(hash, hash)));
            conversation.responder(answer("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":true}"));
            assertThat(conversation.hits()).isEmpty();
        }
    }

    @Test
    void walletInThePathIsAMiner() {
        try (Conversation conversation = new Conversation()) {
            String wallet = "0x3847b2785fad1877c064cd259498ea2b5bffc01d";
            String hash = "0x" + "3a".repeat(32);
            for (int i = 0; i < 3; i++) {
                conversation.originator(
                        post(
                                        "",
                                        "{\"jsonrpc\":\"2.0\",\"method\":\"eth_getWork\",\"params\":[],\"id\":0}")
                                .replace("POST / ", "POST /" + wallet + "/rig7 "));
                conversation.responder(
                        answer(
                                "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":[\"%s\",\"%s\",\"0x00%s\"]}"
                                        .formatted(hash, hash, "ab".repeat(31))));
                conversation.originator(
                        post(
                                        "",
                                        "{\"jsonrpc\":\"2.0\",\"method\":\"eth_submitWork\",\"params\":[\"0x63d8903c474b670f\",\"%s\",\"%s\"],\"id\":1}"
                                                .formatted(hash, hash))
                                .replace("POST / ", "POST /" + wallet + "/rig7 "));
                conversation.responder(answer("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":true}"));
            }
            Hit hit = conversation.hit();
            assertMiner(hit, "eth-getwork");
            assertThat(hit.getAccountsList()).containsExactly(wallet);
            assertThat(hit.getWorkersList()).containsExactly("rig7");
            assertThat(hit.getShares().getAccepted()).isEqualTo(3);
        }
    }

    @Test
    void getworkSharesAreCountedAndTheAccountIsTheOneOfTheHead() {
        try (Conversation conversation = new Conversation()) {
            String head =
                    String.join(
                            "\r\n",
                            "Authorization: Basic ZmFybS5yaWc3OnNlY3JldA==",
                            "X-Mining-Extensions: longpoll midstate",
                            "");
            String data = "0002".repeat(64);
            for (int id = 1; id < 9; id += 2) {
                conversation.originator(
                        post(
                                head,
                                "{\"method\": \"getwork\", \"params\": [], \"id\":%d}"
                                        .formatted(id)));
                conversation.responder(
                        answer(
                                "{\"error\":null,\"id\":%d,\"result\":{\"data\":\"%s\",\"target\":\"%s00000000\"}}"
                                        .formatted(id, data, "ff".repeat(28))));
                conversation.originator(
                        post(
                                head,
                                "{\"method\": \"getwork\", \"params\": [\"%s\"], \"id\":%d}"
                                        .formatted(data, id + 1)));
                conversation.responder(
                        answer("{\"error\":null,\"id\":%d,\"result\":true}".formatted(id + 1)));
            }
            Hit hit = conversation.hit();
            assertMiner(hit, "getwork");
            assertThat(hit.getShares().getAccepted()).isEqualTo(4);
            assertThat(hit.getAccountsList()).containsExactly("farm");
            assertThat(hit.getWorkersList()).containsExactly("farm.rig7");
        }
    }

    @Test
    void shortConnectionOfXmrigToItsNodeIsEnough() {
        try (Conversation conversation = new Conversation()) {
            String wallet =
                    "4"
                            + "4AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7S"
                                    .repeat(2)
                                    .substring(0, 94);
            conversation.originator(
                    post(
                                    "User-Agent: XMRig/6.26.0 (Linux x86_64) libuv/1.44.2\r\n",
                                    "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"getblocktemplate\",\"params\":{\"wallet_address\":\"%s\",\"reserve_size\":8}}"
                                            .formatted(wallet))
                            .replace("POST / ", "POST /json_rpc "));
            conversation.responder(
                    answer(
                            "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":{\"blocktemplate_blob\":\"%s\",\"blockhashing_blob\":\"%s\",\"difficulty\":430000000000,\"height\":3100038,\"prev_hash\":\"%s\",\"status\":\"OK\"}}"
                                    .formatted(
                                            "10".repeat(200), "10".repeat(76), "9d".repeat(32))));
            Hit hit = conversation.hit();
            assertMiner(hit, "getblocktemplate");
            assertThat(hit.getAccountsList()).containsExactly(wallet);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1400})
    void pageThatMinesIsFoundThroughCompression(int segmentBytes) {
        Deflater up = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        Deflater down = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try (Conversation conversation = new Conversation().segments(segmentBytes)) {
            conversation.originator(
                    head(
                            "GET /proxy HTTP/1.1",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Key: k",
                            "Sec-WebSocket-Extensions: permessage-deflate"));
            conversation.responder(
                    head(
                            "HTTP/1.1 101 Switching Protocols",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Accept: a"));
            String job = JOB.substring(0, JOB.indexOf(",\"algo"));
            conversation.originator(
                    frame(
                            up,
                            "{\"type\":\"auth\",\"params\":{\"site_key\":\"VcW9AqDDGfQyaSEuYDvCiXDJ8jDi7bLr\","
                                    + "\"type\":\"anonymous\",\"user\":null,\"goal\":0}}"));
            conversation.responder(
                    frame(down, "{\"type\":\"authed\",\"params\":{\"token\":\"\",\"hashes\":0}}"));
            conversation.responder(frame(down, "{\"type\":\"job\",\"params\":{" + job + "}}"));
            conversation.originator(
                    frame(
                            up,
                            "{\"type\":\"submit\",\"params\":{\"job_id\":\"fda7f893704850781495\",\"nonce\":\"600a0000\","
                                    + "\"result\":\"34906d8560e40212805f06a75747909ece0e79f74c139b0f939bc91115840000\"}}"));
            conversation.responder(
                    frame(down, "{\"type\":\"hash_accepted\",\"params\":{\"hashes\":512}}"));
            Hit hit = conversation.hit();
            assertThat(hit.getVerdict()).isEqualTo(Verdict.BROWSER);
            assertThat(hit.getShares().getAccepted()).isEqualTo(1);
        } finally {
            up.end();
            down.end();
        }
    }

    /// Unmasked, less than 64 KiB.
    private static byte[] frame(Deflater deflater, String text) {
        byte[] message = Compressed.message(deflater, text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0xC1);
        if (message.length < 126) {
            out.write(message.length);
        } else {
            out.writeBytes(new byte[] {126, (byte) (message.length >> 8), (byte) message.length});
        }
        out.writeBytes(message);
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1400})
    void streamThatSwitchesToGzipIsRead(int segmentBytes) {
        try (Conversation conversation = new Conversation().segments(segmentBytes)) {
            conversation.originator(LOGIN).responder(LOGIN_REPLY);
            for (int id = 2; id < 5; id++) {
                conversation.originator(Compressed.gzip(SUBMIT.formatted(id, id)));
                conversation.responder(Compressed.gzip(ACCEPTED.formatted(id)));
            }
            assertThat(conversation.hit().getShares().getAccepted()).isEqualTo(3);
        }
    }

    @Test
    void gzipIsReadFromTheMiddle() {
        try (Conversation conversation = new Conversation()) {
            conversation.responder(Compressed.gzip(LOGIN_REPLY));
            for (int id = 2; id < 5; id++) {
                conversation.originator(Compressed.gzip(SUBMIT.formatted(id, id)));
                conversation.responder(Compressed.gzip(ACCEPTED.formatted(id)));
            }
            assertMiner(conversation.hit(), "cryptonote");
        }
    }

    @Test
    void endlessLinesAndDeepNestingAreBoundedAndCounted() {
        try (Conversation conversation = new Conversation()) {
            mine(conversation);
            conversation.originator("{\"id\":\"").originator("x".repeat(300_000));
            conversation.responder("{\"a\":".repeat(60_000));
            assertThat(conversation.counters().inspectAnomalies().get("message.too_long"))
                    .isGreaterThanOrEqualTo(2);
            assertMiner(conversation.hit(), "cryptonote");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PING", "get", "OPTIONS"})
    void ordinaryWebTrafficHasNoSession(String word) {
        try (Conversation conversation = new Conversation()) {
            for (int i = 0; i < 20; i++) {
                conversation.originator(
                        "%s /index HTTP/1.1\r\nHost: a\r\n\r\n"
                                .formatted(word.toUpperCase(Locale.ROOT)));
                conversation.responder(answer("<html>{\"result\":1}</html>"));
            }
            assertThat(conversation.counters().inspectedPackets()).isZero();
        }
    }
}
