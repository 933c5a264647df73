package minewatch.sensor.flow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import minewatch.testkit.Packets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    private static final int MASKED = 0x80;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1}",
                "{ \"id\"",
                "{\n",
                "{}",
                "{",
                "\n{\"id\"",
                " \r\n\t{\"",
                "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.1\r\nupgrade:  WebSocket\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\n\r\n{\"id\":0,\"method\":\"getwork\"}",
                "POST / HTTP/1.1\r\nx-mining-extensions: midstate\r\nContent-Length: 9",
                "HTTP/1.1 200 OK\r\nX-Long-Polling: /LP\r\n\r\n",
                "HTTP/1.0 200 OK\r\nServer: a\r\n\r\n{\"error\":null,\"result\": {",
                "POST /0xab/rig HTTP/1.1\r\nHost: a\r\n\r\n{\"method\": \"eth_getWork\"}",
                "CONNECT pool.example:3333 HTTP/1.1\r\n",
                "\5\2\0\2",
                "\4\1\15\5\0\0\0\1user\0pool.example\0",
                "P",
                "POST /a",
                "G",
                "GET /a HTTP/1",
                "H",
                "HTTP/1.1",
                "CONNECT pool"
            })
    void whatMayBeMiningPasses(String payload) {
        assertThat(passes(payload.getBytes(ISO_8859_1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{a}",
                "{{",
                "     {\"",
                " ",
                "\n\n",
                "[{\"id\":1}]",
                "GET / HTTP/1.1\r\nHost: upgrade: websocket\r\n\r\n",
                "GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n",
                "POST / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"name\":\"ann\"}",
                "POST /form HTTP/1.1\r\nHost: a\r\n\r\nx-mining-extensions=1&a={\"method\"",
                "POST /api HTTP/1.1\r\nHost: a\r\n\r\n{\"name\":\"ann\"}",
                "GET / HTTP/1.0\r\n\r\n",
                "PING",
                "POST / HTTP/1.1\r\nHost: a\r\n\r\n{\"id\":0,\"method\":\"eth_getBalance\"}",
                "HTTP/1.1 200 OK\r\nServer: a\r\n\r\n{\"id\":0,\"result\":\"0x1f\"}",
                "GET / HTTP/1.1\r\nUpgrade: websock",
                "GET / HTTP/1.1\r\nHost: www.example\r\nUser-Agent: short",
                "CONNECT www.example:443 HTTP/1.1\r\n",
                "\5\0",
                "\5\1\0\1",
                "\5\1\77",
                "\4\1\0\0\0\0\0\1user\0",
                "\4\2\15\5\0\0\0\1user\0",
                "\u0016\u0003\u0001"
            })
    void whatIsSomethingElseDoesNot(String payload) {
        assertThat(passes(payload.getBytes(ISO_8859_1))).isFalse();
    }

    @Test
    void webSocketFramesOfObjectsPassMaskedOrNot() {
        for (int opcode : new int[] {0x81, 0x82}) {
            for (int length : new int[] {2, 125, 126, 1000, 65535}) {
                assertThat(passes(frame(opcode, 0, length, "{\""))).isTrue();
                assertThat(passes(frame(opcode, MASKED, length, "{\""))).isTrue();
            }
        }
        assertThat(passes(frame(0x81, 0, 70_000, "{\""))).isTrue();
    }

    @Test
    void firstFragmentOfAnObjectPasses() {
        assertThat(passes(frame(0x01, 0, 20, "{\""))).isTrue();
        assertThat(passes(frame(0x01, 0, 20, "he"))).isFalse();
    }

    @Test
    void compressedFramePassesWhereItFillsTheSegment() {
        byte[] frame = frame(0xC1, MASKED, 20, "\u00aaV");
        assertThat(passes(frame)).isTrue();
        assertThat(passes(concat(frame, new byte[] {0}))).isFalse();
    }

    @Test
    void shortGzipMemberPassesAndAFileDoesNot() {
        byte[] header = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, 3};
        assertThat(passes(concat(header, new byte[40]))).isTrue();
        assertThat(passes(concat(header, new byte[1400]))).isFalse();
        assertThat(passes(concat(new byte[] {0x1F, (byte) 0x8B, 7, 0}, new byte[40]))).isFalse();
    }

    @Test
    void otherWebSocketFramesDoNot() {
        assertThat(passes(frame(0x81, 0, 20, "[\""))).isFalse();
        assertThat(passes(frame(0x81, MASKED, 20, "he"))).isFalse();
        assertThat(passes(frame(0x81, 0, 2 << 20, "{\""))).isFalse(); // too long to be true
        assertThat(passes(new byte[] {(byte) 0x81})).isFalse();
        assertThat(passes(new byte[] {(byte) 0x81, 126, 0})).isFalse();
        assertThat(passes(new byte[] {(byte) 0x81, 127, -1, 0, 0, 0, 0, 0, 0, 0, '{', '"'}))
                .isFalse();
    }

    @Test
    void frameMayBeFollowedByAnotherFrameOnly() {
        byte[] two = concat(frame(0x81, 0, 2, "{\""), frame(0x89, 0, 0, ""));
        byte[] junk = concat(frame(0x81, 0, 2, "{\""), new byte[] {0x70});

        assertThat(passes(two)).isTrue();
        assertThat(passes(junk)).isFalse();
    }

    /// Whether a flow of this one payload becomes suspect.
    private static boolean passes(byte[] payload) {
        try (Flows flows = new Flows()) {
            flows.at(1, Packets.tcp("10.0.0.1", 1, "10.0.0.2", 2).payload(payload));
            return !flows.events.isEmpty();
        }
    }

    /// The start of a frame that holds `length` bytes, at most 1000 of them.
    private static byte[] frame(int opcode, int masked, int length, String start) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(opcode);
        int extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
        frame.write(masked | (extended == 0 ? length : extended == 2 ? 126 : 127));
        for (int i = extended - 1; i >= 0; i--) {
            frame.write(i < 4 ? length >>> (8 * i) : 0);
        }
        byte[] mask = {0x12, 0x34, 0x56, 0x78};
        if (masked != 0) {
            frame.writeBytes(mask);
        }
        for (int i = 0; i < Math.min(length, 1000); i++) {
            int character = i < start.length() ? start.charAt(i) : 'x';
            frame.write(masked != 0 ? character ^ mask[i % 4] : character);
        }
        return frame.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(a);
        both.writeBytes(b);
        return both.toByteArray();
    }
}
