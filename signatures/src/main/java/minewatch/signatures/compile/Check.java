package minewatch.signatures.compile;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import minewatch.signatures.language.Shape;
import minewatch.signatures.lexer.JsonKey;
import minewatch.signatures.lexer.JsonTape;
import minewatch.signatures.lexer.JsonTape.Kind;
import minewatch.signatures.lexer.Numbers;
import org.jspecify.annotations.Nullable;

/// A [Shape] made ready to hold against the nodes of a tape. Immutable; allocates nothing.
sealed interface Check {
    boolean fits(JsonTape tape, int node);

    /// What nodes that fit may look like at a glance; see [Traits].
    long traits();

    /// The check of a shape.
    static Check of(Shape shape) {
        return switch (shape) {
            case Shape.Any() -> new Anything();
            case Shape.Null() -> new OfKind(Kind.NULL);
            case Shape.Bool(Boolean value) ->
                    value == null ? new Flag() : new OfKind(value ? Kind.TRUE : Kind.FALSE);
            case Shape.Text t -> new Text(t.min(), t.max(), utf8(t.prefix()), t.visible());
            case Shape.Hex h ->
                    new Hex(
                            h.min(),
                            h.max(),
                            h.zeroX() != Shape.ZeroX.FORBIDDEN,
                            h.zeroX() == Shape.ZeroX.REQUIRED,
                            utf8(h.prefix().toLowerCase(Locale.ROOT)));
            case Shape.Numeric n -> new Numeric(n.min(), n.max(), n.integer());
            case Shape.Decimal d -> new Decimal(d.min(), d.max());
            case Shape.Literal(String value) -> new Literal(utf8(value));
            case Shape.OneOf(List<Shape> alternatives) -> new OneOf(all(alternatives));
            case Shape.Tuple(List<Shape> items, int required, Shape rest) ->
                    new Tuple(all(items), required, rest == null ? null : of(rest));
            case Shape.ListOf(int min, int max, Shape element) -> new ListOf(min, max, of(element));
            case Shape.Members m -> members(m);
            case Shape.Captured(Shape inner, _) -> of(inner);
        };
    }

    private static Check[] all(List<Shape> shapes) {
        return shapes.stream().map(Check::of).toArray(Check[]::new);
    }

    private static Check members(Shape.Members shape) {
        int count = shape.members().size();
        JsonKey[] keys = new JsonKey[count];
        boolean[] required = new boolean[count];
        Check[] values = new Check[count];
        for (int i = 0; i < count; i++) {
            Shape.Member member = shape.members().get(i);
            keys[i] = JsonKey.of(member.key());
            required[i] = member.required();
            values[i] = of(member.shape());
        }
        return new Members(
                keys, required, values, shape.others() == null ? null : of(shape.others()));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Any value.
    record Anything() implements Check {
        @Override
        public long traits() {
            return Traits.ANY;
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            return true;
        }
    }

    /// `null`, `true` or `false`.
    record OfKind(Kind kind) implements Check {
        @Override
        public long traits() {
            return Traits.of(kind);
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            return tape.is(node, kind);
        }
    }

    /// `true` or `false`, either.
    record Flag() implements Check {
        @Override
        public long traits() {
            return Traits.of(Kind.TRUE) | Traits.of(Kind.FALSE);
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            return tape.is(node, Kind.TRUE) || tape.is(node, Kind.FALSE);
        }
    }

    /// See [Shape.Text].
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Text(int min, int max, byte[] prefix, boolean visible) implements Check {
        @Override
        public long traits() {
            return Traits.of(Kind.STRING, min, max);
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            if (!tape.is(node, Kind.STRING)) {
                return false;
            }
            tape.view(node);
            int length = tape.viewTo() - tape.viewFrom();
            return length >= min
                    && length <= max
                    && tape.viewStartsWith(prefix)
                    && (!visible || allVisible(tape.viewed(), tape.viewFrom(), tape.viewTo()));
        }

        private static boolean allVisible(byte[] text, int from, int to) {
            for (int i = from; i < to; i++) {
                if (text[i] <= ' ' || text[i] == 0x7F) { // above ASCII is negative
                    return false;
                }
            }
            return true;
        }
    }

    /// See [Shape.Hex].
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Hex(int min, int max, boolean zeroX, boolean needsZeroX, byte[] prefix)
            implements Check {
        @Override
        public long traits() {
            long bare = needsZeroX ? 0 : Traits.of(Kind.STRING, min, max);
            return zeroX ? bare | Traits.of(Kind.STRING, min + 2, max + 2) : bare;
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            if (!tape.is(node, Kind.STRING)) {
                return false;
            }
            tape.view(node);
            byte[] text = tape.viewed();
            int from = tape.viewFrom();
            int to = tape.viewTo();
            if (Numbers.hasHexPrefix(text, from, to)) {
                if (!zeroX) {
                    return false;
                }
                from += 2;
            } else if (needsZeroX) {
                return false;
            }
            int length = to - from;
            if (length < min || length > max || length < prefix.length) {
                return false;
            }
            for (int i = 0; i < prefix.length; i++) {
                if (Numbers.hexDigit(text[from + i]) != Numbers.hexDigit(prefix[i])) {
                    return false;
                }
            }
            for (int i = from; i < to; i++) {
                if (Numbers.hexDigit(text[i]) < 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /// See [Shape.Numeric].
    record Numeric(double min, double max, boolean integer) implements Check {
        @Override
        public long traits() {
            return Traits.of(Kind.NUMBER);
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            if (!tape.is(node, Kind.NUMBER)) {
                return false;
            }
            tape.view(node);
            double value = Numbers.decimal(tape.viewed(), tape.viewFrom(), tape.viewTo());
            return value >= min && value <= max && (!integer || isInteger(tape));
        }

        private static boolean isInteger(JsonTape tape) {
            byte[] text = tape.viewed();
            for (int i = tape.viewFrom(); i < tape.viewTo(); i++) {
                if (text[i] == '.' || text[i] == 'e' || text[i] == 'E') {
                    return false;
                }
            }
            return true;
        }
    }

    /// See [Shape.Decimal].
    record Decimal(double min, double max) implements Check {
        @Override
        public long traits() {
            return Traits.of(Kind.STRING, 0, JsonTape.MAX_BYTES);
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            if (!tape.is(node, Kind.STRING)) {
                return false;
            }
            tape.view(node);
            double value = Numbers.decimal(tape.viewed(), tape.viewFrom(), tape.viewTo());
            return value >= min && value <= max;
        }
    }

    /// See [Shape.Literal].
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Literal(byte[] value) implements Check {
        @Override
        public long traits() {
            return Traits.of(Kind.STRING, value.length, value.length);
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            return tape.is(node, Kind.STRING) && tape.textEquals(node, value);
        }
    }

    /// See [Shape.OneOf].
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record OneOf(Check[] alternatives) implements Check {
        @Override
        public long traits() {
            long traits = 0;
            for (Check alternative : alternatives) {
                traits |= alternative.traits();
            }
            return traits;
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            for (Check alternative : alternatives) {
                if (alternative.fits(tape, node)) {
                    return true;
                }
            }
            return false;
        }
    }

    /// See [Shape.Tuple].
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tuple(Check[] items, int required, @Nullable Check rest) implements Check {
        @Override
        public long traits() {
            int most = rest == null ? items.length : JsonTape.MAX_NODES;
            return Traits.of(Kind.ARRAY, required, most);
        }

        /// What the element at `index` must fit, where there is one; null if there must be none.
        @Nullable Check checkOf(int index) {
            return index < items.length ? items[index] : rest;
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            if (!tape.is(node, Kind.ARRAY)
                    || tape.size(node) < required
                    || (tape.size(node) > items.length && rest == null)) {
                return false;
            }
            int index = 0;
            for (int c = node + 1; c < tape.after(node); c = tape.after(c)) {
                Check check = index < items.length ? items[index++] : rest;
                if (check == null || !check.fits(tape, c)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// See [Shape.ListOf].
    record ListOf(int min, int max, Check element) implements Check {
        @Override
        public long traits() {
            return Traits.of(Kind.ARRAY, min, max);
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            if (!tape.is(node, Kind.ARRAY) || tape.size(node) < min || tape.size(node) > max) {
                return false;
            }
            for (int c = node + 1; c < tape.after(node); c = tape.after(c)) {
                if (!element.fits(tape, c)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// See [Shape.Members]. Of a key that repeats the first counts; objects of more than
    /// [#MAX_MEMBERS] members fit nothing, which bounds the search for keys.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Members(JsonKey[] keys, boolean[] required, Check[] values, @Nullable Check others)
            implements Check {
        private static final int MAX_MEMBERS = 64;

        @Override
        public long traits() {
            int least = 0;
            for (boolean needed : required) {
                least += needed ? 1 : 0;
            }
            return Traits.of(Kind.OBJECT, least, MAX_MEMBERS); // keys may repeat
        }

        @Override
        public boolean fits(JsonTape tape, int node) {
            if (!tape.is(node, Kind.OBJECT) || tape.size(node) > MAX_MEMBERS) {
                return false;
            }
            for (int i = 0; i < keys.length; i++) {
                int value = tape.find(node, keys[i]);
                if (value < 0 ? required[i] : !values[i].fits(tape, value)) {
                    return false;
                }
            }
            return others instanceof Anything || othersFit(tape, node);
        }

        /// The bits of the keys that must be there.
        long requiredKeys() {
            long bits = 0;
            for (int i = 0; i < keys.length; i++) {
                bits |= required[i] ? keys[i].bit() : 0;
            }
            return bits;
        }

        /// What a member's value must fit, where there is such a member; null if there must be
        /// none.
        @Nullable Check checkOf(JsonKey key) {
            for (int i = 0; i < keys.length; i++) {
                if (keys[i].equals(key)) {
                    return values[i];
                }
            }
            return others;
        }

        private boolean othersFit(JsonTape tape, int node) {
            for (int k = node + 1; k < tape.after(node); k = tape.after(k + 1)) {
                if (!isNamed(tape, k) && (others == null || !others.fits(tape, k + 1))) {
                    return false;
                }
            }
            return true;
        }

        private boolean isNamed(JsonTape tape, int key) {
            for (JsonKey name : keys) {
                if (tape.isKey(key, name)) {
                    return true;
                }
            }
            return false;
        }
    }
}
