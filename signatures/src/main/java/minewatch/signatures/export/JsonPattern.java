package minewatch.signatures.export;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import minewatch.signatures.language.Shape;
import minewatch.signatures.lexer.JsonTape;
import org.jspecify.annotations.Nullable;

/// A shape as a Perl-compatible regular expression over the bytes of a message.
///
/// JSON leaves much open: the order of keys, white space, escapes. A regular expression can say all
/// of it: an object is a row of look-aheads, one a key, each of which walks the members to the
/// first of that name, and then the walk over all of them; values of any kind are a recursive
/// group. So the pattern accepts the same texts as the shape, but for what is listed by
/// [#relaxed()]:
///
/// - numbers within bounds that are no small whole numbers: any number is accepted;
/// - numbers in strings: any string is;
/// - the length of a text: an escape beyond ASCII counts as one byte, decoded it is two or three.
///
/// Each of these only ever accepts more. The reader's own bounds (64 KiB, 4,096 values, 32 levels)
/// are not in the pattern.
final class JsonPattern {
    /// Named groups that every pattern calls. `w` white space, `s` string, `n` number, `v` value,
    /// `m` member, `a` array, `o` object; `h` hexadecimal digit, `c` visible character, `t` any
    /// character, as they stand in a string, and `H`, `C`, `T` 64 of them: a count of a long group
    /// would be copied out so many times.
    static final String DEFINITIONS =
            "(?(DEFINE)(?<w>[\\x20\\t\\r\\n]*+)"
                    + "(?<t>[^\\x22\\x5c\\x00-\\x1f]|\\x5c(?:[\\x22\\x5c\\x2fbfnrt]|u[0-9a-fA-F]{4}))"
                    + "(?<s>\\x22(?&t)*+\\x22)"
                    + "(?<n>-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
                    + "(?<v>(?&s)|(?&n)|true|false|null|(?&a)|(?&o))(?<m>(?&s)(?&w):(?&w)(?&v)(?&w))"
                    + "(?<a>\\[(?&w)(?:(?&v)(?&w)(?:,(?&w)(?=[^\\]])|(?=\\])))*+\\])"
                    + "(?<o>\\{(?&w)(?:(?&m)(?:,(?&w)(?=\\x22)|(?=\\})))*+\\})"
                    + "(?<h>[0-9a-fA-F]|\\x5cu00(?:3[0-9]|[46][1-6]))(?<H>(?&h){64})"
                    + "(?<c>[!#-\\x5b\\]-~]|\\x5c(?:[\\x22\\x5c\\x2f]|u00(?:2[1-9a-fA-F]|[3-6][0-9a-fA-F]|7[0-9a-eA-E])))"
                    + "(?<C>(?&c){64})(?<T>(?&t){64}))";

    private static final int BLOCK = 64; // characters of the groups H, C and T
    private static final int MAX_MEMBERS = 64; // objects of more fit no shape
    private static final int MAX_COPIES = 20_000; // characters of pattern a count may copy out
    private static final double EXACT = 1e15; // whole numbers below it are exact

    private final Set<String> relaxed = new LinkedHashSet<>();

    /// What the pattern accepts beyond the shape; empty where it is exact.
    List<String> relaxed() {
        return List.copyOf(relaxed);
    }

    /// A pattern for a whole value.
    String of(Shape shape) throws Inexpressible {
        return switch (shape) {
            case Shape.Any() -> "(?&v)";
            case Shape.Null() -> "null";
            case Shape.Bool(Boolean value) ->
                    value == null ? "(?:true|false)" : value ? "true" : "false";
            case Shape.Text text -> text(text);
            case Shape.Hex hex -> hex(hex);
            case Shape.Numeric number -> number(number);
            case Shape.Decimal _ -> {
                relaxed.add("numbers in texts");
                yield "(?&s)";
            }
            case Shape.Literal(String value) -> JsonLiteral.quoted(value);
            case Shape.OneOf(List<Shape> alternatives) ->
                    "(?:" + String.join("|", all(alternatives)) + ")";
            case Shape.Tuple tuple -> tuple(tuple);
            case Shape.ListOf list -> list(list);
            case Shape.Members members -> object(members);
            case Shape.Captured(Shape inner, _) -> of(inner);
        };
    }

    private List<String> all(List<Shape> shapes) throws Inexpressible {
        List<String> patterns = new ArrayList<>();
        for (Shape shape : shapes) {
            patterns.add(of(shape));
        }
        return patterns;
    }

    private String text(Shape.Text text) {
        int prefix = JsonLiteral.length(text.prefix());
        int min = Math.max(0, text.min() - prefix);
        int max = text.max() - prefix;
        if (max < 0) {
            return "(?!)";
        }
        String start = "\\x22" + JsonLiteral.unquoted(text.prefix());
        if (text.visible()) {
            return start + repeated("c", min, max) + "\\x22";
        }
        boolean bounded = text.max() < JsonTape.MAX_BYTES || min > 1;
        if (bounded) {
            relaxed.add("text lengths with escapes beyond ASCII");
        }
        return start + repeated("t", (min + 2) / 3, max) + "\\x22"; // 3 bytes an escape at most
    }

    private static String hex(Shape.Hex hex) {
        String start =
                switch (hex.zeroX()) {
                    case FORBIDDEN -> "";
                    case REQUIRED -> JsonLiteral.zeroX();
                    case OPTIONAL -> "(?:" + JsonLiteral.zeroX() + ")?";
                };
        int prefix = hex.prefix().length();
        if (hex.max() < prefix) {
            return "(?!)";
        }
        return "\\x22"
                + start
                + JsonLiteral.eitherCase(hex.prefix())
                + repeated("h", Math.max(0, hex.min() - prefix), hex.max() - prefix)
                + "\\x22";
    }

    /// `min` to `max` of the group `one`.
    private static String repeated(String one, int min, int max) {
        if (min == max) {
            return exactly(one, min);
        }
        String least = min == 0 ? "" : "(?=" + exactly(one, min) + ")";
        if (max >= JsonTape.MAX_BYTES - 1) {
            return exactly(one, min) + call(one) + "*+";
        }
        int blocks = max / BLOCK;
        String rest = call(one) + "{0," + max % BLOCK + "}";
        if (blocks == 0) {
            return least + rest;
        }
        String block = call(one.toUpperCase(Locale.ROOT));
        String fewer = block + "{0," + (blocks - 1) + "}" + call(one) + "{0," + (BLOCK - 1) + "}";
        return least + "(?:" + block + "{" + blocks + "}" + rest + "|" + fewer + ")";
    }

    private static String exactly(String one, int count) {
        String block = call(one.toUpperCase(Locale.ROOT));
        String blocks = count < BLOCK ? "" : block + "{" + count / BLOCK + "}";
        return count % BLOCK == 0 ? blocks : blocks + call(one) + "{" + count % BLOCK + "}";
    }

    private static String call(String group) {
        return "(?&" + group + ")";
    }

    private String number(Shape.Numeric number) {
        boolean bounded =
                number.min() > Double.NEGATIVE_INFINITY || number.max() < Double.POSITIVE_INFINITY;
        if (!number.integer()) {
            if (bounded) {
                relaxed.add("bounds of numbers");
            }
            return "(?&n)";
        }
        double low = Math.ceil(number.min());
        double high = Math.floor(number.max());
        boolean exact =
                (Double.isInfinite(low) || Math.abs(low) <= EXACT)
                        && (Double.isInfinite(high) || Math.abs(high) <= EXACT);
        if (bounded && exact) {
            return IntegerPattern.between(low, high);
        }
        if (bounded) {
            relaxed.add("bounds of numbers");
        }
        return "-?(?:0|[1-9][0-9]*)";
    }

    private String list(Shape.ListOf list) throws Inexpressible {
        String element = of(list.element()) + "(?&w)";
        if ((long) element.length() * Math.min(list.max(), 1 << 16) > MAX_COPIES
                && list.max() < JsonTape.MAX_NODES) {
            throw new Inexpressible("a list of up to " + list.max() + " long elements");
        }
        String most = list.max() >= JsonTape.MAX_NODES ? "" : Integer.toString(list.max() - 1);
        if (list.max() == 0) {
            return "\\[(?&w)\\]";
        }
        String some =
                element
                        + "(?:,(?&w)"
                        + element
                        + "){"
                        + Math.max(0, list.min() - 1)
                        + ","
                        + most
                        + "}";
        return "\\[(?&w)" + (list.min() == 0 ? "(?:" + some + ")?" : some) + "\\]";
    }

    private String tuple(Shape.Tuple tuple) throws Inexpressible {
        List<String> items = all(tuple.items());
        String rest = rest(tuple.rest(), items.isEmpty());
        String tail = rest;
        for (int i = items.size() - 1; i >= 0; i--) {
            String item = (i == 0 ? "" : ",(?&w)") + items.get(i) + "(?&w)" + tail;
            tail = i < tuple.required() ? item : "(?:" + item + ")?";
        }
        return "\\[(?&w)" + tail + "\\]";
    }

    private String rest(@Nullable Shape shape, boolean first) throws Inexpressible {
        if (shape == null) {
            return "";
        }
        String element = of(shape) + "(?&w)";
        String more = "(?:,(?&w)" + element + ")*";
        return first ? "(?:" + element + more + ")?" : more;
    }

    private String object(Shape.Members shape) throws Inexpressible {
        StringBuilder pattern = new StringBuilder("\\{(?&w)");
        for (Shape.Member member : shape.members()) {
            String key = JsonLiteral.quoted(member.key()) + "(?&w):";
            String toFirst = "(?:(?!" + key + ")(?&m),(?&w))*+" + key + "(?&w)";
            String value = of(member.shape()) + "(?&w)[,}]";
            pattern.append(
                    member.required()
                            ? "(?=" + toFirst + value + ")"
                            : "(?!" + toFirst + "(?!" + value + "))");
        }
        if (!(shape.others() instanceof Shape.Any)) {
            pattern.append(others(shape));
        }
        return pattern.append("(?:(?&m)(?:,(?&w)(?=\\x22)|(?=\\}))){0," + MAX_MEMBERS + "}\\}")
                .toString();
    }

    /// Looks ahead whether the members without a name of their own are as they should be.
    private String others(Shape.Members shape) throws Inexpressible {
        String names =
                shape.members().stream()
                        .map(member -> JsonLiteral.quoted(member.key()))
                        .collect(Collectors.joining("|", "(?:", ")(?&w):"));
        List<String> members = new ArrayList<>();
        if (!shape.members().isEmpty()) {
            members.add(names + "(?&w)(?&v)");
        }
        if (shape.others() != null) {
            String unnamed = shape.members().isEmpty() ? "" : "(?!" + names + ")";
            members.add(unnamed + "(?&s)(?&w):(?&w)" + of(shape.others()));
        }
        String member = members.isEmpty() ? "(?!)" : "(?:" + String.join("|", members) + ")";
        return "(?=(?:" + member + "(?&w)(?:,(?&w)|(?=\\})))*\\})";
    }
}
