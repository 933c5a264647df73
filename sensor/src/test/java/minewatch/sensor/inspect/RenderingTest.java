package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderingTest {
    private final List<String> texts = new ArrayList<>();

    private String delivered(Rendering rendering) {
        rendering.deliver(
                (data, start, end, _) ->
                        texts.add(new String(data, start, end - start, StandardCharsets.UTF_8)),
                0);
        return texts.getLast();
    }

    @Test
    void frameIsAnObjectThatStartsWithItsProtocol() {
        byte[] wire = {0x6b, 0x04, (byte) 0xFF, 0x00};
        assertThat(
                        delivered(
                                new Rendering("btcagent", "submit")
                                        .number("session", 3)
                                        .hex("nonce", wire, 0, 4)
                                        .flag("last", true)))
                .isEqualTo(
                        "{\"btcagent\":\"submit\",\"session\":3,\"nonce\":\"6b04ff00\",\"last\":true}");
    }

    @Test
    void anyByteGivesAValidString() {
        byte[] wire = {'"', '\\', '\n', 0, 0x7F, (byte) 0xE9, 'a'};
        assertThat(delivered(new Rendering("p", "k").text("t", wire, 0, wire.length)))
                .isEqualTo("{\"p\":\"k\",\"t\":\"\\\"\\\\\\u000a\\u0000\\u007f\u00e9a\"}");
    }

    @Test
    void valueThatDoesNotFitIsLeftOut() {
        String text =
                delivered(
                        new Rendering("p", "k")
                                .text("long", "x".repeat(Rendering.MAX_BYTES))
                                .number("after", 1));
        assertThat(text).isEqualTo("{\"p\":\"k\",\"after\":1}");
    }
}
