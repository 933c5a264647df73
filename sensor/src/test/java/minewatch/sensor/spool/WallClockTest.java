package minewatch.sensor.spool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WallClockTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long DAY = 86_400 * SECOND;

    private long wall = 1_767_225_600 * SECOND;
    private long monotonic = 77;
    private final WallClock clock = new WallClock(() -> wall, () -> monotonic);

    @Test
    void clockThatGoesIsNoJump() {
        pass(10 * SECOND);
        assertThat(clock.read()).isEqualTo(new WallClock.Reading(wall, 0));
    }

    @Test
    void clockSetByADayEitherWayIsToldOnce() {
        for (long day : new long[] {DAY, -DAY}) {
            pass(SECOND);
            wall += day;
            assertThat(clock.read().jumpNanos()).isEqualTo(day);
            pass(SECOND);
            assertThat(clock.read().jumpNanos()).isZero();
        }
    }

    @Test
    void slewingOfANightIsNoJumpAndALeapSecondIsNone() {
        pass(DAY / 2);
        wall += DAY / 2 / 2000; // 500 ppm
        assertThat(clock.read().jumpNanos()).isZero();
        pass(SECOND);
        wall -= SECOND;
        assertThat(clock.read().jumpNanos()).isZero();
        pass(SECOND);
        wall += 2 * SECOND;
        assertThat(clock.read().jumpNanos()).isEqualTo(2 * SECOND);
    }

    private void pass(long nanos) {
        wall += nanos;
        monotonic += nanos;
    }
}
