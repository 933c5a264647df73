package minewatch.sensor.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private static long high(int key) {
        return key % 3 * 15L; // homes 0, 15, 30: the ends of small tables
    }

    private static long low(int key) {
        return key * 2L + 1;
    }
}
