package minewatch.signatures.lexer;

import java.nio.charset.StandardCharsets;

/// One JSON text as a flat tape: a node for every value and every key, in the order of the text.
///
/// ```
/// {"id":1,"params":["x",2]}
/// node   0 OBJECT  1 KEY id  2 NUMBER  3 KEY params  4 ARRAY  5 STRING  6 NUMBER
/// after  7         2         3         4             7        6         7
/// ```
///
/// `after(n)` is the node that follows `n` and all within it, so the children of a container are
/// walked by `for (int c = n + 1; c < after(n); c = after(c))`; in an object keys and values
/// alternate. Nodes point into the text, which must stay unchanged while the tape is read.
///
/// Strict: nothing is accepted that RFC 8259 forbids, except that bytes within a string need not be
/// valid UTF-8 (they are foreign, and no check on them ever passes by accident). Keys may repeat:
/// [#find] takes the first.
///
/// Reused by one thread; parsing and reading allocate nothing but where said.
///
/// Source: RFC 8259.
public final class JsonTape {
    public static final int MAX_BYTES = 64 * 1024;
    public static final int MAX_NODES = 4096;
    public static final int MAX_DEPTH = 32;

    /// How a text parsed.
    public enum Result {
        OBJECT,
        ARRAY,
        SCALAR,
        /// Valid so far, and over before the value was.
        INCOMPLETE,
        MALFORMED,
        /// Beyond [#MAX_BYTES], [#MAX_NODES] or [#MAX_DEPTH].
        OUT_OF_BOUNDS
    }

    /// What a node is.
    public enum Kind {
        OBJECT(1),
        ARRAY(1 << 1),
        KEY(1 << 2),
        STRING(1 << 3),
        NUMBER(1 << 4),
        TRUE(1 << 5),
        FALSE(1 << 6),
        NULL(1 << 7);

        private final int bit;

        Kind(int bit) {
            this.bit = bit;
        }

        /// One of its own, for sets of kinds.
        public int bit() {
            return bit;
        }
    }

    private static final int BAD = -1; // instead of a position: the token is malformed
    private static final int CUT = -2; // the text is over within the token
    private static final int BEYOND = -3; // a bound is reached

    // A node is four numbers side by side: a quarter of a line of the cache.
    private static final int NODE_SHIFT = 2;
    private static final int FROM = 0; // of strings and keys: without the quotes
    private static final int TO = 1;
    private static final int AFTER = 2;
    private static final int MARKS = 3; // Kind#bit(), ESCAPED, and from SIZE_SHIFT on the size
    private static final int KINDS = 0xFF;
    private static final int ESCAPED = 1 << 8;
    private static final int SIZE_SHIFT = 9;
    private static final Kind[] KIND_OF_BIT = Kind.values();

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final int[] tape = new int[MAX_NODES << NODE_SHIFT];
    private final long[] codes = new long[MAX_NODES]; // of keys, see JsonKey#code
    private final int[] open = new int[MAX_DEPTH]; // containers around the current position

    private byte[] text = new byte[0];
    private int end;
    private int nodes;
    private int depth;
    private long rootKeys;

    private final byte[] decoded = new byte[MAX_BYTES];
    private byte[] viewed = text;
    private int viewFrom;
    private int viewTo;

    /// Parses `buffer[start, end)` as exactly one JSON text.
    public Result parse(byte[] buffer, int start, int end) {
        if (end - start > MAX_BYTES) {
            return Result.OUT_OF_BOUNDS;
        }
        int at = wholeValue(buffer, start, end);
        if (at < 0) {
            return failure(at);
        }
        return skipSpace(at) == end ? rootResult() : Result.MALFORMED;
    }

    /// Parses the object or array that `buffer[start, end)` begins with; anything may follow it.
    ///
    /// @return index after its closing bracket; −1 where it is not whole or not valid
    public int parseFirst(byte[] buffer, int start, int end) {
        int at = wholeValue(buffer, start, Math.min(end, start + MAX_BYTES));
        return at >= 0 && (is(0, Kind.OBJECT) || is(0, Kind.ARRAY)) ? at : -1;
    }

    /// The value that `buffer[start, end)` begins with, and everything within it.
    private int wholeValue(byte[] buffer, int start, int end) {
        text = buffer;
        this.end = end;
        nodes = 0;
        depth = 0;
        rootKeys = 0;
        int at = value(start);
        while (depth > 0 && at >= 0) {
            at = next(at);
        }
        return at;
    }

    /// What follows in the innermost open container: a member, an element, or its end.
    private int next(int from) {
        int at = skipSpace(from);
        if (at == end) {
            return CUT;
        }
        int marks = open[depth - 1] << NODE_SHIFT | MARKS;
        boolean inObject = (tape[marks] & Kind.OBJECT.bit) != 0;
        if (text[at] == (inObject ? '}' : ']')) {
            return close(at);
        }
        boolean isFirst = tape[marks] >>> SIZE_SHIFT == 0;
        if (!isFirst && text[at++] != ',') {
            return BAD;
        }
        tape[marks] += 1 << SIZE_SHIFT;
        return inObject ? member(at) : value(at);
    }

    private int member(int from) {
        int at = skipSpace(from);
        if (at == end) {
            return CUT;
        }
        if (text[at] != '"') {
            return BAD;
        }
        at = string(at, Kind.KEY.bit);
        if (at < 0) {
            return at;
        }
        noteKey(nodes - 1);
        at = skipSpace(at);
        if (at == end) {
            return CUT;
        }
        return text[at] == ':' ? value(at + 1) : BAD;
    }

    /// A scalar, or the bracket that opens a container.
    private int value(int from) {
        int at = skipSpace(from);
        if (at == end) {
            return CUT;
        }
        return switch (text[at]) {
            case '"' -> string(at, Kind.STRING.bit);
            case '{' -> open(at, Kind.OBJECT.bit);
            case '[' -> open(at, Kind.ARRAY.bit);
            case 't' -> word(at, TRUE, Kind.TRUE.bit);
            case 'f' -> word(at, FALSE, Kind.FALSE.bit);
            case 'n' -> word(at, NULL, Kind.NULL.bit);
            default -> number(at);
        };
    }

    public Kind kind(int node) {
        return KIND_OF_BIT[Integer.numberOfTrailingZeros(kindBit(node))];
    }

    /// Whether a node is of this kind.
    public boolean is(int node, Kind kind) {
        return (get(node, MARKS) & kind.bit) != 0;
    }

    /// [Kind#bit()] of a node.
    public int kindBit(int node) {
        return get(node, MARKS) & KINDS;
    }

    /// The node after `node` and everything within it.
    public int after(int node) {
        return get(node, AFTER);
    }

    /// Elements of an array, members of an object, or bytes of a string as it is written; 0 for
    /// anything else.
    public int size(int node) {
        return get(node, MARKS) >>> SIZE_SHIFT;
    }

    /// The value of the first member called `key`, or -1. Escapes in the text's keys are decoded
    /// before comparing.
    public int find(int object, JsonKey key) {
        if (object == 0 && (rootKeys & key.bit()) == 0) {
            return -1;
        }
        int stop = after(object);
        for (int k = object + 1; k < stop; k = after(k + 1)) {
            if (isKey(k, key)) {
                return k + 1;
            }
        }
        return -1;
    }

    /// Whether a node that is a key is this one.
    public boolean isKey(int node, JsonKey key) {
        if (codes[node] != key.code()) {
            return false;
        }
        if (key.isToldByCode()) {
            return true;
        }
        view(node);
        return key.equalTo(viewed, viewFrom, viewTo);
    }

    /// The [JsonKey#bit()] of every member of the root object: where one is not set, there is no
    /// such member.
    public long rootKeys() {
        return rootKeys;
    }

    /// The element at `index` of an array, or -1.
    public int element(int array, int index) {
        if (index >= size(array)) {
            return -1;
        }
        int c = array + 1;
        for (int i = 0; i < index; i++) {
            c = after(c);
        }
        return c;
    }

    /// Whether a string's or key's text is exactly these bytes.
    public boolean textEquals(int node, byte[] expected) {
        if (!isEscaped(node) && get(node, TO) - get(node, FROM) != expected.length) {
            return false;
        }
        view(node);
        return viewTo - viewFrom == expected.length && viewStartsWith(expected);
    }

    /// Sets [#viewed], [#viewFrom] and [#viewTo] to the bytes of a node: a string without quotes
    /// and escapes, anything else as written. They hold until the next call.
    public void view(int node) {
        if (isEscaped(node)) {
            viewed = decoded;
            viewFrom = 0;
            viewTo = decode(get(node, FROM), get(node, TO));
        } else {
            viewed = text;
            viewFrom = get(node, FROM);
            viewTo = get(node, TO);
        }
    }

    public byte[] viewed() {
        return viewed;
    }

    public int viewFrom() {
        return viewFrom;
    }

    public int viewTo() {
        return viewTo;
    }

    /// Whether the bytes last viewed begin with `prefix`.
    public boolean viewStartsWith(byte[] prefix) {
        if (viewTo - viewFrom < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (viewed[viewFrom + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /// A node's text; invalid UTF-8 becomes U+FFFD. Allocates.
    public String string(int node) {
        view(node);
        return new String(viewed, viewFrom, viewTo - viewFrom, StandardCharsets.UTF_8);
    }

    /// A 64-bit hash of a node's bytes, never 0. A number and a string of the same characters have
    /// the same hash: peers differ in how they write ids.
    public long hash(int node) {
        view(node);
        return ByteHash.of(viewed, viewFrom, viewTo);
    }

    private int get(int node, int what) {
        return tape[node << NODE_SHIFT | what];
    }

    /// Whether a node is a string or key that is written with escapes.
    public boolean isEscaped(int node) {
        return (get(node, MARKS) & ESCAPED) != 0;
    }

    private Result rootResult() {
        return switch (kind(0)) {
            case OBJECT -> Result.OBJECT;
            case ARRAY -> Result.ARRAY;
            default -> Result.SCALAR;
        };
    }

    private static Result failure(int position) {
        return switch (position) {
            case CUT -> Result.INCOMPLETE;
            case BEYOND -> Result.OUT_OF_BOUNDS;
            default -> Result.MALFORMED;
        };
    }

    private int skipSpace(int from) {
        int at = from;
        while (at < end && text[at] <= ' ' && isSpace(text[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private int open(int at, int kindBit) {
        if (depth == MAX_DEPTH) {
            return BEYOND;
        }
        open[depth++] = nodes;
        return add(kindBit, at, at, at + 1);
    }

    private int close(int at) {
        int node = open[--depth] << NODE_SHIFT;
        tape[node | TO] = at + 1;
        tape[node | AFTER] = nodes;
        return at + 1;
    }

    /// @return `next`, or BEYOND where there is no room
    private int add(int marks, int from, int to, int next) {
        if (nodes == MAX_NODES) {
            return BEYOND;
        }
        int node = nodes++ << NODE_SHIFT;
        tape[node | FROM] = from;
        tape[node | TO] = to;
        tape[node | AFTER] = nodes;
        tape[node | MARKS] = marks;
        return next;
    }

    private void noteKey(int node) {
        view(node);
        codes[node] = JsonKey.code(viewed, viewFrom, viewTo);
        if (depth == 1) {
            rootKeys |= JsonKey.bit(codes[node]);
        }
    }

    private int word(int at, byte[] expected, int kindBit) {
        for (int i = 0; i < expected.length; i++) {
            if (at + i == end) {
                return CUT;
            }
            if (text[at + i] != expected[i]) {
                return BAD;
            }
        }
        return add(kindBit, at, at + expected.length, at + expected.length);
    }

    private int string(int quote, int kindBit) {
        int marks = kindBit;
        int at = quote + 1;
        while (true) {
            at = StringRun.end(text, at, end);
            if (at == end) {
                return CUT;
            }
            byte c = text[at];
            if (c == '"') {
                marks |= at - quote - 1 << SIZE_SHIFT;
                return add(marks, quote + 1, at, at + 1);
            }
            if (c != '\\') {
                return BAD;
            }
            marks |= ESCAPED;
            at = escape(at);
            if (at < 0) {
                return at;
            }
        }
    }

    /// The position after the escape at `backslash`, or BAD or CUT.
    private int escape(int backslash) {
        if (backslash + 1 == end) {
            return CUT;
        }
        byte c = text[backslash + 1];
        if (c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r'
                || c == 't') {
            return backslash + 2;
        }
        if (c != 'u') {
            return BAD;
        }
        for (int i = backslash + 2; i < backslash + 6; i++) {
            if (i == end) {
                return CUT;
            }
            if (Numbers.hexDigit(text[i]) < 0) {
                return BAD;
            }
        }
        return backslash + 6;
    }

    private int number(int start) {
        int stop = Numbers.endOfDecimal(text, start, end);
        if (stop < 0) {
            return -stop - 1 == end ? CUT : BAD;
        }
        return add(Kind.NUMBER.bit, start, stop, stop);
    }

    private int decode(int start, int stop) {
        int out = 0;
        int at = start;
        while (at < stop) {
            byte c = text[at];
            if (c != '\\') {
                decoded[out++] = c;
                at++;
                continue;
            }
            byte e = text[at + 1];
            if (e != 'u') {
                decoded[out++] = simpleEscape(e);
                at += 2;
                continue;
            }
            int unit = fourHex(at + 2);
            at += 6;
            if (unit >= 0xD800
                    && unit < 0xDC00
                    && at < stop
                    && text[at] == '\\'
                    && text[at + 1] == 'u') {
                int low = fourHex(at + 2);
                if (low >= 0xDC00 && low < 0xE000) {
                    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                    at += 6;
                }
            }
            out = putUtf8(unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit, out);
        }
        return out;
    }

    private static byte simpleEscape(byte e) {
        return switch (e) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> e;
        };
    }

    private int fourHex(int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            value = (value << 4) | Numbers.hexDigit(text[i]);
        }
        return value;
    }

    /// A code point in UTF-8 is never longer than its escape, so `decoded` cannot overflow.
    private int putUtf8(int point, int at) {
        int out = at;
        if (point < 0x80) {
            decoded[out++] = (byte) point;
        } else if (point < 0x800) {
            decoded[out++] = (byte) (0xC0 | (point >> 6));
            decoded[out++] = continuation(point);
        } else if (point < 0x10000) {
            decoded[out++] = (byte) (0xE0 | (point >> 12));
            decoded[out++] = continuation(point >> 6);
            decoded[out++] = continuation(point);
        } else {
            decoded[out++] = (byte) (0xF0 | (point >> 18));
            decoded[out++] = continuation(point >> 12);
            decoded[out++] = continuation(point >> 6);
            decoded[out++] = continuation(point);
        }
        return out;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}
