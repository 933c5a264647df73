package minewatch.sensor.workbench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import minewatch.feed.Addresses;
import org.jspecify.annotations.Nullable;

/// Reads the labels of a folder of captures: a CSV file (RFC 4180, one record a line) of
/// `file,source_ip,verdict,protocol,algorithm,shares_accepted,hashrate,notes`.
///
/// The file may be a stranger's: its size is bounded, a path may not lead out of the folder, and
/// the first row that breaks a rule is named.
public final class Truth {
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_ROWS = 1_000_000;
    private static final int SHOWN = 80; // characters of a foreign value

    private static final List<String> COLUMNS =
            List.of(
                    "file",
                    "source_ip",
                    "verdict",
                    "protocol",
                    "algorithm",
                    "shares_accepted",
                    "hashrate",
                    "notes");
    private static final int REQUIRED_COLUMNS = 7; // notes may be left out
    private static final Set<String> VERDICTS =
            Set.of(
                    "miner",
                    "probable",
                    "possible",
                    "relay",
                    "browser",
                    "node",
                    Label.NONE,
                    Label.STRETCH);

    private final String name;
    private int line;

    private Truth(String name) {
        this.name = name;
    }

    /// The labels by capture, in the order of the file.
    public static Map<String, List<Label>> read(Path file)
            throws IOException, InvalidLabelsException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            throw new InvalidLabelsException(
                    file + ":1: file: more than 64 MiB (expected: at most 64 MiB)");
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return read(file.toString(), text);
        } catch (CharacterCodingException e) {
            throw new InvalidLabelsException(file + ":1: file: bytes (expected: UTF-8)");
        }
    }

    /// The same of a text.
    ///
    /// @param name of the file, for messages
    static Map<String, List<Label>> read(String name, String text) throws InvalidLabelsException {
        return new Truth(name).labels(text);
    }

    private Map<String, List<Label>> labels(String text) throws InvalidLabelsException {
        Map<String, List<Label>> labels = new LinkedHashMap<>();
        BufferedReader reader = new BufferedReader(new StringReader(text));
        try {
            for (String row = reader.readLine(); row != null; row = reader.readLine()) {
                line++;
                if (line == 1) {
                    heading(row.startsWith("\uFEFF") ? row.substring(1) : row);
                } else if (!row.isBlank()) {
                    Label label = label(fields(row));
                    labels.computeIfAbsent(label.capture(), _ -> new ArrayList<>()).add(label);
                }
                if (line > MAX_ROWS) {
                    throw problem("file", "more rows", "at most 1000000");
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e); // a string does not fail
        }
        if (labels.isEmpty()) {
            throw problem("file", "no rows", "a heading and at least one row");
        }
        return labels;
    }

    private void heading(String row) throws InvalidLabelsException {
        List<String> names = fields(row);
        if (names.size() < REQUIRED_COLUMNS
                || !names.equals(COLUMNS.subList(0, Math.min(names.size(), COLUMNS.size())))) {
            throw problem("heading", row, String.join(",", COLUMNS));
        }
    }

    private Label label(List<String> fields) throws InvalidLabelsException {
        if (fields.size() < REQUIRED_COLUMNS || fields.size() > COLUMNS.size()) {
            throw problem(
                    "row",
                    fields.size() + " columns",
                    "7 or 8 columns; quote a field that holds a comma");
        }
        Set<String> verdicts = verdicts(fields.get(2));
        String source = source(fields.get(1));
        if (source.isEmpty() && !verdicts.contains(Label.NONE)) {
            throw problem("source_ip", "nothing", "an IP address, unless the verdict is none");
        }
        return new Label(
                capture(fields.get(0)),
                source,
                verdicts,
                fields.get(3),
                fields.get(4).isEmpty() ? null : fields.get(4),
                shares(fields.get(5)),
                hashrate(fields.get(6)));
    }

    private String capture(String path) throws InvalidLabelsException {
        boolean leadsOut = path.startsWith("/") || List.of(path.split("/")).contains("..");
        if (path.isBlank() || leadsOut || path.indexOf('\0') >= 0) {
            throw problem("file", path, "a path below the folder of the captures");
        }
        return path;
    }

    private String source(String text) throws InvalidLabelsException {
        if (text.isEmpty()) {
            return text;
        }
        try {
            return Addresses.text(Addresses.parse(text));
        } catch (IllegalArgumentException e) {
            throw problem("source_ip", text, "an IPv4 or IPv6 address");
        }
    }

    private Set<String> verdicts(String text) throws InvalidLabelsException {
        Set<String> verdicts = new TreeSet<>(List.of(text.split("\\|")));
        if (!VERDICTS.containsAll(verdicts)) {
            throw problem(
                    "verdict",
                    text,
                    "of " + String.join(", ", new TreeSet<>(VERDICTS)) + ", with | between");
        }
        return Set.copyOf(verdicts);
    }

    private @Nullable Long shares(String text) throws InvalidLabelsException {
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw problem("shares_accepted", text, "a whole number, or nothing");
        }
        return Long.valueOf(text);
    }

    private @Nullable Double hashrate(String text) throws InvalidLabelsException {
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("[0-9]{1,30}(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")) {
            throw problem("hashrate", text, "a number of hashes per second, or nothing");
        }
        return Double.valueOf(text);
    }

    /// The fields of one record; of a quoted one what is between the quotes, `""` for `"`.
    private List<String> fields(String row) throws InvalidLabelsException {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < row.length(); i++) {
            char c = row.charAt(i);
            if (c == '"' && quoted && i + 1 < row.length() && row.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"' && (quoted || field.isEmpty())) {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw problem("row", row, "a closing quote on the same line");
        }
        fields.add(field.toString());
        return fields;
    }

    private InvalidLabelsException problem(String field, String value, String expected) {
        String shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
        return new InvalidLabelsException(
                "%s:%d: %s: %s (expected: %s)"
                        .formatted(name, line, field, Printable.text(shown), expected));
    }
}
