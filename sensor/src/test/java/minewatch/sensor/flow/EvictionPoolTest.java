package minewatch.sensor.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvictionPoolTest {
    private static final int FLOWS = 10_000;

    private final Random random = new Random(4);
    private final FlowEntries entries = new FlowEntries(1, FLOWS);
    private final EvictionPool pool = new EvictionPool(entries);
    private final TreeSet<Long> seen = new TreeSet<>();

    @AfterEach
    void close() {
        entries.close();
    }

    /// New flows come as old ones go, and others are heard of again. The oldest of 16 at random
    /// would be at 1/17 of all, on average.
    @Test
    void choosesAmongThoseUnseenForLongest() {
        long time = 0;
        while (entries.active() < FLOWS) {
            begin(++time);
        }
        double ranks = 0;
        for (int i = 0; i < FLOWS; i++) {
            long chosen = pool.choose();
            long last = entries.lastSeen(chosen);
            ranks += (double) seen.headSet(last).size() / FLOWS;
            seen.remove(last);
            entries.remove(chosen);
            begin(++time);
            for (int again = 0; again < 3; again++) {
                hearAgain(++time);
            }
        }
        assertThat(ranks / FLOWS).isLessThan(1.0 / 17);
    }

    @Test
    void oneWithASessionGoesOnlyWhereNoOtherIsMet() {
        for (int i = 0; i < 100; i++) {
            entries.session(begin(i), 7);
        }
        long without = begin(1000);

        long chosen = pool.choose();
        for (int i = 0; i < 101 && chosen != without; i++) {
            assertThat(entries.session(chosen)).isEqualTo(7);
            chosen = pool.choose();
        }
        assertThat(chosen).isEqualTo(without);
        entries.remove(without);
        assertThat(entries.session(pool.choose())).isEqualTo(7);
    }

    private long begin(long nanos) {
        long high = random.nextLong();
        long low = random.nextLong() | 1;
        long at = entries.claim(~entries.find(high, low), high, low);
        entries.start(at, nanos, 0);
        seen.add(nanos);
        return at;
    }

    private void hearAgain(long nanos) {
        long at = entries.at(random.nextInt(entries.count()));
        if (FlowEntries.isOccupied(at)) {
            seen.remove(entries.lastSeen(at));
            entries.count(at, true, 1, nanos);
            seen.add(nanos);
        }
    }
}
