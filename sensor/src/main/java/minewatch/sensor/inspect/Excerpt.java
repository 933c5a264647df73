package minewatch.sensor.inspect;

import java.nio.charset.StandardCharsets;

/// Foreign bytes as text that can go into a record: at most [Tally#MAX_EXCERPT_BYTES] in UTF-8,
/// whatever the bytes were.
final class Excerpt {
    private Excerpt() {}

    static String text(byte[] bytes, int start, int end) {
        String text =
                new String(
                        bytes,
                        start,
                        Math.min(end - start, Tally.MAX_EXCERPT_BYTES),
                        StandardCharsets.UTF_8);
        // A byte that is no UTF-8 becomes a replacement character of three.
        while (text.getBytes(StandardCharsets.UTF_8).length > Tally.MAX_EXCERPT_BYTES) {
            text = text.substring(0, text.offsetByCodePoints(text.length(), -1));
        }
        return text;
    }
}
