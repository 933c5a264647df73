package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckBudgetTest {
    private final CheckBudget budget = new CheckBudget(new BufferBudget(1 << 20));

    @Test
    void nothingIsSpentDuringAPauseAndItIsCountedApart() {
        assertThat(budget.spend(CheckBudget.SHA256D_MICROS, 0)).isTrue();
        budget.pause(true);
        assertThat(budget.spend(CheckBudget.SHA256D_MICROS, 1)).isFalse();
        assertThat(budget.spend(CheckBudget.SCRYPT_MICROS, 2)).isFalse();
        budget.pause(false);
        assertThat(budget.spend(CheckBudget.SHA256D_MICROS, 3)).isTrue();
        assertThat(budget.skipped()).isEqualTo(2);
        assertThat(budget.refusals()).isZero();
    }
}
