package minewatch.sensor.inspect;

/// Requests that wait for their reply, oldest first. Some miners give every request the same id, so
/// a reply answers the *oldest* request with its id. When full, the oldest makes room.
final class Requests {
    static final int CAPACITY = 32;
    static final int NONE = -1;

    private final long[] ids = new long[CAPACITY];
    private final int[] templates = new int[CAPACITY];
    private final double[] hashes = new double[CAPACITY];
    private final boolean[] fromOriginator = new boolean[CAPACITY];
    private int size;

    void add(long id, int template, double hashesPerShare, boolean byOriginator) {
        if (size == CAPACITY) {
            remove(0);
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
}
