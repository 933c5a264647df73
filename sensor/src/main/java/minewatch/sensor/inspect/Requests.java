package minewatch.sensor.inspect;

import java.util.Arrays;

/// Requests that wait for their reply, oldest first. Some miners give every request the same id, so
/// a reply answers the *oldest* request with its id. When full, the oldest makes room. Small until
/// it must be larger: most dialogues have one request open.
final class Requests {
    static final int CAPACITY = 32;
    static final int NONE = -1;
    private static final int FIRST = 2;

    private long[] ids = new long[FIRST];
    private int[] templates = new int[FIRST];
    private double[] hashes = new double[FIRST];
    private boolean[] fromOriginator = new boolean[FIRST];
    private int size;

    void add(long id, int template, double hashesPerShare, boolean byOriginator) {
        if (size == CAPACITY) {
            remove(0);
        } else if (size == ids.length) {
            grow();
        }
        ids[size] = id;
        templates[size] = template;
        hashes[size] = hashesPerShare;
        fromOriginator[size] = byOriginator;
        size++;
    }

    /// @return slot of the oldest request with this id from this side, or [#NONE]
    int find(long id, boolean byOriginator) {
        for (int i = 0; i < size; i++) {
            if (ids[i] == id && fromOriginator[i] == byOriginator) {
                return i;
            }
        }
        return NONE;
    }

    int template(int slot) {
        return templates[slot];
    }

    double hashesPerShare(int slot) {
        return hashes[slot];
    }

    void remove(int slot) {
        size--;
        for (int i = slot; i < size; i++) {
            ids[i] = ids[i + 1];
            templates[i] = templates[i + 1];
            hashes[i] = hashes[i + 1];
            fromOriginator[i] = fromOriginator[i + 1];
        }
    }

    private void grow() {
        int larger = size * 2;
        ids = Arrays.copyOf(ids, larger);
        templates = Arrays.copyOf(templates, larger);
        hashes = Arrays.copyOf(hashes, larger);
        fromOriginator = Arrays.copyOf(fromOriginator, larger);
    }
}
