package minewatch.signatures.lexer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The name of a member, made ready to be looked for in a [JsonTape].
public final class JsonKey {
    private static final int TOLD_BY_CODE = 7; // bytes
    private static final int LENGTH_SHIFT = 56;
    private static final long HASHED = Long.MIN_VALUE;

    private final byte[] name; // UTF-8, unescaped
    private final long code;

    private JsonKey(byte[] name) {
        this.name = name;
        code = code(name, 0, name.length);
    }

    public static JsonKey of(String name) {
        return new JsonKey(name.getBytes(StandardCharsets.UTF_8));
    }

    /// The bit of this key in [JsonTape#rootKeys()]; other keys may share it.
    public long bit() {
        return bit(code);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonKey key && Arrays.equals(name, key.name);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name);
    }

    long code() {
        return code;
    }

    /// Whether no other name has this one's code.
    boolean isToldByCode() {
        return code >= 0;
    }

    boolean equalTo(byte[] text, int from, int to) {
        return Arrays.equals(name, 0, name.length, text, from, to);
    }

    /// Of a short name its bytes and their number, of a longer one a hash, which is negative.
    static long code(byte[] text, int from, int to) {
        int length = to - from;
        return length <= TOLD_BY_CODE
                ? (long) length << LENGTH_SHIFT | ByteHash.rest(text, from, to)
                : ByteHash.of(text, from, to) | HASHED;
    }

    static long bit(long code) {
        return 1L << (code * 0x9E3779B97F4A7C15L >>> 58);
    }
}
