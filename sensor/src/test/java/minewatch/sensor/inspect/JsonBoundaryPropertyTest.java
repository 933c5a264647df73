package minewatch.sensor.inspect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import minewatch.signatures.lexer.JsonTape;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class JsonBoundaryPropertyTest {
    @Property(tries = 5000)
    void aTextEndsAtTheSameByteHoweverItComes(
            @ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 9) int piece) {
        byte[] data = text.getBytes(ISO_8859_1);
        JsonBoundary boundary = new JsonBoundary();
        int end = -1;
        for (int at = 0; at < data.length && end < 0; at += piece) {
            end = boundary.scan(data, at, Math.min(at + piece, data.length));
        }
        assertThat(end).isEqualTo(endByCounting(data));
    }

    @Property(tries = 5000)
    void aTextThatIsValidEndsWhereItsBracketsDo(
            @ForAll("valid") String text, @ForAll("texts") String following) {
        byte[] data = (text + following).getBytes(ISO_8859_1);
        JsonTape tape = new JsonTape();
        assertThat(tape.parseFirst(data, 0, data.length)).isEqualTo(text.length());
        assertThat(endByCounting(data)).isEqualTo(text.length());
        assertThat(tape.parseFirst(data, 0, text.length() - 1)).isEqualTo(-1);
    }

    @Property(tries = 5000)
    void aTextIsReadAsFarAsItsBracketsGoOrNotAtAll(@ForAll("texts") String text) {
        byte[] data = text.getBytes(ISO_8859_1);
        assertThat(new JsonTape().parseFirst(data, 0, data.length)).isIn(-1, endByCounting(data));
    }

    private static int endByCounting(byte[] data) {
        int depth = 0;
        boolean inString = false;
        boolean escaped = false;
        for (int i = 0; i < data.length; i++) {
            if (escaped) {
                escaped = false;
            } else if (inString) {
                escaped = data[i] == '\\';
                inString = data[i] != '"';
            } else if (data[i] == '"') {
                inString = true;
            } else if (data[i] == '{' || data[i] == '[') {
                depth++;
            } else if ((data[i] == '}' || data[i] == ']') && --depth <= 0) {
                return i + 1;
            }
        }
        return -1;
    }

    @Provide
    Arbitrary<String> valid() {
        Arbitrary<String> scalars = Arbitraries.of("1", "-2.5e3", "\"\"", "\"a\\\"}]\"", "null");
        Arbitrary<String> arrays =
                scalars.list().ofMaxSize(4).map(list -> "[" + String.join(", ", list) + "]");
        return arrays.list()
                .ofMaxSize(4)
                .map(list -> "{\"k\" : [" + String.join(",", list) + "], \"}\": {}}");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars("{}[]\"\\a1,: \u001f\u00e9")
                .ofMaxLength(60)
                .map(rest -> "{" + rest);
    }
}
