package minewatch.signatures.lexer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The name of a member, made ready to be looked for in a [JsonTape].
public final class JsonKey {
    private final byte[] name; // UTF-8, unescaped
    private final int hash;

    private JsonKey(byte[] name) {
        this.name = name;
        hash = hash(name, 0, name.length);
    }

    public static JsonKey of(String name) {
        return new JsonKey(name.getBytes(StandardCharsets.UTF_8));
    }

    /// The bit of this key in [JsonTape#rootKeys()]; other keys may share it.
    public long bit() {
        return bit(hash);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonKey key && Arrays.equals(name, key.name);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    int hash() {
        return hash;
    }

    boolean equalTo(byte[] text, int from, int to) {
        return Arrays.equals(name, 0, name.length, text, from, to);
    }

    static int hash(byte[] text, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + text[i];
        }
        return hash * 0x9E3779B9;
    }

    static long bit(int hash) {
        return 1L << (hash >>> 26);
    }
}
