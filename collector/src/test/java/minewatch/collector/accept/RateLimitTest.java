package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    @Test
    void soManyAtOnceAndThenSoManyASecond() {
        var limit = new RateLimit(10);
        long start = System.nanoTime();
        assertThat(granted(limit, 100, start)).isEqualTo(10);
        assertThat(granted(limit, 100, start + TimeUnit.MILLISECONDS.toNanos(300))).isEqualTo(3);
        assertThat(granted(limit, 100, start + TimeUnit.HOURS.toNanos(1))).isEqualTo(10);
    }

    private static int granted(RateLimit limit, int attempts, long now) {
        int granted = 0;
        for (int i = 0; i < attempts; i++) {
            granted += limit.tryAcquire(now) ? 1 : 0;
        }
        return granted;
    }
}
