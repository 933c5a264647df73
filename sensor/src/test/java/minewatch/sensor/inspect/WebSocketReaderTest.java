package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class WebSocketReaderTest {
    private static final String ACCEPT =
            "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\n\r\n";
    private final Heard heard = new Heard();

    @Test
    void webSocketAfterUpgradeMaskedAndFragmented() {
        String head =
                "GET /proxy HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nSec-WebSocket-Key: abc\r\n\r\n";
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        wire.writeBytes(frame(0x01, "{\"type\":", true));
        wire.writeBytes(frame(0x89, "ping", true));
        wire.writeBytes(frame(0x80, "\"auth\"}", true));
        wire.writeBytes(frame(0x81, "{\"n\":" + " ".repeat(200) + "2}", false));
        heard.bytes(wire.toByteArray());
        assertThat(heard.texts)
                .containsExactly("{\"type\":\"auth\"}", "{\"n\":" + " ".repeat(200) + "2}");
        Heard slow = new Heard();
        slow.oneByOne(wire.toByteArray());
        assertThat(slow.texts).hasSize(2);
    }

    @Test
    void webSocketIsReadFromTheMiddle() {
        heard.bytes(frame(0x81, "{\"type\":\"job\"}", true));
        heard.bytes(frame(0x81, "{\"type\":\"submit\"}", true));
        assertThat(heard.texts).containsExactly("{\"type\":\"job\"}", "{\"type\":\"submit\"}");
    }

    @Test
    void compressedMessagesAreReadWithTheWindowKeptOrNot() {
        for (boolean kept : new boolean[] {true, false}) {
            byte[] wire = compressedJobs(kept);
            assertThat(new Heard().bytes(wire).texts).containsExactly(job(0), job(1), job(2));
            assertThat(new Heard().oneByOne(wire).texts).containsExactly(job(0), job(1), job(2));
        }
    }

    @Test
    void afterALossCompressedMessagesAreReadWhereTheyStandAlone() {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        heard.bytes(ACCEPT).bytes(frame(0xC1, Compressed.message(deflater, job(0)), false));
        byte[] lost = frame(0xC1, Compressed.message(deflater, job(1)), false);
        heard.bytes(Arrays.copyOf(lost, 4)).gap();
        heard.bytes(frame(0xC1, Compressed.message(deflater, job(2)), false)); // refers to job 1
        deflater.reset();
        heard.bytes(frame(0xC1, Compressed.message(deflater, job(3)), false));
        deflater.end();
        assertThat(heard.texts).containsExactly(job(0), job(3));
        assertThat(heard.budget.unreadable()).isEqualTo(1);
    }

    @Test
    void afterALossInAFragmentedMessageTheNextMessageIsRead() {
        heard.bytes(ACCEPT).bytes(frame(0x01, "{\"type\":", true)).gap();
        heard.bytes(frame(0x80, "\"auth\"}", true));
        heard.bytes(frame(0x81, "{\"b\":2}", true));
        assertThat(heard.texts).containsExactly("{\"b\":2}");
    }

    @Test
    void bombIsNotUnfolded() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        byte[] bomb = Compressed.message(deflater, "x".repeat(8 << 20));
        deflater.end();
        heard.bytes(ACCEPT).bytes(frame(0xC1, bomb, false));
        heard.bytes(frame(0x81, "{\"b\":2}", false));
        assertThat(heard.budget.bombs()).isEqualTo(1);
        assertThat(heard.texts).containsExactly("{\"b\":2}");
        assertThat(heard.budget.usedBytes()).isLessThanOrEqualTo(Inflation.MEMORY_BYTES);
    }

    private static byte[] compressedJobs(boolean windowKept) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(ACCEPT.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 3; i++) {
            byte[] message = Compressed.message(deflater, job(i));
            int half = message.length / 2;
            wire.writeBytes(frame(0x41, Arrays.copyOf(message, half), true));
            wire.writeBytes(frame(0x89, "ping", false));
            wire.writeBytes(frame(0x80, Arrays.copyOfRange(message, half, message.length), true));
            if (!windowKept) {
                deflater.reset();
            }
        }
        deflater.end();
        return wire.toByteArray();
    }

    private static String job(int number) {
        return "{\"type\":\"job\",\"params\":{\"job_id\":\"a%d\",\"target\":\"ffffff00\"}}"
                .formatted(number);
    }

    private static byte[] frame(int first, String text, boolean masked) {
        return frame(first, text.getBytes(StandardCharsets.UTF_8), masked);
    }

    private static byte[] frame(int first, byte[] payload, boolean masked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int mask = masked ? 0x80 : 0;
        if (payload.length < 126) {
            out.write(mask | payload.length);
        } else if (payload.length < 65536) {
            out.write(mask | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(mask | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        byte[] key = {0x11, 0x22, 0x33, 0x44};
        if (masked) {
            out.writeBytes(key);
        }
        for (int i = 0; i < payload.length; i++) {
            out.write(masked ? payload[i] ^ key[i & 3] : payload[i]);
        }
        return out.toByteArray();
    }
}
