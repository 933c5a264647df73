package minewatch.signatures.lexer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import minewatch.signatures.lexer.JsonTape.Kind;
import minewatch.signatures.lexer.JsonTape.Result;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Our lexer and Jackson, who knows nothing of ours, must agree.
class JsonTapePropertyTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper JACKSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final JsonTape tape = new JsonTape();

    @Property(tries = 1000)
    void generatedJsonIsReadAsJacksonReadsIt(@ForAll long seed) throws Exception {
        JsonNode json = json(new Random(seed), 0);
        byte[] text = JACKSON.writeValueAsBytes(json);
        Result result = tape.parse(text, 0, text.length);
        if (result == Result.OUT_OF_BOUNDS) {
            return; // deeper than we read; the bounds have their own test
        }

        assertThat(result).isIn(Result.OBJECT, Result.ARRAY, Result.SCALAR);
        assertSame(0, JACKSON.readTree(text));
    }

    @Property(tries = 2000)
    void mutatedJsonIsAcceptedWhereJacksonAcceptsIt(
            @ForAll long seed,
            @ForAll @IntRange(max = 10_000) int where,
            @ForAll("insertions") String insertion,
            @ForAll @IntRange(max = 3) int removed)
            throws Exception {
        String text = JACKSON.writeValueAsString(json(new Random(seed), 0));
        int at = where % (text.length() + 1);
        String mutated =
                text.substring(0, at)
                        + insertion
                        + text.substring(Math.min(text.length(), at + removed));
        byte[] bytes = mutated.getBytes(StandardCharsets.UTF_8);
        Result result = tape.parse(bytes, 0, bytes.length);
        if (result == Result.OUT_OF_BOUNDS) {
            return;
        }

        boolean accepted =
                result == Result.OBJECT || result == Result.ARRAY || result == Result.SCALAR;
        assertThat(accepted).as(mutated).isEqualTo(jacksonAccepts(bytes));
    }

    /// Some JSON, at most six levels of it.
    private static JsonNode json(Random random, int depth) {
        return switch (random.nextInt(depth < 5 ? 9 : 6)) {
            case 0 -> NODES.numberNode(random.nextLong());
            case 1 ->
                    NODES.numberNode(
                            random.nextGaussian() * Math.pow(10, random.nextInt(-300, 300)));
            case 2 -> NODES.nullNode();
            case 3 -> NODES.booleanNode(random.nextBoolean());
            case 4, 5 -> NODES.textNode(text(random));
            case 6 -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    array.add(json(random, depth + 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object.set(text(random), json(random, depth + 1));
                }
                yield object;
            }
        };
    }

    private static String text(Random random) {
        int[] points = random.ints(random.nextInt(9), 0, 0x500).toArray();
        for (int i = 0; i < points.length; i++) {
            points[i] =
                    points[i] < 0x480 ? points[i] % 0x80 + points[i] / 0x400 * 0x100 : 0x1F600 + i;
        }
        return new String(points, 0, points.length);
    }

    @Provide
    Arbitrary<String> insertions() {
        return Arbitraries.of(
                List.of(
                        "", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "1", "-", ".", "e", "+",
                        " ", "\n", "\t", "null", "true", "\\u12", "\\u0041", "\u0001", "'", "é",
                        "/*x*/"));
    }

    /// As bytes: in text Jackson takes `ĵ` for a digit 5, since it looks at the low eight bits
    /// only. Nothing at all is no JSON.
    private static boolean jacksonAccepts(byte[] text) throws IOException {
        try {
            return !JACKSON.readTree(text).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Example
    void digitOfAnEscapeIsAscii() {
        byte[] text = "\"\\u01B\u0135\"".getBytes(StandardCharsets.UTF_8);

        assertThat(tape.parse(text, 0, text.length)).isEqualTo(Result.MALFORMED);
    }

    private void assertSame(int node, JsonNode expected) {
        switch (expected.getNodeType()) {
            case OBJECT -> {
                assertThat(tape.kind(node)).isEqualTo(Kind.OBJECT);
                assertThat(tape.size(node)).isEqualTo(expected.size());
                expected.properties()
                        .forEach(e -> {
                            JsonKey key = JsonKey.of(e.getKey());
                            assertSame(tape.find(node, key), e.getValue());
                            assertThat(node != 0 || (tape.rootKeys() & key.bit()) != 0).isTrue();
                        });
            }
            case ARRAY -> {
                assertThat(tape.kind(node)).isEqualTo(Kind.ARRAY);
                assertThat(tape.size(node)).isEqualTo(expected.size());
                for (int i = 0; i < expected.size(); i++) {
                    assertSame(tape.element(node, i), expected.get(i));
                }
            }
            case STRING -> {
                assertThat(tape.kind(node)).isEqualTo(Kind.STRING);
                assertThat(tape.string(node)).isEqualTo(expected.textValue());
            }
            case NUMBER -> {
                assertThat(tape.kind(node)).isEqualTo(Kind.NUMBER);
                tape.view(node);
                double value = Numbers.decimal(tape.viewed(), tape.viewFrom(), tape.viewTo());
                double wanted = expected.doubleValue();
                assertThat(Math.abs(value - wanted)).isLessThanOrEqualTo(Math.abs(wanted) * 1e-14);
            }
            case BOOLEAN ->
                    assertThat(tape.kind(node))
                            .isEqualTo(expected.booleanValue() ? Kind.TRUE : Kind.FALSE);
            case NULL -> assertThat(tape.kind(node)).isEqualTo(Kind.NULL);
            case BINARY, MISSING, POJO -> throw new AssertionError(expected);
        }
    }
}
