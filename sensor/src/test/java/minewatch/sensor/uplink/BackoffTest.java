package minewatch.sensor.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private final Backoff backoff = new Backoff(FIRST, LONGEST);

    @Test
    void pausesGrowToTheLimitAndAreNeverShorterThanHalf() {
        Duration expected = FIRST;
        for (int i = 0; i < 20; i++) {
            assertThat(backoff.pause(false)).isBetween(expected.dividedBy(2), expected);
            expected =
                    expected.multipliedBy(2).compareTo(LONGEST) < 0
                            ? expected.multipliedBy(2)
                            : LONGEST;
        }
        backoff.reset();
        assertThat(backoff.pause(false)).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void whatNeedsAPersonWaitsLongestAtOnce() {
        assertThat(backoff.pause(true)).isBetween(LONGEST.dividedBy(2), LONGEST);
    }
}
