package minewatch.sensor.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Other ways to write the same JSON text.
final class JsonForms {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern KEY =
            Pattern.compile("\"([a-z])([\\w.-]*\":)", Pattern.CASE_INSENSITIVE);

    private JsonForms() {}

    /// Keys of every object backwards, at every depth.
    static String reordered(String json) {
        return reordered(tree(json)).toString();
    }

    /// The first letter of each key as an escape.
    static String escaped(String json) {
        Matcher keys = KEY.matcher(tree(json).toString());
        return keys.replaceAll(key ->
                Matcher.quoteReplacement(
                        "\"\\u00%02x".formatted((int) key.group(1).charAt(0)) + key.group(2)));
    }

    /// The same with another value of its key `id`, where it has one.
    static String withId(String json, JsonNode id) {
        ObjectNode object = (ObjectNode) tree(json);
        if (object.has("id")) {
            object.set("id", id);
        }
        return object.toString();
    }

    static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static JsonNode reordered(JsonNode node) {
        if (node.isArray()) {
            List<JsonNode> elements = new ArrayList<>();
            node.forEach(element -> elements.add(reordered(element)));
            return MAPPER.createArrayNode().addAll(elements);
        }
        if (!node.isObject()) {
            return node;
        }
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        Collections.reverse(names);
        ObjectNode turned = MAPPER.createObjectNode();
        names.forEach(name -> turned.set(name, reordered(node.get(name))));
        return turned;
    }
}
