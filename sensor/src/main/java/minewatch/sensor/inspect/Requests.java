package minewatch.sensor.inspect;

import java.util.Arrays;

/// Requests that wait for their reply, oldest first. Some miners give every request the same id, so
/// a reply answers the *oldest* request with its id. When full, the oldest makes room. Small until
/// it must be larger, out of the dialogue's [Allowance]: most have one request open.
final class Requests {
    static final int CAPACITY = 32;
    static final int NONE = -1;
    private static final int FIRST = 2;

    private static final int WORDS = 3; // of an entry: id, request, hashes a share

    /// All in one array: it is a miss of the cache for each array there is.
    private long[] entries = new long[FIRST * WORDS];

    private final Allowance allowance;
    private int size;

    Requests(Allowance allowance) {
        this.allowance = allowance;
    }

    /// See [Session#touch(boolean, int)].
    long touch(int step) {
        return step == 0 ? size : entries[0];
    }

    void add(long id, int template, double hashesPerShare, boolean byOriginator) {
        if (size * WORDS == entries.length) {
            makeRoom();
        }
        int at = size++ * WORDS;
        entries[at] = id;
        entries[at + 1] = (long) template << 1 | (byOriginator ? 1 : 0);
        entries[at + 2] = Double.doubleToRawLongBits(hashesPerShare);
    }

    private void makeRoom() {
        if (size < CAPACITY && allowance.take(entries.length * Long.BYTES)) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        } else {
            remove(0);
        }
    }

    /// Bytes of the [Allowance].
    int kept() {
        return (entries.length - FIRST * WORDS) * Long.BYTES;
    }

    /// @return slot of the oldest request with this id from this side, or [#NONE]
    int find(long id, boolean byOriginator) {
        for (int slot = 0; slot < size; slot++) {
            int at = slot * WORDS;
            if (entries[at] == id && (entries[at + 1] & 1) == (byOriginator ? 1 : 0)) {
                return slot;
            }
        }
        return NONE;
    }

    int template(int slot) {
        return (int) (entries[slot * WORDS + 1] >> 1);
    }

    double hashesPerShare(int slot) {
        return Double.longBitsToDouble(entries[slot * WORDS + 2]);
    }

    void remove(int slot) {
        size--;
        int at = slot * WORDS;
        System.arraycopy(entries, at + WORDS, entries, at, (size - slot) * WORDS);
    }
}
