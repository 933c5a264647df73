package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NamesTest {
    private final Names names = new Names(new Allowance(new BufferBudget(1 << 20), 0));

    @Test
    void namesStandInOrderOfAppearanceAndOnce() {
        names.add("rig2");
        names.add("rig1");
        names.add(" rig2 ");
        assertThat(names.list()).containsExactly("rig2", "rig1");
    }

    @Test
    void nothingIsNoName() {
        names.add(null);
        names.add("");
        names.add(" \t");
        assertThat(names.list()).isEmpty();
    }

    @Test
    void repetitionNeedsNoString() {
        assertThat(names.isNew(0)).isFalse();
        assertThat(names.isNew(7)).isTrue();
        assertThat(names.isNew(7)).isFalse();
        assertThat(names.isNew(8)).isTrue();
        assertThat(names.isNew(7)).isFalse();
        assertThat(names.isNew(8)).isFalse();
    }

    @Test
    void hundredsOfNamesInTurnNeedFewStrings() {
        long[] hashes = new SplittableRandom(1).longs(Names.MAX_NAMES - 1).toArray();
        assertThat(Arrays.stream(hashes).filter(names::isNew).count()).isEqualTo(hashes.length);
        long again = Arrays.stream(hashes).filter(names::isNew).count();
        assertThat(again).isLessThan(hashes.length / 4);
    }

    @Test
    void nameOfManyIsKeptOnce() {
        for (int i = 0; i < 100; i++) {
            names.add("w" + i);
            names.add("w" + i / 2);
        }
        assertThat(names.list()).hasSize(100).doesNotHaveDuplicates().startsWith("w0", "w1");
    }

    @Test
    void numberOfNamesIsBounded() {
        for (int i = 0; i < 2 * Names.MAX_NAMES; i++) {
            names.add("w" + i);
        }
        assertThat(names.list()).hasSize(Names.MAX_NAMES).endsWith("w255");
        assertThat(names.isNew(99)).isFalse();
    }

    @Test
    void controlCharactersDoNotLeave() {
        names.add("rig\u001b[2J\n1\u0000");
        assertThat(names.list()).containsExactly("rig\uFFFD[2J\uFFFD1\uFFFD");
    }

    @Test
    void longNameIsCutBetweenCharacters() {
        names.add("x".repeat(Names.MAX_LENGTH) + "y");
        names.add("x".repeat(Names.MAX_LENGTH - 1) + "\uD83D\uDC8E");
        assertThat(names.list())
                .containsExactly("x".repeat(Names.MAX_LENGTH), "x".repeat(Names.MAX_LENGTH - 1));
    }

    @Test
    void listGivenOutDoesNotChange() {
        names.add("a");
        var before = names.list();
        names.add("b");
        assertThat(before).containsExactly("a");
    }
}
