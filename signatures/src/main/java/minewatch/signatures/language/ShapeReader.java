package minewatch.signatures.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeSet;
import java.util.regex.Pattern;
import minewatch.signatures.Field;
import minewatch.signatures.lexer.JsonTape;
import minewatch.signatures.lexer.Numbers;
import org.jspecify.annotations.Nullable;

/// Shapes as they are written: a mapping is an object, a sequence an array position by position, a
/// scalar an expression.
///
/// ```
/// expression  = ["optional" | "rest"] alternative {"|" alternative} ["as" field]
/// alternative = "any" | "null" | "boolean" | "true" | "false" | "=" literal
///             | ("text" | "word") [range] ["prefix" string]
///             | ("hex" | "0xhex" | "0x?hex") [range] ["prefix" digits]
///             | ("integer" | "number" | "decimal") [range]
///             | "list" [range] "of" alternative
///             | name of a type declared above
/// range       = n | n ".." | ".." m | n ".." m
/// ```
final class ShapeReader {
    static final String OTHERS = "...";
    private static final int MAX_COST = 512; // shapes of a message, types counted each time used
    private static final int MAX_LENGTH = JsonTape.MAX_BYTES;
    private static final String SPACES = " \t\n\u000B\f\r";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]*");
    private static final List<String> WORDS =
            List.of(
                    "any", "null", "boolean", "true", "false", "text", "word", "hex", "0xhex",
                    "0x?hex", "integer", "number", "decimal", "list");

    /// A declared type.
    ///
    /// @param cost shapes it stands for
    /// @param captures whether it tells fields
    private record Type(Shape shape, int cost, boolean captures) {}

    /// An element of an array.
    private record Item(Shape shape, boolean optional, boolean rest) {}

    private record Range(double min, double max) {}

    /// Why an expression cannot be read.
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;
        private final String value;
        private final String expected;

        Unreadable(String value, String expected) {
            super(expected, null, false, false);
            this.value = value;
            this.expected = expected;
        }
    }

    /// The tokens of one expression, read one by one.
    private static final class Tokens {
        private final StringTokenizer all;
        private @Nullable String peeked;

        Tokens(String expression) {
            all = new StringTokenizer(expression, SPACES);
            advance();
        }

        private void advance() {
            peeked = all.hasMoreTokens() ? all.nextToken() : null;
        }

        @Nullable String peek() {
            return peeked;
        }

        boolean take(String token) {
            if (token.equals(peeked)) {
                advance();
                return true;
            }
            return false;
        }

        String next(String expected) throws Unreadable {
            String token = peeked;
            if (token == null) {
                throw new Unreadable("nothing more", expected);
            }
            advance();
            return token;
        }
    }

    private final Problems problems;
    private final Map<String, Type> types = new LinkedHashMap<>();
    private int cost;
    private boolean captures;

    ShapeReader(Problems problems) {
        this.problems = problems;
    }

    /// Declares a type for the shapes that follow.
    void declare(Yaml.Scalar name, Yaml.Node node) {
        if (!NAME.matcher(name.text()).matches() || WORDS.contains(name.text())) {
            problems.add(name, "types", name.text(), "a new name of a-z, 0-9 and -");
        }
        Shape shape = read(node, "types." + name.text());
        types.put(name.text(), new Type(shape, cost, captures));
    }

    /// The shape at `node`; after a problem, one that is good enough to go on with.
    Shape read(Yaml.Node node, String name) {
        cost = 0;
        captures = false;
        Shape shape = shape(node, name);
        if (cost > MAX_COST) {
            problems.add(node, name, cost + " shapes", "at most " + MAX_COST);
            return new Shape.Any();
        }
        return shape;
    }

    private Shape shape(Yaml.Node node, String name) {
        return switch (node) {
            case Yaml.Mapping m -> members(m, name);
            case Yaml.Sequence s -> tuple(s, name);
            case Yaml.Scalar s -> {
                Item item = item(s, name);
                if (item.optional || item.rest) {
                    problems.add(s, name, s.text(), "optional and rest only in an array");
                }
                yield item.shape;
            }
        };
    }

    private Shape members(Yaml.Mapping mapping, String name) {
        cost++;
        List<Shape.Member> members = new ArrayList<>();
        Shape others = null;
        for (Map.Entry<String, Yaml.Entry> e : mapping.entries().entrySet()) {
            String key = e.getKey();
            if (key.equals(OTHERS)) {
                others = repeated(e.getValue().value(), name + "." + key);
                continue;
            }
            boolean optional = key.endsWith("?");
            String plain = optional ? key.substring(0, key.length() - 1) : key;
            if (optional && mapping.entries().containsKey(plain)) {
                problems.add(e.getValue().key(), name, key, "a key only once");
            }
            Shape shape = shape(e.getValue().value(), name + "." + plain);
            members.add(new Shape.Member(plain, !optional, shape));
        }
        return new Shape.Members(List.copyOf(members), others);
    }

    private Shape tuple(Yaml.Sequence sequence, String name) {
        cost++;
        List<Shape> items = new ArrayList<>();
        int required = 0;
        Shape rest = null;
        for (int i = 0; i < sequence.items().size(); i++) {
            Yaml.Node node = sequence.items().get(i);
            String itemName = name + "[" + i + "]";
            boolean captured = captures;
            Item item =
                    node instanceof Yaml.Scalar s
                            ? item(s, itemName)
                            : new Item(shape(node, itemName), false, false);
            if (rest != null) {
                problems.add(node, itemName, "an element after rest", "rest as the last");
            } else if (item.rest) {
                rest = item.shape;
                if (captures && !captured) {
                    problems.add(node, itemName, "a field in rest", "fields of single values");
                }
                continue;
            } else if (!item.optional) {
                if (required < i) {
                    problems.add(node, itemName, "required", "optional, as those before it");
                }
                required = i + 1;
            }
            items.add(item.shape);
        }
        return new Shape.Tuple(List.copyOf(items), required, rest);
    }

    /// A shape that may stand for many values, so cannot tell a field.
    private Shape repeated(Yaml.Node node, String name) {
        boolean before = captures;
        captures = false;
        Shape shape = shape(node, name);
        if (captures) {
            problems.add(node, name, "a field in a repeated value", "fields of single values");
        }
        captures = before;
        return shape;
    }

    private Item item(Yaml.Scalar scalar, String name) {
        try {
            return expression(new Tokens(scalar.text()));
        } catch (Unreadable e) {
            problems.add(scalar, name, e.value, e.expected);
            return new Item(new Shape.Any(), false, false);
        }
    }

    private Item expression(Tokens tokens) throws Unreadable {
        boolean optional = tokens.take("optional");
        boolean rest = !optional && tokens.take("rest");
        List<Shape> alternatives = new ArrayList<>();
        do {
            alternatives.add(alternative(tokens));
        } while (tokens.take("|"));
        Shape shape =
                alternatives.size() == 1
                        ? alternatives.getFirst()
                        : new Shape.OneOf(List.copyOf(alternatives));
        if (tokens.take("as")) {
            shape = new Shape.Captured(shape, field(tokens.next("a field after as")));
            captures = true;
        }
        String more = tokens.peek();
        if (more != null) {
            throw new Unreadable(more, "| or as, or the end");
        }
        return new Item(shape, optional, rest);
    }

    private static Field field(String name) throws Unreadable {
        List<String> known = new ArrayList<>();
        for (Field field : Field.values()) {
            if (field.word().equals(name)) {
                return field;
            }
            known.add(field.word());
        }
        throw new Unreadable(name, "one of " + String.join(", ", known));
    }

    private Shape alternative(Tokens tokens) throws Unreadable {
        cost++;
        String word = tokens.next("a shape");
        if (word.startsWith("=")) {
            return new Shape.Literal(word.substring(1));
        }
        return switch (word) {
            case "any" -> new Shape.Any();
            case "null" -> new Shape.Null();
            case "boolean" -> new Shape.Bool(null);
            case "true" -> new Shape.Bool(true);
            case "false" -> new Shape.Bool(false);
            case "text" -> text(tokens, false);
            case "word" -> text(tokens, true);
            case "hex" -> hex(tokens, Shape.ZeroX.FORBIDDEN);
            case "0xhex" -> hex(tokens, Shape.ZeroX.REQUIRED);
            case "0x?hex" -> hex(tokens, Shape.ZeroX.OPTIONAL);
            case "integer" -> {
                Range r = range(tokens, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
                yield new Shape.Numeric(r.min, r.max, true);
            }
            case "number" -> {
                Range r = range(tokens, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
                yield new Shape.Numeric(r.min, r.max, false);
            }
            case "decimal" -> {
                Range r = range(tokens, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
                yield new Shape.Decimal(r.min, r.max);
            }
            case "list" -> list(tokens);
            default -> type(word);
        };
    }

    private static Shape text(Tokens tokens, boolean visible) throws Unreadable {
        Range length = lengths(tokens, visible ? 1 : 0);
        String prefix = tokens.take("prefix") ? tokens.next("text after prefix") : "";
        return new Shape.Text((int) length.min, (int) length.max, prefix, visible);
    }

    private static Shape hex(Tokens tokens, Shape.ZeroX zeroX) throws Unreadable {
        Range length = lengths(tokens, 1);
        String prefix = tokens.take("prefix") ? tokens.next("digits after prefix") : "";
        if (!DIGITS.matcher(prefix).matches()) {
            throw new Unreadable(prefix, "digits 0-9 and a-f");
        }
        return new Shape.Hex((int) length.min, (int) length.max, zeroX, prefix);
    }

    private Shape list(Tokens tokens) throws Unreadable {
        Range length = lengths(tokens, 0);
        if (!tokens.take("of")) {
            throw new Unreadable(String.valueOf(tokens.peek()), "of, then the elements' shape");
        }
        boolean before = captures;
        captures = false;
        Shape element = alternative(tokens);
        if (captures) {
            throw new Unreadable("a field in a list", "fields of single values");
        }
        captures = before;
        return new Shape.ListOf((int) length.min, (int) length.max, element);
    }

    private Shape type(String name) throws Unreadable {
        Type type = types.get(name);
        if (type == null) {
            TreeSet<String> known = new TreeSet<>(types.keySet());
            known.addAll(WORDS);
            throw new Unreadable(name, Problems.suggestion(name, known));
        }
        cost = Math.min(MAX_COST + 1, cost + type.cost);
        captures |= type.captures;
        return type.shape;
    }

    private static Range lengths(Tokens tokens, int least) throws Unreadable {
        Range range = range(tokens, least, MAX_LENGTH);
        if (range.min < 0
                || range.max > MAX_LENGTH
                || range.min != Math.rint(range.min)
                || range.max != Math.rint(range.max)) {
            throw new Unreadable(
                    range.min + ".." + range.max, "whole lengths from 0 to " + MAX_LENGTH);
        }
        return range;
    }

    private static Range range(Tokens tokens, double least, double most) throws Unreadable {
        String token = tokens.peek();
        if (token == null
                || !(token.startsWith("..") || isNumberStart(token.charAt(0)))
                || token.startsWith("0x")) {
            return new Range(least, most);
        }
        tokens.advance();
        int dots = token.indexOf("..");
        String lower = dots < 0 ? token : token.substring(0, dots);
        String upper = dots < 0 ? token : token.substring(dots + 2);
        double min = lower.isEmpty() ? least : Numbers.decimal(lower);
        double max = upper.isEmpty() ? most : Numbers.decimal(upper);
        if (min <= max) { // not if either is NaN: no number
            return new Range(min, max);
        }
        throw new Unreadable(token, "n, n.., ..m or n..m with n not above m");
    }

    private static boolean isNumberStart(char c) {
        return (c >= '0' && c <= '9') || c == '-';
    }
}
