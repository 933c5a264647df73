package minewatch.signatures.language;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/// A YAML document as nodes that know their line and column. Scalars are kept as text; what they
/// mean is for the reader to say. Anchors, aliases, tags, repeated keys, complex keys and a second
/// document are problems.
final class Yaml {
    static final int MAX_DEPTH = 24;
    private static final int MAX_NODES = 20_000;
    private static final YAMLFactory FACTORY = YAMLFactory.builder().build();

    /// A value and where it stands.
    sealed interface Node {
        int line();

        int column();
    }

    record Scalar(String text, int line, int column) implements Node {}

    record Sequence(List<Node> items, int line, int column) implements Node {}

    record Mapping(Map<String, Entry> entries, int line, int column) implements Node {}

    /// @param key where the key stands; a scalar of its text
    record Entry(Scalar key, Node value) {}

    private final Problems problems;
    private final YAMLParser parser;
    private int nodes;

    private Yaml(Problems problems, YAMLParser parser) {
        this.problems = problems;
        this.parser = parser;
    }

    /// The document, or null where the text is no YAML: then a problem says why.
    static @Nullable Node parse(String text, Problems problems) {
        try (YAMLParser parser = FACTORY.createParser(text)) {
            return new Yaml(problems, parser).document();
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            problems.add(
                    at == null ? 1 : Math.max(1, at.getLineNr()),
                    at == null ? 1 : Math.max(1, at.getColumnNr()),
                    "file",
                    reason(e),
                    "YAML 1.1");
        } catch (IOException | RuntimeException e) {
            // The YAML library throws unchecked exceptions on some malformed input.
            problems.add(1, 1, "file", reason(e), "YAML 1.1");
        }
        return null;
    }

    /// What is wrong, without the parser's own account of where.
    private static String reason(Exception e) {
        if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblem() != null) {
            return marked.getProblem();
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
    }

    private @Nullable Node document() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            problems.add(1, 1, "file", "nothing", "a YAML mapping");
            return null;
        }
        Node root = value(token, 0);
        if (parser.nextToken() != null) {
            JsonLocation at = parser.currentTokenLocation();
            problems.add(
                    at.getLineNr(), at.getColumnNr(), "file", "a second document", "one document");
        }
        return root;
    }

    private Node value(JsonToken token, int depth) throws IOException {
        JsonLocation at = parser.currentTokenLocation();
        int line = Math.max(1, at.getLineNr());
        int column = Math.max(1, at.getColumnNr());
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            throw new IOException("more than " + MAX_DEPTH + " levels or " + MAX_NODES + " values");
        }
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            problems.add(line, column, "file", "an anchor or alias", "none");
        }
        if (parser.getTypeId() != null) {
            problems.add(line, column, "file", "tag !" + parser.getTypeId(), "no tags");
        }
        return switch (token) {
            case START_OBJECT -> mapping(line, column, depth);
            case START_ARRAY -> sequence(line, column, depth);
            default -> new Scalar(String.valueOf(parser.getText()), line, column);
        };
    }

    private Node sequence(int line, int column, int depth) throws IOException {
        List<Node> items = new ArrayList<>();
        for (JsonToken t = next(); t != JsonToken.END_ARRAY; t = next()) {
            items.add(value(t, depth + 1));
        }
        return new Sequence(items, line, column);
    }

    private Node mapping(int line, int column, int depth) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (JsonToken t = next(); t != JsonToken.END_OBJECT; t = next()) {
            JsonLocation at = parser.currentTokenLocation();
            String name = parser.currentName();
            Scalar key = new Scalar(name, at.getLineNr(), at.getColumnNr());
            Node value = value(next(), depth + 1);
            if (entries.putIfAbsent(name, new Entry(key, value)) != null) {
                problems.add(key, "file", name, "a key only once");
            }
        }
        return new Mapping(entries, line, column);
    }

    private JsonToken next() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new IOException("the document ends within a value");
        }
        return token;
    }
}
