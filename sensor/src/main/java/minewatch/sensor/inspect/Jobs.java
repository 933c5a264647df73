package minewatch.sensor.inspect;

import java.util.Arrays;

/// The latest jobs of a dialogue with the expected hashes of a share on each: the target in force
/// when the job was issued is the one a share is counted by. Small until it must be larger.
final class Jobs {
    static final int CAPACITY = 32;
    private static final int FIRST = 2;

    private long[] ids = {};
    private double[] hashes = {};
    private int size;
    private int next;
    private double latest = Double.NaN;

    void add(long id, double hashesPerShare) {
        if (size == ids.length && size < CAPACITY) {
            int larger = Math.max(FIRST, size * 2);
            ids = Arrays.copyOf(ids, larger);
            hashes = Arrays.copyOf(hashes, larger);
            next = size;
        }
        ids[next] = id;
        hashes[next] = hashesPerShare;
        size = Math.min(size + 1, ids.length);
        next = (next + 1) % ids.length;
        latest = hashesPerShare;
    }

    /// Hashes a share of this job stands for; of the latest job where the id is unknown; NaN where
    /// no job was seen.
    double hashesPerShare(long id) {
        for (int i = 1; i <= size && id != 0; i++) {
            int slot = Math.floorMod(next - i, ids.length);
            if (ids[slot] == id) {
                return hashes[slot];
            }
        }
        return latest;
    }

    double latest() {
        return latest;
    }
}
