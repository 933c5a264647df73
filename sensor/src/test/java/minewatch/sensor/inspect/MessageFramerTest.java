package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageFramerTest {
    private final List<String> texts = new ArrayList<>();
    private final BufferBudget budget = new BufferBudget(1 << 20);
    private final MessageFramer framer =
            new MessageFramer(
                    budget,
                    (data, start, end, _) ->
                            texts.add(
                                    new String(data, start, end - start, StandardCharsets.UTF_8)));

    private void bytes(byte[] bytes) {
        framer.onBytes(bytes, 0, bytes.length, 0);
    }

    private void bytes(String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void oneByOne(byte[] bytes) {
        for (byte b : bytes) {
            bytes(new byte[] {b});
        }
    }

    @Test
    void severalMessagesInOneSegmentWithAnyLineEnd() {
        bytes("{\"a\":1}\n{\"b\":2}\r\n{\"c\":3}{\"d\":4}");
        assertThat(texts).containsExactly("{\"a\":1}", "{\"b\":2}", "{\"c\":3}", "{\"d\":4}");
    }

    @Test
    void oneMessageInManySegments() {
        oneByOne("{\"a\":\"}{\\\"\"}\n{\"b\":[1,{}]}".getBytes(StandardCharsets.UTF_8));
        assertThat(texts).containsExactly("{\"a\":\"}{\\\"\"}", "{\"b\":[1,{}]}");
    }

    @Test
    void afterAGapReadingResumesAtTheNextLine() {
        bytes("{\"a\":");
        framer.onGap();
        bytes("lost\"}\n{\"b\":2}\n");
        assertThat(texts).containsExactly("{\"b\":2}");
    }

    @Test
    void afterAGapReadingResumesAtASegmentThatStartsAMessage() {
        bytes("{\"a\":");
        framer.onGap();
        bytes("tail without line end");
        bytes("{\"b\":2}");
        assertThat(texts).containsExactly("{\"b\":2}");
    }

    @Test
    void socksReplyBeforeTheFirstMessageIsSkipped() {
        bytes(new byte[] {5, 0});
        bytes(new byte[] {5, 0, 0, 1, 10, 0, 0, 1, 0x1E, 0x61});
        bytes("{\"a\":1}\n");
        assertThat(texts).containsExactly("{\"a\":1}");
    }

    @Test
    void endlessMessageIsDroppedAndCounted() {
        byte[] chunk = "x".repeat(1000).getBytes(StandardCharsets.UTF_8);
        bytes("{\"a\":\"");
        for (int i = 0; i < 100; i++) {
            bytes(chunk);
        }
        assertThat(budget.tooLong()).isEqualTo(1);
        assertThat(budget.usedBytes()).isLessThanOrEqualTo(MessageFramer.MAX_MESSAGE_BYTES);
        bytes("\"}\n{\"b\":2}\n");
        assertThat(texts).containsExactly("{\"b\":2}");
        framer.release();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void pageOverHttpGivesNoMessages() {
        bytes("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>{not json</html>\n");
        assertThat(texts).isEmpty();
    }

    @Test
    void unfinishedMessageIsGivenBackAtTheEnd() {
        bytes("{\"a\":\"" + "x".repeat(5000));
        assertThat(budget.usedBytes()).isPositive();
        framer.release();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void finishedMessageHoldsNothing() {
        oneByOne(("{\"a\":\"" + "x".repeat(5000) + "\"}").getBytes(StandardCharsets.UTF_8));
        assertThat(texts).hasSize(1);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void unfinishedWebSocketMessageIsGivenBackAtTheEndAndAtAGap() {
        bytes(frame(0x01, "{\"a\":", false));
        assertThat(budget.usedBytes()).isPositive();
        framer.onGap();
        assertThat(budget.usedBytes()).isZero();
        bytes(frame(0x01, "{\"a\":", false));
        framer.release();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void webSocketMessageOfTooManyFragmentsIsCountedAndGivenBack() {
        bytes(frame(0x01, "{" + " ".repeat(40_000), false));
        bytes(frame(0x00, " ".repeat(40_000), false));
        assertThat(budget.tooLong()).isEqualTo(1);
        assertThat(budget.usedBytes()).isZero();
        bytes(frame(0x80, "}", false));
        bytes(frame(0x81, "{\"b\":2}", false));
        assertThat(texts).containsExactly("{\"b\":2}");
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void flowThatAsksForMoreThanIsLeftLosesItsMessageAndGoesOn() {
        BufferBudget small = new BufferBudget(2048);
        MessageFramer greedy =
                new MessageFramer(
                        small,
                        (data, start, end, _) ->
                                texts.add(
                                        new String(
                                                data, start, end - start, StandardCharsets.UTF_8)));
        byte[] start = ("{\"a\":\"" + "x".repeat(5000)).getBytes(StandardCharsets.UTF_8);
        greedy.onBytes(start, 0, start.length, 0);
        assertThat(small.refusals()).isEqualTo(1);
        assertThat(small.usedBytes()).isZero();
        byte[] rest = "x\"}\n{\"b\":2}\n".getBytes(StandardCharsets.UTF_8);
        greedy.onBytes(rest, 0, rest.length, 0);
        assertThat(texts).containsExactly("{\"b\":2}");
    }

    private static byte[] frame(int first, String text, boolean masked) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int mask = masked ? 0x80 : 0;
        if (payload.length < 126) {
            out.write(mask | payload.length);
        } else {
            out.write(mask | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
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
