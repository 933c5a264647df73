package minewatch.sensor.spool;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;
import minewatch.feed.v1.Gap;

/// What a spool remembers besides its batches. Its text form is one fact a line and ends with its
/// own checksum, so that a damaged file is noticed:
///
/// ```
/// minewatch-spool 1
/// sensor s-1
/// boot 6f1c…
/// acked 123
/// followed syslog 117
/// gap spool-full 124 180 951
/// crc 1a2b3c4d
/// ```
///
/// @param followed by the name of an output, the last number it is done with
public record SpoolState(
        String sensor, UUID bootId, long acked, SortedMap<String, Long> followed, List<Gap> gaps) {
    private static final String FIRST_LINE = "minewatch-spool 1";

    String print() {
        var text = new StringBuilder(FIRST_LINE + "\n");
        text.append("sensor ").append(sensor).append('\n');
        text.append("boot ").append(bootId).append('\n');
        text.append("acked ").append(acked).append('\n');
        followed.forEach((output, seq) ->
                text.append("followed ").append(output).append(' ').append(seq).append('\n'));
        for (Gap gap : gaps) {
            text.append("gap ").append(gap.getReason()).append(' ').append(gap.getFirstSeq());
            text.append(' ')
                    .append(gap.getLastSeq())
                    .append(' ')
                    .append(gap.getHits())
                    .append('\n');
        }
        return text + "crc " + crc(text.toString()) + "\n";
    }

    /// Empty if the text is not exactly what [#print] makes.
    static Optional<SpoolState> parse(String text) {
        try {
            int body = text.lastIndexOf("crc ");
            if (body < 0
                    || !text.substring(body).equals("crc " + crc(text.substring(0, body)) + "\n")) {
                return Optional.empty();
            }
            return Optional.of(facts(text.substring(0, body).split("\n", -1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static SpoolState facts(String[] lines) {
        if (!lines[0].equals(FIRST_LINE)) {
            throw new IllegalArgumentException("another version: " + lines[0]);
        }
        SortedMap<String, Long> followed = new TreeMap<>();
        int i = 4;
        for (; lines[i].startsWith("followed "); i++) {
            String[] words = fact(lines[i], "followed").split(" ", -1);
            followed.put(words[0], Long.valueOf(words[1]));
        }
        List<Gap> gaps = new ArrayList<>();
        for (; i < lines.length - 1; i++) {
            String[] words = fact(lines[i], "gap").split(" ", -1);
            gaps.add(
                    Gap.newBuilder()
                            .setReason(words[0])
                            .setFirstSeq(Long.parseLong(words[1]))
                            .setLastSeq(Long.parseLong(words[2]))
                            .setHits(Long.parseLong(words[3]))
                            .build());
        }
        return new SpoolState(
                fact(lines[1], "sensor"),
                UUID.fromString(fact(lines[2], "boot")),
                Long.parseLong(fact(lines[3], "acked")),
                Collections.unmodifiableSortedMap(followed),
                List.copyOf(gaps));
    }

    private static String fact(String line, String name) {
        if (!line.startsWith(name + " ")) {
            throw new IllegalArgumentException("not a " + name + ": " + line);
        }
        return line.substring(name.length() + 1);
    }

    private static String crc(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
