package minewatch.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import minewatch.sensor.Overload.Level;
import org.junit.jupiter.api.Test;

class OverloadTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long CALM = Overload.CALM.toNanos();

    private final Overload overload = new Overload();
    private long now = -3 * SECOND; // System.nanoTime() may be anything

    @Test
    void workerThatKeepsUpDoesWithoutNothing() {
        assertThat(at(0.0)).isEqualTo(Level.NONE);
        assertThat(at(0.49)).isEqualTo(Level.NONE);
        assertThat(at(0.0)).isEqualTo(Level.NONE);
    }

    @Test
    void theFullerTheBufferTheMoreIsDoneWithout() {
        assertThat(at(0.5)).isEqualTo(Level.SAVING);
        assertThat(at(0.74)).isEqualTo(Level.SAVING);
        assertThat(at(0.75)).isEqualTo(Level.SAMPLING);
        assertThat(at(0.6)).as("still far behind").isEqualTo(Level.SAMPLING);
    }

    @Test
    void whoHasDroppedPacketsIsFarBehindHoweverFullTheBufferIsNow() {
        assertThat(overload.next(0, true, now)).isEqualTo(Level.SAMPLING);
    }

    @Test
    void oneLevelIsTakenBackForEachWhileOfCalm() {
        at(0.9);
        assertThat(at(0.05)).isEqualTo(Level.SAMPLING);
        assertThat(after(CALM - 1, 0.05)).isEqualTo(Level.SAMPLING);
        assertThat(after(1, 0.05)).isEqualTo(Level.SAVING);
        assertThat(after(CALM - 1, 0)).isEqualTo(Level.SAVING);
        assertThat(after(1, 0)).isEqualTo(Level.NONE);
        assertThat(after(CALM, 0)).isEqualTo(Level.NONE);
    }

    @Test
    void calmThatIsBrokenBeginsAnew() {
        at(0.6);
        at(0.05);
        assertThat(after(CALM - 1, 0.2)).as("neither calm nor worse").isEqualTo(Level.SAVING);
        assertThat(after(1, 0.05)).isEqualTo(Level.SAVING);
        assertThat(after(CALM - 1, 0.05)).isEqualTo(Level.SAVING);
        assertThat(after(1, 0.05)).isEqualTo(Level.NONE);
    }

    private Level at(double backlog) {
        return after(1000, backlog);
    }

    private Level after(long nanos, double backlog) {
        now += nanos;
        return overload.next(backlog, false, now);
    }
}
