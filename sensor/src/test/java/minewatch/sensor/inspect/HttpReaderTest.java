package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpReaderTest {
    private final Heard heard = new Heard();

    private static final String REQUEST =
            "POST /LP?miner=26@0xab HTTP/1.1\r\nHost: a:8332\r\nAuthorization: Basic"
                    + " ZmFybTpzZWNyZXQ=\r\nUser-Agent: cpuminer/2.5.1\r\nCookie: x\r\n"
                    + "X-Mining-Extensions: midstate\r\nContent-Length: 9\r\n\r\n{\"id\": 0}";

    private static byte[] response(String fields, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(
                ("HTTP/1.1 200 OK\r\n" + fields + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static byte[] chunked(byte[] body, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < body.length; at += size) {
            int length = Math.min(size, body.length - at);
            out.writeBytes(
                    (Integer.toHexString(length) + ";x=1\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body, at, length);
            out.writeBytes(new byte[] {'\r', '\n'});
        }
        out.writeBytes("0\r\nTrailer: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    @Test
    void headIsRenderedWithoutPasswordOrCookie() {
        heard.bytes(REQUEST);
        assertThat(heard.heads)
                .containsExactly(
                        "{\"http\":\"POST\",\"target\":\"/LP?miner=26@0xab\",\"path\":[\"LP\"],"
                                + "\"query\":{\"miner\":\"26@0xab\"},\"user\":\"farm\","
                                + "\"host\":\"a:8332\",\"user-agent\":\"cpuminer/2.5.1\","
                                + "\"x-mining-extensions\":\"midstate\"}");
        assertThat(heard.bodies).containsExactly("{\"id\": 0}");
        assertThat(heard.texts).isEmpty();
    }

    @Test
    void requestsFollowEachOtherWholeOrByteByByte() {
        byte[] three = REQUEST.repeat(3).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(heard.bytes(three).bodies).hasSize(3);
        assertThat(new Heard().oneByOne(three).bodies).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1000})
    void chunkedBodyIsPutTogether(int size) {
        byte[] body = "{\"result\":{\"a\":[1,2]}}".getBytes(StandardCharsets.UTF_8);
        byte[] wire = response("Transfer-Encoding: chunked\r\n", chunked(body, size));
        byte[] twice = Arrays.copyOf(wire, 2 * wire.length);
        System.arraycopy(wire, 0, twice, wire.length, wire.length);
        assertThat(heard.bytes(twice).bodies)
                .containsExactly("{\"result\":{\"a\":[1,2]}}", "{\"result\":{\"a\":[1,2]}}");
        assertThat(new Heard().oneByOne(twice).bodies).hasSize(2);
    }

    @Test
    void textsOfALongResponseAreHeardAsTheyCome() {
        heard.bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\":1}\n\r\n");
        heard.bytes("8\r\n{\"b\":2}\n\r\n");
        assertThat(heard.bodies).containsExactly("{\"a\":1}", "{\"b\":2}");
    }

    @Test
    void compressedBodiesAreRead() {
        String json = "{\"result\":\"" + "ab".repeat(3000) + "\"}";
        UnaryOperator<byte[]> alone =
                body -> response("Content-Length: " + body.length + "\r\n", body);
        byte[] gzip = Compressed.gzip(json);
        byte[] zlib = Compressed.deflate(json, false);
        byte[] bare = Compressed.deflate(json, true);
        String length = "Content-Length: %d\r\nContent-Encoding: %s\r\n";
        heard.bytes(response(length.formatted(gzip.length, "gzip"), gzip));
        heard.bytes(response(length.formatted(zlib.length, "deflate"), zlib));
        heard.oneByOne(response(length.formatted(bare.length, "deflate"), bare));
        heard.oneByOne(
                response(
                        "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
                        chunked(gzip, 5)));
        heard.bytes(alone.apply("{\"b\":2}".getBytes(StandardCharsets.UTF_8)));
        assertThat(heard.bodies).containsExactly(json, json, json, json, "{\"b\":2}");
        assertThat(heard.budget.unreadable()).isZero();
    }

    @Test
    void damagedBodyIsCountedAndTheNextIsRead() {
        byte[] gzip = Compressed.gzip("{\"a\":1}");
        Arrays.fill(gzip, 10, gzip.length, (byte) 0xFF);
        heard.bytes(
                response(
                        "Content-Encoding: gzip\r\nContent-Length: " + gzip.length + "\r\n", gzip));
        heard.bytes(REQUEST);
        assertThat(heard.bodies).containsExactly("{\"id\": 0}");
        assertThat(heard.budget.unreadable()).isEqualTo(1);
    }

    @Test
    void bombIsNotUnfolded() {
        byte[] bomb = Compressed.gzip(new byte[64 << 20]);
        long before = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            heard.bytes(
                    response(
                            "Content-Encoding: gzip\r\nContent-Length: " + bomb.length + "\r\n",
                            bomb));
        }
        assertThat(heard.budget.bombs()).isEqualTo(1);
        assertThat(heard.budget.usedBytes()).isLessThanOrEqualTo(2L * Inflation.MEMORY_BYTES);
        assertThat(System.nanoTime() - before).isLessThan(2_000_000_000L); // unfolded: 6 GB
        heard.framer.release();
        assertThat(heard.budget.usedBytes()).isZero();
    }

    @Test
    void bodyThatIsNoJsonIsPassedOverByItsLength() {
        String page = "<html>\n{\"a\":1}\n</html>";
        heard.bytes(
                response(
                        "Content-Length: " + page.length() + "\r\n",
                        page.getBytes(StandardCharsets.UTF_8)));
        heard.bytes(REQUEST);
        assertThat(heard.texts).isEmpty();
        assertThat(heard.bodies).containsExactly("{\"id\": 0}");
    }

    @Test
    void answerToHeadHasNoBodyWhateverItSays() {
        heard.bytes("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
        heard.bytes(response("Content-Length: 2\r\n", "{}".getBytes(StandardCharsets.UTF_8)));
        assertThat(heard.heads).hasSize(2);
        assertThat(heard.bodies).containsExactly("{}");
    }

    @Test
    void readingStartsInTheMiddleOfABody() {
        heard.bytes("abc\",\"x\":1}\n").bytes(REQUEST);
        assertThat(heard.bodies).containsExactly("{\"id\": 0}");
    }

    @Test
    void afterAGapTheNextHeadIsFound() {
        heard.bytes("POST / HTTP/1.1\r\nContent-Length: 90\r\n\r\n{\"id\":").gap();
        heard.bytes("rest of it}").bytes(REQUEST);
        assertThat(heard.bodies).containsExactly("{\"id\": 0}");
    }

    @Test
    void connectTellsWhereTheTunnelGoes() {
        heard.bytes("CONNECT xmr.pool.example:3333 HTTP/1.1\r\nHost: x\r\n\r\n{\"id\":1}\n");
        assertThat(heard.tunnels).containsExactly("http-connect xmr.pool.example 3333");
        assertThat(heard.texts).containsExactly("{\"id\":1}");
        Heard answer = new Heard();
        answer.bytes("HTTP/1.1 200 Connection established\r\n\r\n{\"id\":1,\"result\":true}\n");
        assertThat(answer.texts).containsExactly("{\"id\":1,\"result\":true}");
    }

    @Test
    void endlessHeadAndEndlessChunkLineAreGivenUp() {
        heard.bytes("POST / HTTP/1.1\r\n");
        for (int i = 0; i < 100; i++) {
            heard.bytes("X: " + "y".repeat(1000) + "\r\n");
        }
        heard.bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1".repeat(9000));
        assertThat(heard.budget.usedBytes()).isLessThanOrEqualTo(16 << 10);
        heard.bytes(REQUEST);
        assertThat(heard.bodies).containsExactly("{\"id\": 0}");
    }
}
