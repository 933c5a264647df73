package minewatch.sensor.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A conversation written down as a text file, one line a message:
///
/// | line | means |
/// |---|---|
/// | `> text` | the opener of the connection says so, and a line end |
/// | `< text` | the other side does |
/// | `>| text`, `<| text` | the same without a line end |
/// | `>x 0f a0`, `<x 0f a0` | bytes |
/// | `~` | here begins what is seen of it when it is joined midway |
/// | `@websocket` | every message is a WebSocket message |
/// | `@shares 4 1 65536` | 4 shares sent, 1 of them refused, 65,536 hashes each |
/// | `#` and the empty line | for the reader |
///
/// `%64a` stands for 64 hexadecimal digits, the same wherever the same letter stands.
///
/// @param name the file's, without its ending
/// @param midway index of the first message after `~`
/// @param shares what was mined; null where it is not stated
record Talk(String name, boolean webSocket, List<Said> said, int midway, @Nullable Mined shares) {
    /// @param hashes expected of a share
    record Mined(int submitted, int rejected, double hashes) {}

    /// @param byOpener whether the side that opened the connection says it
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Said(boolean byOpener, byte[] bytes) {}

    private static final Pattern DIGITS = Pattern.compile("%(\\d+)([a-z])");

    /// The talks of a folder of the test resources.
    static List<Talk> all(String folder) throws IOException {
        Path path =
                Path.of(
                        System.getProperty("minewatch.root"),
                        "sensor/src/test/resources/minewatch/sensor",
                        folder);
        List<Talk> talks = new ArrayList<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.sorted().toList()) {
                talks.add(read(file));
            }
        }
        return talks;
    }

    /// The protocol the file is named after; `+` and a form may follow it.
    String protocol() {
        return name.split("\\+", 2)[0];
    }

    /// The same talk with every JSON message rewritten.
    Talk rewritten(UnaryOperator<String> rewrite) {
        List<Said> changed = new ArrayList<>();
        for (Said one : said) {
            String text = new String(one.bytes, StandardCharsets.UTF_8);
            boolean json = text.startsWith("{");
            String end = text.endsWith("\n") ? "\n" : "";
            String written = json ? rewrite.apply(text.strip()) + end : text;
            changed.add(
                    json ? new Said(one.byOpener, written.getBytes(StandardCharsets.UTF_8)) : one);
        }
        return new Talk(name, webSocket, changed, midway, shares);
    }

    private static Talk read(Path file) throws IOException {
        List<Said> said = new ArrayList<>();
        boolean webSocket = false;
        int midway = 0;
        Mined shares = null;
        for (String line : Files.readAllLines(file)) {
            if (line.equals("@websocket")) {
                webSocket = true;
            } else if (line.startsWith("@shares ")) {
                shares = mined(line.split(" "));
            } else if (line.equals("~")) {
                midway = said.size();
            } else if (!line.isBlank() && !line.startsWith("#")) {
                said.add(said(file, line, webSocket));
            }
        }
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.txt$", "");
        return new Talk(name, webSocket, said, midway, shares);
    }

    private static Mined mined(String[] words) {
        return new Mined(
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                Double.parseDouble(words[3]));
    }

    private static Said said(Path file, String line, boolean webSocket) {
        char side = line.charAt(0);
        int space = line.indexOf(' ');
        if ((side != '>' && side != '<') || space < 1 || space > 2) {
            throw new IllegalArgumentException(
                    file + ": " + line + " (expected: > or <, |, x or nothing, a space, text)");
        }
        String text = line.substring(space + 1);
        byte[] bytes =
                switch (line.substring(1, space)) {
                    case "x" -> HexFormat.of().parseHex(text.replace(" ", ""));
                    case "|" -> expanded(text).getBytes(StandardCharsets.UTF_8);
                    default ->
                            (expanded(text) + (webSocket ? "" : "\n"))
                                    .getBytes(StandardCharsets.UTF_8);
                };
        return new Said(side == '>', bytes);
    }

    private static String expanded(String text) {
        return DIGITS.matcher(text)
                .replaceAll(m -> digits(Integer.parseInt(m.group(1)), m.group(2).charAt(0)));
    }

    private static String digits(int count, char letter) {
        Random random = new Random(letter);
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(Character.forDigit(random.nextInt(16), 16));
        }
        return digits.toString();
    }
}
