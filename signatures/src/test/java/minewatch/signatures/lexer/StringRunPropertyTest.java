package minewatch.signatures.lexer;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class StringRunPropertyTest {
    @Property
    void itEndsWhereALookAtEachByteWouldEndIt(
            @ForAll("bytes") byte[] text,
            @ForAll @IntRange(max = 40) int from,
            @ForAll @IntRange(max = 40) int to) {
        int start = Math.min(from, text.length);
        int end = Math.clamp(to, start, text.length);
        int expected = start;
        while (expected < end
                && text[expected] != '"'
                && text[expected] != '\\'
                && (text[expected] & 0xFF) >= ' ') {
            expected++;
        }
        assertThat(StringRun.end(text, start, end)).isEqualTo(expected);
    }

    /// Mostly bytes near those that end a run.
    @Provide
    Arbitrary<byte[]> bytes() {
        return Arbitraries.bytes()
                .edgeCases(edges ->
                        edges.add(
                                (byte) '"',
                                (byte) '\\',
                                (byte) 0x1F,
                                (byte) ' ',
                                (byte) '!',
                                (byte) '#',
                                (byte) '[',
                                (byte) 0x80,
                                (byte) 0xA2,
                                (byte) 0xDC,
                                (byte) 0xFF))
                .array(byte[].class)
                .ofMaxSize(40);
    }
}
