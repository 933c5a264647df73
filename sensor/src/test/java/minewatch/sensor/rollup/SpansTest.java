package minewatch.sensor.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpansTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void overlapsCountOnceAndHolesNotAtAll() {
        Spans spans = new Spans();
        spans.add(10 * SECOND, 20 * SECOND);
        spans.add(0, 5 * SECOND);
        spans.add(12 * SECOND, 15 * SECOND);
        spans.add(18 * SECOND, 25 * SECOND);
        assertThat(spans.seconds()).isEqualTo(20);
    }

    @Test
    void nothingAndAMomentLastNoTime() {
        Spans spans = new Spans();
        assertThat(spans.seconds()).isZero();
        spans.add(7 * SECOND, 7 * SECOND);
        assertThat(spans.seconds()).isZero();
    }

    @Test
    void sameStretchTwiceCountsOnce() {
        Spans spans = new Spans();
        spans.add(SECOND, 3 * SECOND);
        spans.add(SECOND, 3 * SECOND);
        assertThat(spans.seconds()).isEqualTo(2);
    }
}
