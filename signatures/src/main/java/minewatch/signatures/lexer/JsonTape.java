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

    /// What the grammar allows next.
    private enum State {
        VALUE,
        VALUE_OR_END,
        KEY,
        KEY_OR_END,
        COLON,
        COMMA_OR_END,
        DONE
    }

    private static final int BAD = -1; // an end position: the token is malformed
    private static final int CUT = -2; // an end position: the text is over within the token
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final Kind[] kind = new Kind[MAX_NODES];
    private final int[] from = new int[MAX_NODES]; // of strings and keys: without the quotes
    private final int[] to = new int[MAX_NODES];
    private final int[] after = new int[MAX_NODES];
    private final int[] size = new int[MAX_NODES]; // children of an array, members of an object
    private final boolean[] escaped = new boolean[MAX_NODES];
    private final int[] hash = new int[MAX_NODES]; // of keys
    private final int[] open = new int[MAX_DEPTH]; // containers around the current position

    private byte[] text = new byte[0];
    private int end;
    private int nodes;
    private int depth;
    private long rootKeys;
    private boolean sawEscape;

    private final byte[] decoded = new byte[MAX_BYTES];
    private byte[] viewed = text;
    private int viewFrom;
    private int viewTo;

    /// Parses `buffer[start, end)` as exactly one JSON text.
    public Result parse(byte[] buffer, int start, int end) {
        return parse(buffer, start, end, false);
    }

    /// Parses the object or array that `buffer[start, end)` begins with; anything may follow it.
    ///
    /// @return index after its closing bracket; −1 where it is not whole or not valid
    public int parseFirst(byte[] buffer, int start, int end) {
        int limit = Math.min(end, start + MAX_BYTES);
        Result result = parse(buffer, start, limit, true);
        return result == Result.OBJECT || result == Result.ARRAY ? to[0] : -1;
    }

    private Result parse(byte[] buffer, int start, int end, boolean first) {
        text = buffer;
        this.end = end;
        nodes = 0;
        depth = 0;
        rootKeys = 0;
        if (end - start > MAX_BYTES) {
            return Result.OUT_OF_BOUNDS;
        }
        State state = State.VALUE;
        int at = start;
        while (true) {
            if (first && state == State.DONE) {
                return rootResult();
            }
            at = skipSpace(at);
            if (at == end) {
                return state == State.DONE ? rootResult() : Result.INCOMPLETE;
            }
            if (nodes == MAX_NODES) {
                return Result.OUT_OF_BOUNDS;
            }
            byte c = text[at];
            switch (state) {
                case COLON -> {
                    if (c != ':') {
                        return Result.MALFORMED;
                    }
                    at++;
                    state = State.VALUE;
                }
                case COMMA_OR_END -> {
                    boolean inObject = kind[open[depth - 1]] == Kind.OBJECT;
                    if (c == ',') {
                        state = inObject ? State.KEY : State.VALUE;
                    } else if (c == (inObject ? '}' : ']')) {
                        state = close(at);
                    } else {
                        return Result.MALFORMED;
                    }
                    at++;
                }
                case KEY, KEY_OR_END -> {
                    if (c == '}' && state == State.KEY_OR_END) {
                        state = close(at);
                        at++;
                        continue;
                    }
                    if (c != '"') {
                        return Result.MALFORMED;
                    }
                    at = string(at, Kind.KEY);
                    if (at < 0) {
                        return failure(at);
                    }
                    noteKey(nodes - 1);
                    state = State.COLON;
                }
                case VALUE, VALUE_OR_END -> {
                    if (c == ']' && state == State.VALUE_OR_END) {
                        state = close(at);
                        at++;
                        continue;
                    }
                    if (depth > 0) {
                        size[open[depth - 1]]++;
                    }
                    if (c == '{' || c == '[') {
                        if (depth == MAX_DEPTH) {
                            return Result.OUT_OF_BOUNDS;
                        }
                        state = open(at, c == '{' ? Kind.OBJECT : Kind.ARRAY);
                        at++;
                        continue;
                    }
                    at = scalar(at, c);
                    if (at < 0) {
                        return failure(at);
                    }
                    state = depth == 0 ? State.DONE : State.COMMA_OR_END;
                }
                case DONE -> {
                    return Result.MALFORMED;
                }
            }
        }
    }

    public Kind kind(int node) {
        return kind[node];
    }

    /// The node after `node` and everything within it.
    public int after(int node) {
        return after[node];
    }

    /// Elements of an array or members of an object; 0 for anything else.
    public int size(int node) {
        return size[node];
    }

    /// The value of the first member called `key`, or -1. Escapes in the text's keys are decoded
    /// before comparing.
    public int find(int object, JsonKey key) {
        int stop = after[object];
        for (int k = object + 1; k < stop; k = after[k + 1]) {
            if (isKey(k, key)) {
                return k + 1;
            }
        }
        return -1;
    }

    /// Whether a node that is a key is this one.
    public boolean isKey(int node, JsonKey key) {
        if (hash[node] != key.hash()) {
            return false;
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
        if (index >= size[array]) {
            return -1;
        }
        int c = array + 1;
        for (int i = 0; i < index; i++) {
            c = after[c];
        }
        return c;
    }

    /// Whether a string's or key's text is exactly these bytes.
    public boolean textEquals(int node, byte[] expected) {
        if (!escaped[node] && to[node] - from[node] != expected.length) {
            return false;
        }
        view(node);
        return viewTo - viewFrom == expected.length && viewStartsWith(expected);
    }

    /// Sets [#viewed], [#viewFrom] and [#viewTo] to the bytes of a node: a string without quotes
    /// and escapes, anything else as written. They hold until the next call.
    public void view(int node) {
        if (escaped[node]) {
            viewed = decoded;
            viewFrom = 0;
            viewTo = decode(from[node], to[node]);
        } else {
            viewed = text;
            viewFrom = from[node];
            viewTo = to[node];
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
        return hash(viewed, viewFrom, viewTo);
    }

    /// The hash of bytes as [#hash(int)] has it.
    public static long hash(byte[] bytes, int from, int to) {
        long h = 0xcbf29ce484222325L; // FNV-1a, 64 bits, then a finishing mix
        for (int i = from; i < to; i++) {
            h = (h ^ (bytes[i] & 0xFF)) * 0x100000001b3L;
        }
        h = (h ^ (h >>> 32)) * 0x9E3779B97F4A7C15L;
        h ^= h >>> 29;
        return h == 0 ? 1 : h;
    }

    private Result rootResult() {
        return switch (kind[0]) {
            case OBJECT -> Result.OBJECT;
            case ARRAY -> Result.ARRAY;
            default -> Result.SCALAR;
        };
    }

    private static Result failure(int position) {
        return position == CUT ? Result.INCOMPLETE : Result.MALFORMED;
    }

    private int skipSpace(int at) {
        while (at < end
                && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
        return at;
    }

    private State open(int at, Kind container) {
        open[depth++] = add(container, at, at);
        return container == Kind.OBJECT ? State.KEY_OR_END : State.VALUE_OR_END;
    }

    private State close(int at) {
        int node = open[--depth];
        to[node] = at + 1;
        after[node] = nodes;
        return depth == 0 ? State.DONE : State.COMMA_OR_END;
    }

    private int add(Kind newKind, int start, int stop) {
        int node = nodes++;
        kind[node] = newKind;
        from[node] = start;
        to[node] = stop;
        after[node] = node + 1;
        size[node] = 0;
        escaped[node] = false;
        return node;
    }

    private void noteKey(int node) {
        view(node);
        hash[node] = JsonKey.hash(viewed, viewFrom, viewTo);
        if (depth == 1) {
            rootKeys |= JsonKey.bit(hash[node]);
        }
    }

    private int scalar(int at, byte c) {
        return switch (c) {
            case '"' -> string(at, Kind.STRING);
            case 't' -> word(at, TRUE, Kind.TRUE);
            case 'f' -> word(at, FALSE, Kind.FALSE);
            case 'n' -> word(at, NULL, Kind.NULL);
            default -> number(at);
        };
    }

    private int word(int at, byte[] expected, Kind wordKind) {
        for (int i = 0; i < expected.length; i++) {
            if (at + i == end) {
                return CUT;
            }
            if (text[at + i] != expected[i]) {
                return BAD;
            }
        }
        add(wordKind, at, at + expected.length);
        return at + expected.length;
    }

    private int string(int quote, Kind stringKind) {
        sawEscape = false;
        int at = quote + 1;
        while (true) {
            at = StringRun.end(text, at, end);
            if (at == end) {
                return CUT;
            }
            byte c = text[at];
            if (c == '"') {
                escaped[add(stringKind, quote + 1, at)] = sawEscape;
                return at + 1;
            }
            if (c != '\\') {
                return BAD;
            }
            at = escape(at);
            if (at < 0) {
                return at;
            }
        }
    }

    /// The position after the escape at `backslash`, or BAD or CUT.
    private int escape(int backslash) {
        sawEscape = true;
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
        add(Kind.NUMBER, start, stop);
        return stop;
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
