package minewatch.signatures.work;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class WorkDoneTest {
    private static Rate rate(int shares, double hashes, double seconds) {
        WorkDone work = new WorkDone();
        for (int i = 0; i < shares; i++) {
            work.add(hashes);
        }
        return requireNonNull(work.rate(seconds));
    }

    /// From public captures; the miner stated 30.45 MH/s itself.
    @Test
    void oneEtherShareIn292SecondsAgreesWithTheMinersOwnFigure() {
        Rate rate = rate(1, 5e9, 292);

        assertThat(rate.best()).isCloseTo(17.1e6, within(0.05e6));
        assertThat(rate.low()).isLessThan(30.45e6);
        assertThat(rate.high()).isGreaterThan(30.45e6);
    }

    @Test
    void thirtyThreeMoneroSharesAre572HashesPerSecond() {
        Rate rate = rate(33, 20_000, 33 * 20_000 / 571.7);

        assertThat(rate.best()).isCloseTo(571.7, within(0.1));
        assertThat(rate.low()).isCloseTo(571.7 * 22.715 / 33, Percentage.withPercentage(0.1));
        assertThat(rate.high()).isCloseTo(571.7 * 46.344 / 33, Percentage.withPercentage(0.1));
    }

    @Test
    void fewLargeSharesAmongManySmallWidenTheBounds() {
        WorkDone work = new WorkDone();
        for (int i = 0; i < 98; i++) {
            work.add(1);
        }
        work.add(1000);
        work.add(1000);
        Rate rate = requireNonNull(work.rate(1));

        assertThat(rate.shares()).isEqualTo(100);
        assertThat(rate.low() / rate.best()).isLessThan(0.15); // as of two shares, not a hundred
        assertThat(rate.high() / rate.best()).isGreaterThan(3);
    }

    @Test
    void withoutSharesOrTimeThereIsNoRate() {
        WorkDone work = new WorkDone();
        assertThat(work.rate(60)).isNull();
        work.add(Double.NaN);
        work.add(0);
        work.add(-5);
        assertThat(work.rate(60)).isNull();
        work.add(5);
        assertThat(work.rate(0)).isNull();
        assertThat(work.rate(1)).isNotNull();
    }

    @Test
    void shareOfUnknownDifficultyCountsLikeTheOthersAndNotForTheLowerBound() {
        WorkDone half = new WorkDone();
        for (int i = 0; i < 10; i++) {
            half.add(i % 2 == 0 ? 1000 : Double.NaN);
        }
        Rate rate = requireNonNull(half.rate(60));
        Rate ofKnown = rate(5, 1000, 60);

        assertThat(rate.shares()).isEqualTo(10);
        assertThat(rate.effectiveShares()).isEqualTo(5);
        assertThat(rate.low()).isEqualTo(ofKnown.low());
        assertThat(rate.best()).isEqualTo(2 * ofKnown.best());
        assertThat(rate.high()).isEqualTo(2 * ofKnown.high());

        assertThat(half.dropUnknown()).isTrue();
        assertThat(half.dropUnknown()).isFalse();
        assertThat(half.rate(60)).isEqualTo(ofKnown);
    }
}
