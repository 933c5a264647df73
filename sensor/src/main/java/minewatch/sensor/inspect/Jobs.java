package minewatch.sensor.inspect;

import java.util.Arrays;

/// The latest jobs of a dialogue with the expected hashes of a share on each: the target in force
/// when the job was issued is the one a share is counted by. Small until it must be larger, out of
/// the dialogue's [Allowance].
final class Jobs {
    static final int CAPACITY = 32;
    private static final int FIRST = 2;

    private static final int WORDS = 2; // of an entry: id, hashes a share

    private final Allowance allowance;
    private long[] entries = {};
    private int size;
    private int next;
    private double latest = Double.NaN;

    Jobs(Allowance allowance) {
        this.allowance = allowance;
    }

    /// See [Session#touch(boolean, int)].
    long touch(int step) {
        return step == 0 || size == 0 ? size : entries[0];
    }

    void add(long id, double hashesPerShare) {
        if (size * WORDS == entries.length && mayGrow()) {
            entries = Arrays.copyOf(entries, Math.max(FIRST, size * 2) * WORDS);
            next = size;
        }
        int room = entries.length / WORDS;
        entries[next * WORDS] = id;
        entries[next * WORDS + 1] = Double.doubleToRawLongBits(hashesPerShare);
        size = Math.min(size + 1, room);
        next = next + 1 == room ? 0 : next + 1;
        latest = hashesPerShare;
    }

    private boolean mayGrow() {
        boolean inOrder = next == 0; // the oldest first
        return size == 0
                || size < CAPACITY && inOrder && allowance.take(entries.length * Long.BYTES);
    }

    /// Bytes of the [Allowance].
    int kept() {
        return Math.max(0, entries.length - FIRST * WORDS) * Long.BYTES;
    }

    /// Hashes a share of this job stands for; of the latest job where the id is unknown; NaN where
    /// no job was seen.
    double hashesPerShare(long id) {
        int slot = next;
        for (int i = 0; i < size && id != 0; i++) {
            slot = (slot == 0 ? entries.length / WORDS : slot) - 1;
            if (entries[slot * WORDS] == id) {
                return Double.longBitsToDouble(entries[slot * WORDS + 1]);
            }
        }
        return latest;
    }

    double latest() {
        return latest;
    }
}
