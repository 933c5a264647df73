package minewatch.sensor.inspect;

/// The latest jobs of a dialogue with the expected hashes of a share on each: the target in force
/// when the job was issued is the one a share is counted by.
final class Jobs {
    private static final int CAPACITY = 32;

    private final long[] ids = new long[CAPACITY];
    private final double[] hashes = new double[CAPACITY];
    private int next;
    private double latest = Double.NaN;

    void add(long id, double hashesPerShare) {
        ids[next] = id;
        hashes[next] = hashesPerShare;
        next = (next + 1) % CAPACITY;
        latest = hashesPerShare;
    }

    /// Hashes a share of this job stands for; of the latest job where the id is unknown; NaN where
    /// no job was seen.
    double hashesPerShare(long id) {
        for (int i = 1; i <= CAPACITY; i++) {
            int slot = (next - i + CAPACITY) % CAPACITY;
            if (ids[slot] == id && id != 0) {
                return hashes[slot];
            }
        }
        return latest;
    }

    double latest() {
        return latest;
    }
}
