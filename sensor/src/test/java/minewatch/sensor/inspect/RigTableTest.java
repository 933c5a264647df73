package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RigTableTest {
    private final BufferBudget budget = new BufferBudget(1 << 20);
    private final RigTable rigs = new RigTable(budget, true);

    @Test
    void everySessionIdHasItsOwnDifficulty() {
        for (int session = 0; session < 1 << 16; session++) {
            rigs.learn(session, session % 63);
        }
        for (int session = 0; session < 1 << 16; session++) {
            assertThat(rigs.exponent(session)).isEqualTo(session % 63);
        }
        assertThat(budget.usedBytes()).isEqualTo(1 << 16);
        rigs.release();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void rigThatLeftHasNoDifficulty() {
        rigs.learn(7, 16);
        rigs.forget(7);
        assertThat(rigs.exponent(7)).isEqualTo(RigTable.UNKNOWN);
        assertThat(rigs.exponent(60_000)).isEqualTo(RigTable.UNKNOWN);
    }

    @Test
    void repliesNameSharesByTheirNumberAlsoAfterItHasGoneRound() {
        for (int share = 0; share < 70_000; share++) {
            rigs.onShare(share % 40);
        }
        assertThat(rigs.exponentOfShare(69_999 & 0xFFFF)).isEqualTo(69_999 % 40);
        assertThat(rigs.exponentOfShare(69_500 & 0xFFFF)).isEqualTo(69_500 % 40);
        assertThat(rigs.exponentOfShare(60_000)).isEqualTo(RigTable.UNKNOWN);
    }

    @Test
    void afterALossNumbersAreNotTrusted() {
        rigs.onShare(16);
        rigs.onGap();
        rigs.onShare(20);
        assertThat(rigs.exponentOfShare(0)).isEqualTo(RigTable.UNKNOWN);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void withoutRoomRigsHaveNoDifficulty() {
        RigTable poor = new RigTable(new BufferBudget(256), true);
        poor.learn(1, 16);
        poor.learn(300, 16);
        poor.onShare(16);
        assertThat(poor.exponent(1)).isEqualTo(16);
        assertThat(poor.exponent(300)).isEqualTo(RigTable.UNKNOWN);
        assertThat(poor.exponentOfShare(0)).isEqualTo(RigTable.UNKNOWN);
    }
}
