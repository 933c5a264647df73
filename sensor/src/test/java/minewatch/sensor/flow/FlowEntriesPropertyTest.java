package minewatch.sensor.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FlowEntriesPropertyTest {
    /// Few fingerprints with few homes, so that runs grow long, wrap and are cut.
    @Property
    void entriesBehaveLikeAMap(
            @ForAll @Size(max = 300) List<@IntRange(min = -60, max = 60) Integer> steps) {
        Map<Integer, Integer> model = new HashMap<>();
        try (FlowEntries entries = new FlowEntries(1, 100)) {
            int time = 0;
            for (int step : steps) {
                int key = Math.abs(step);
                long at = entries.find(high(key), low(key));
                assertThat(at >= 0).isEqualTo(model.containsKey(key));
                if (at >= 0 && step < 0) {
                    entries.remove(at);
                    model.remove(key);
                } else if (at < 0) {
                    entries.start(entries.claim(~at, high(key), low(key)), ++time, key);
                    model.put(key, time);
                }
            }

            assertThat(entries.active()).isEqualTo(model.size());
            model.forEach((key, started) -> {
                long at = entries.find(high(key), low(key));
                assertThat(at).isNotNegative();
                assertThat(entries.state(at)).isEqualTo(key);
                assertThat(entries.lastSeen(at)).isEqualTo((long) started);
            });
        }
    }

    /// Whatever is there, an entry where its run is not broken is the candidate of its fingerprint.
    @Property
    void seekFindsAllThatTagsTellApart(
            @ForAll @Size(max = 60) Set<@IntRange(max = 60) Integer> keys) {
        try (FlowEntries entries = new FlowEntries(1, 100)) {
            keys.forEach(key ->
                    entries.claim(~entries.find(apart(key), low(key)), apart(key), low(key)));
            long[] highs = keys.stream().mapToLong(FlowEntriesPropertyTest::apart).toArray();
            long[] candidates = new long[highs.length];

            entries.seek(highs, highs.length, candidates);

            int i = 0;
            for (int key : keys) {
                assertThat(candidates[i++]).isEqualTo(entries.find(apart(key), low(key)));
            }
        }
    }

    @Property(tries = 4)
    void growsAndShrinksWithoutLosingAny(@ForAll long seed) {
        try (FlowEntries entries = new FlowEntries(1, 100_000)) {
            long[] highs = new Random(seed).longs(100_000).toArray();
            for (int i = 0; i < highs.length; i++) {
                entries.start(
                        entries.claim(~entries.find(highs[i], low(i)), highs[i], low(i)), 0, i);
            }
            for (int i = 0; i < highs.length; i += 2) {
                entries.remove(entries.find(highs[i], low(i)));
            }

            assertThat(entries.active()).isEqualTo(50_000);
            for (int i = 0; i < highs.length; i++) {
                long at = entries.find(highs[i], low(i));
                assertThat(at >= 0).isEqualTo(i % 2 == 1);
                assertThat(at < 0 || entries.state(at) == i).isTrue();
            }
        }
    }

    @Property(tries = 4)
    void packetsCarryBeyond32Bits(@ForAll boolean fromOriginator) {
        try (FlowEntries entries = new FlowEntries(1, 1)) {
            long at = entries.claim(~entries.find(1, 1), 1, 1);
            entries.start(at, 0, 0);
            entries.line(at).set(ValueLayout.JAVA_INT, fromOriginator ? 48 : 52, -1);

            entries.count(at, fromOriginator, 1000, 7);

            assertThat(entries.view(at).packets()).isEqualTo(1L << 32);
            assertThat(entries.view(at).octets()).isEqualTo(1000);
        }
    }

    /// Homes before the end of the chunk, at it and at its beginning, some with tags of their own,
    /// some with the same.
    private static long high(int key) {
        return (key / 3 % 4L) << 56 | (16_380 + key % 3 * 3L & 0x3FFF);
    }

    /// A tag of its own for each, no more than eight at one home.
    private static long apart(int key) {
        return (long) key << 56 | (16_300 + key / 8 * 16L & 0x3FFF);
    }

    private static long low(int key) {
        return key * 2L + 1;
    }
}
