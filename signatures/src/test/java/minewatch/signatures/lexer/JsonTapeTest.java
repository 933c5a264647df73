package minewatch.signatures.lexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import minewatch.signatures.lexer.JsonTape.Kind;
import minewatch.signatures.lexer.JsonTape.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTapeTest {
    private final JsonTape tape = new JsonTape();

    private Result parse(String text) {
        byte[] bytes = utf8(text);
        return tape.parse(bytes, 0, bytes.length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void nodesStandInTheOrderOfTheText() {
        assertThat(parse(" {\"id\":1, \"params\":[\"x\",[],2.5e3,null,true,false]} \r\n"))
                .isEqualTo(Result.OBJECT);

        assertThat(tape.size(0)).isEqualTo(2);
        int params = tape.find(0, JsonKey.of("params"));
        assertThat(tape.kind(params)).isEqualTo(Kind.ARRAY);
        assertThat(tape.size(params)).isEqualTo(6);
        assertThat(tape.string(tape.element(params, 0))).isEqualTo("x");
        assertThat(tape.kind(tape.element(params, 1))).isEqualTo(Kind.ARRAY);
        assertThat(tape.string(tape.element(params, 2))).isEqualTo("2.5e3");
        assertThat(tape.kind(tape.element(params, 3))).isEqualTo(Kind.NULL);
        assertThat(tape.kind(tape.element(params, 4))).isEqualTo(Kind.TRUE);
        assertThat(tape.kind(tape.element(params, 5))).isEqualTo(Kind.FALSE);
        assertThat(tape.element(params, 6)).isEqualTo(-1);
    }

    @Test
    void keysAreComparedWithoutTheirEscapes() {
        parse("{\"m\\u0065thod\":\"a\\/b\\n\\ud83d\\ude00\"}");

        int value = tape.find(0, JsonKey.of("method"));
        assertThat(tape.string(value)).isEqualTo("a/b\n😀");
        assertThat(tape.textEquals(value, utf8("a/b\n😀"))).isTrue();
    }

    @Test
    void halfASurrogatePairDecodesToTheReplacementCharacter() {
        parse("[\"\\ud83dx\",\"\\ude00\",\"\\ud83d\\ud83d\\ude00\"]");

        assertThat(tape.string(1)).isEqualTo("\uFFFDx");
        assertThat(tape.string(2)).isEqualTo("\uFFFD");
        assertThat(tape.string(3)).isEqualTo("\uFFFD😀");
    }

    @Test
    void ofRepeatedKeysTheFirstCounts() {
        parse("{\"a\":1,\"b\":2,\"a\":3}");

        assertThat(tape.string(tape.find(0, JsonKey.of("a")))).isEqualTo("1");
    }

    @Test
    void textIsReadWhereItStandsInTheBuffer() {
        byte[] buffer = utf8("garbage{\"a\":7}garbage");

        assertThat(tape.parse(buffer, 7, 14)).isEqualTo(Result.OBJECT);
        assertThat(tape.string(tape.find(0, JsonKey.of("a")))).isEqualTo("7");
    }

    @Test
    void bytesThatAreNoUtf8AreToleratedWithinStrings() {
        byte[] text = {'[', '"', (byte) 0xC3, (byte) 0xFF, '"', ']'};

        assertThat(tape.parse(text, 0, text.length)).isEqualTo(Result.ARRAY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'a':1}",
                "{\"a\":1,}",
                "[1,]",
                "[,1]",
                "{\"a\" 1}",
                "{a:1}",
                "[01]",
                "[+1]",
                "[.5]",
                "[1.]",
                "[1e]",
                "[0x10]",
                "[NaN]",
                "[\"\\x\"]",
                "[\"\\u12g4\"]",
                "[\"a\tb\"]",
                "{}{}",
                "[1]]",
                "{]",
                "[}",
                "{\"a\":1:2}",
                "tru3",
                "\u00A0[]",
                "[1 2]",
                "/* c */[]"
            })
    void whatJsonForbidsIsMalformed(String text) {
        assertThat(parse(text)).isEqualTo(Result.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{",
                "{\"a",
                "{\"a\\",
                "{\"a\\u00",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "[",
                "[1,",
                "tr",
                "-",
                "[1.",
                "[1e",
                "[1e+",
                "[\"abc"
            })
    void whatEndsTooEarlyIsIncomplete(String text) {
        assertThat(parse(text)).isEqualTo(Result.INCOMPLETE);
    }

    @Test
    void depthNodesAndLengthAreBounded() {
        int depth = JsonTape.MAX_DEPTH;
        assertThat(parse("[".repeat(depth) + "]".repeat(depth))).isEqualTo(Result.ARRAY);
        assertThat(parse("[".repeat(depth + 1) + "]".repeat(depth + 1)))
                .isEqualTo(Result.OUT_OF_BOUNDS);

        int most = JsonTape.MAX_NODES - 2;
        assertThat(parse("[" + "1,".repeat(most - 1) + "1]")).isEqualTo(Result.ARRAY);
        assertThat(parse("[" + "1,".repeat(most + 1) + "1]")).isEqualTo(Result.OUT_OF_BOUNDS);

        int length = JsonTape.MAX_BYTES - 2;
        assertThat(parse("\"" + "x".repeat(length) + "\"")).isEqualTo(Result.SCALAR);
        assertThat(parse("\"" + "x".repeat(length + 1) + "\"")).isEqualTo(Result.OUT_OF_BOUNDS);
        assertThat(parse("\"" + "\\u0041".repeat(length / 6) + "\"")).isEqualTo(Result.SCALAR);
        assertThat(tape.string(0)).isEqualTo("A".repeat(length / 6));
    }

    @Test
    void numberAndStringOfTheSameCharactersHashAlike() {
        parse("[12,\"12\",\"1\\u0032\",13]");

        assertThat(tape.hash(1)).isEqualTo(tape.hash(2)).isEqualTo(tape.hash(3));
        assertThat(tape.hash(1)).isNotEqualTo(tape.hash(4)).isNotZero();
    }
}
