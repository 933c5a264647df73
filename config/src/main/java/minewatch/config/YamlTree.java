package minewatch.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// YAML text → [Node]s. Scalars keep their text: what `no` or `60s` means is for the setting to
/// say. Bounded: nesting to 20 levels, no anchors, no second document.
final class YamlTree {
    private static final int DEEPEST = 20; // levels
    private static final YAMLFactory YAML = new YAMLFactory();

    private final String file;
    private final YAMLParser parser;

    private YamlTree(String file, YAMLParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static Node parse(String file, String yaml) throws ConfigException {
        try (YAMLParser parser = YAML.createParser(yaml)) {
            var tree = new YamlTree(file, parser);
            if (parser.nextToken() == null) {
                return new Node.Nothing(1);
            }
            Node root = tree.node(0);
            if (parser.nextToken() != null) {
                throw tree.fault("a second document (expected: one)");
            }
            return root;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            String reason = e.getOriginalMessage().lines().findFirst().orElse("");
            throw syntax(file, line, "not YAML: " + reason);
        } catch (IOException | RuntimeException e) {
            // The YAML library reports some malformed input by unchecked exceptions.
            throw syntax(file, 0, "not YAML: " + e.getMessage());
        }
    }

    private Node node(int depth) throws IOException, ConfigException {
        if (depth > DEEPEST) {
            throw fault("nested too deeply (expected: at most " + DEEPEST + " levels)");
        }
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            throw fault("an anchor or alias (expected: plain values)");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> section(depth);
            case START_ARRAY -> items(depth);
            case VALUE_NULL -> new Node.Nothing(line());
            default -> new Node.Scalar(line(), parser.getText());
        };
    }

    private Node section(int depth) throws IOException, ConfigException {
        int line = line();
        List<Node.Entry> entries = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            int keyLine = line();
            String key = parser.currentName();
            parser.nextToken();
            entries.add(new Node.Entry(keyLine, key, node(depth + 1)));
        }
        return new Node.Section(line, entries);
    }

    private Node items(int depth) throws IOException, ConfigException {
        int line = line();
        List<Node> nodes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            nodes.add(node(depth + 1));
        }
        return new Node.Items(line, nodes);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private ConfigException fault(String detail) {
        return syntax(file, line(), detail);
    }

    private static ConfigException syntax(String file, int line, String detail) {
        return new ConfigException(List.of(new Problem(file, line, null, detail)));
    }
}
