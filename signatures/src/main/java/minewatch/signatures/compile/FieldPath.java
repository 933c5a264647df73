package minewatch.signatures.compile;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import minewatch.signatures.Field;
import minewatch.signatures.language.Shape;
import minewatch.signatures.lexer.JsonKey;
import minewatch.signatures.lexer.JsonTape;
import org.jspecify.annotations.Nullable;

/// The way from a message's root to a value that tells a field.
final class FieldPath {
    /// A step into an object by `key`, or into an array by `index` where `key` is null.
    private record Step(@Nullable JsonKey key, int index) {}

    private final Step[] steps;
    private final boolean hexadecimal;

    private FieldPath(List<Step> steps, boolean hexadecimal) {
        this.steps = steps.toArray(Step[]::new);
        this.hexadecimal = hexadecimal;
    }

    /// Every field a shape tells, with the ways to it in the order of the file.
    static Map<Field, FieldPath[]> of(Shape shape) {
        Map<Field, List<FieldPath>> found = new EnumMap<>(Field.class);
        collect(shape, new ArrayList<>(), found);
        Map<Field, FieldPath[]> result = new EnumMap<>(Field.class);
        found.forEach((field, paths) -> result.put(field, paths.toArray(FieldPath[]::new)));
        return result;
    }

    private static void collect(Shape shape, List<Step> way, Map<Field, List<FieldPath>> found) {
        switch (shape) {
            case Shape.Captured(Shape inner, Field field) -> {
                found.computeIfAbsent(field, _ -> new ArrayList<>())
                        .add(new FieldPath(way, inner instanceof Shape.Hex));
                collect(inner, way, found);
            }
            case Shape.OneOf(List<Shape> alternatives) ->
                    alternatives.forEach(a -> collect(a, way, found));
            case Shape.Tuple tuple -> {
                for (int i = 0; i < tuple.items().size(); i++) {
                    way.add(new Step(null, i));
                    collect(tuple.items().get(i), way, found);
                    way.removeLast();
                }
            }
            case Shape.Members members -> {
                for (Shape.Member member : members.members()) {
                    way.add(new Step(JsonKey.of(member.key()), 0));
                    collect(member.shape(), way, found);
                    way.removeLast();
                }
            }
            default -> {}
        }
    }

    /// Whether a number there is in hexadecimal, with `0x` or without.
    boolean isHexadecimal() {
        return hexadecimal;
    }

    /// The node at the end of the way, or -1 where the message has none.
    int resolve(JsonTape tape) {
        int node = 0;
        for (Step step : steps) {
            JsonKey key = step.key;
            if (key != null) {
                node = tape.is(node, JsonTape.Kind.OBJECT) ? tape.find(node, key) : -1;
            } else {
                node = tape.is(node, JsonTape.Kind.ARRAY) ? tape.element(node, step.index) : -1;
            }
            if (node < 0) {
                return -1;
            }
        }
        return tape.is(node, JsonTape.Kind.NULL) ? -1 : node;
    }
}
