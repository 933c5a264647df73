package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import minewatch.signatures.Act;
import minewatch.signatures.Side;
import minewatch.signatures.Template;
import org.junit.jupiter.api.Test;

class TalliesTest {
    private final Tallies tallies = new Tallies(new Allowance(new BufferBudget(1 << 20), 0));

    private static Template template(int index, int dialect, double weight) {
        return new Template(
                "t" + index,
                index,
                dialect,
                Side.MINER,
                Act.OTHER,
                weight,
                "group",
                false,
                Set.of(),
                null,
                Set.of());
    }

    private void add(Template template, boolean fromOriginator) {
        tallies.add(new Tally(template, fromOriginator, 0, new byte[0]));
    }

    @Test
    void aShapeIsFoundByWhatItIsAndWhoSentIt() {
        Template first = template(0, 0, 1);
        Template proof = template(-1, 0, 1); // a recomputed share, which is in no file
        add(first, true);
        add(proof, true);
        assertThat(tallies.find(first, true)).isSameAs(tallies.list().get(0));
        assertThat(tallies.find(proof, true)).isSameAs(tallies.list().get(1));
        assertThat(tallies.find(first, false)).isNull();
        assertThat(tallies.find(template(1, 0, 1), true)).isNull();
    }

    @Test
    void whatIsNotMiningLeavesRoomForWhatIs() {
        for (int i = 0; i < Tallies.MAX_HARMLESS; i++) {
            assertThat(tallies.hasRoomFor(template(i, 0, -1))).isTrue();
            add(template(i, 0, -1), true);
        }
        assertThat(tallies.hasRoomFor(template(Tallies.MAX_HARMLESS, 0, -1))).isFalse();
        assertThat(tallies.hasRoomFor(template(0, 0, -1))).as("from the other side").isTrue();
        for (int i = Tallies.MAX_HARMLESS; i < Tallies.MAX; i++) {
            assertThat(tallies.hasRoomFor(template(100 + i, 0, 1))).isTrue();
            add(template(100 + i, 0, 1), true);
        }
        assertThat(tallies.hasRoomFor(template(500, 0, 1))).isFalse();
    }

    @Test
    void whatIsKeptIsStillFound() {
        for (int i = 0; i < 20; i++) {
            add(template(i, i % 3, i == 4 ? -1 : 1), true);
        }
        tallies.keepOnly(dialect -> dialect == 2);
        for (int i = 0; i < 20; i++) {
            boolean kept = i % 3 == 2 || i == 4;
            assertThat(tallies.find(template(i, i % 3, 1), true) != null).isEqualTo(kept);
        }
    }
}
