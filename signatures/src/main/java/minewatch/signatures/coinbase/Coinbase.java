package minewatch.signatures.coinbase;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A coinbase transaction with a hole: Stratum sends what comes before the extranonces and what
/// comes after, and how long they are need not be known.
///
/// ```
/// coinbase1   version 4 | inputs 1 | previous output 36 | script length | height, tag, …
/// (hole)      extranonce 1, extranonce 2: the rest of the script but what follows
/// coinbase2   … tag | sequence 4 | outputs n | n × (value 8 | length | script) | lock time 4
/// ```
///
/// The hole is as long as makes the rest come out even: the outputs must end where the lock time
/// begins.
///
/// Source: Bitcoin developer reference, "Raw transaction format", "Coinbase input".
public final class Coinbase {
    static final int MAX_OUTPUTS = 64;
    private static final int SCRIPT_LENGTH_AT = 41;
    private static final int MAX_SCRIPT_BYTES = 100; // consensus: 2 to 100
    private static final int OUTPUTS_AT = 4; // after the sequence
    private static final int LOCK_TIME_BYTES = 4;
    private static final int VALUE_BYTES = 8;

    private final byte[] coinbase1;
    private final byte[] coinbase2;
    private final int headFrom;
    private final int tailTo;
    private final List<byte[]> outputs;

    private Coinbase(
            byte[] coinbase1, byte[] coinbase2, int headFrom, int tailTo, List<byte[]> outputs) {
        this.coinbase1 = coinbase1;
        this.coinbase2 = coinbase2;
        this.headFrom = headFrom;
        this.tailTo = tailTo;
        this.outputs = outputs;
    }

    /// Null where these are no two parts of a coinbase transaction.
    public static @Nullable Coinbase of(byte[] coinbase1, byte[] coinbase2) {
        int headFrom = SCRIPT_LENGTH_AT + 1;
        if (coinbase1.length < headFrom) {
            return null;
        }
        int script = coinbase1[SCRIPT_LENGTH_AT] & 0xFF;
        int rest = script - (coinbase1.length - headFrom);
        if (script > MAX_SCRIPT_BYTES || rest < 0) {
            return null;
        }
        for (int tail = Math.min(rest, coinbase2.length); tail >= 0; tail--) {
            List<byte[]> outputs = outputs(coinbase2, tail + OUTPUTS_AT);
            if (outputs != null) {
                return new Coinbase(coinbase1, coinbase2, headFrom, tail, outputs);
            }
        }
        return null;
    }

    /// The scripts paid to, in order, at most [#MAX_OUTPUTS].
    List<byte[]> outputs() {
        return outputs;
    }

    /// Whether the input's script holds these bytes, not counting the extranonces.
    boolean scriptContains(byte[] tag) {
        return contains(coinbase1, headFrom, coinbase1.length, tag)
                || contains(coinbase2, 0, tailTo, tag);
    }

    private static boolean contains(byte[] bytes, int from, int to, byte[] part) {
        for (int at = from; at + part.length <= to; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    /// The output scripts from `at` on; null where they do not end at the lock time.
    private static @Nullable List<byte[]> outputs(byte[] bytes, int at) {
        int end = bytes.length - LOCK_TIME_BYTES;
        if (at >= end) {
            return null;
        }
        int count = bytes[at] & 0xFF;
        if (count == 0 || count > MAX_OUTPUTS) {
            return null;
        }
        List<byte[]> scripts = new ArrayList<>(4);
        int next = at + 1;
        for (int i = 0; i < count; i++) {
            int script = next + VALUE_BYTES + 1;
            if (script > end) {
                return null;
            }
            int length = bytes[script - 1] & 0xFF; // a longer form (fd…) pays no address
            if (script + length > end) {
                return null;
            }
            scripts.add(Arrays.copyOfRange(bytes, script, script + length));
            next = script + length;
        }
        return next == end ? scripts : null;
    }
}
