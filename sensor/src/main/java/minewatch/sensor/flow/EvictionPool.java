package minewatch.sensor.flow;

/// Which flow gives its entry to another when the table is full: one of those unseen for longest,
/// and one with a session only where no other is met.
///
/// Each choice looks at some entries more, on the way round the table, and remembers the oldest
/// that were met on the way and not chosen. So a choice is as good as one among many, and waits for
/// the memory of few ([Redis](https://redis.io/docs/latest/develop/reference/eviction/) does the
/// same).
final class EvictionPool {
    private static final int FRESH = 4; // entries looked at for a choice, at least
    private static final int ENOUGH = 16; // all with sessions, until one of them goes
    private static final int KEPT = 16;

    private final FlowEntries entries;
    private final long[] fresh = new long[FRESH + FlowEntries.GROUP];
    private final long[] kept = new long[KEPT]; // the one unseen for longest last
    private final long[] keptSeen = new long[KEPT]; // last, when it was met
    private int count;

    EvictionPool(FlowEntries entries) {
        this.entries = entries;
    }

    /// The table must not be empty.
    long choose() {
        long withSession = -1;
        int looked = 0;
        while (looked < ENOUGH) {
            int met = entries.next(fresh, FRESH);
            looked += met;
            for (int i = 0; i < met; i++) {
                long at = fresh[i];
                if (entries.session(at) < 0) {
                    keep(at, entries.lastSeen(at));
                } else if (withSession < 0
                        || entries.lastSeen(at) < entries.lastSeen(withSession)) {
                    withSession = at;
                }
            }
            while (count > 0) {
                count--;
                if (isAsItWas(kept[count], keptSeen[count])) {
                    return kept[count];
                }
            }
        }
        return withSession;
    }

    /// The table has been emptied.
    void clear() {
        count = 0;
    }

    private void keep(long at, long seen) {
        int place = 0;
        while (place < count && keptSeen[place] >= seen) {
            place++;
        }
        if (count < KEPT) {
            shift(place, place + 1, count - place);
            count++;
        } else if (place > 0) {
            place--; // the youngest goes
            shift(1, 0, place);
        } else {
            return;
        }
        kept[place] = at;
        keptSeen[place] = seen;
    }

    private void shift(int from, int to, int length) {
        System.arraycopy(kept, from, kept, to, length);
        System.arraycopy(keptSeen, from, keptSeen, to, length);
    }

    private boolean isAsItWas(long at, long seen) {
        return FlowEntries.isOccupied(at)
                && entries.lastSeen(at) == seen
                && entries.session(at) < 0;
    }
}
