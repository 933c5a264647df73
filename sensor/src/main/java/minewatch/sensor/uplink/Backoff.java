package minewatch.sensor.uplink;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next attempt: doubles from failure to failure up to a limit, with
/// half of it random, so that many sensors do not come back at the same moment. Not thread-safe.
public final class Backoff {
    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;
    private Duration next;

    /// @param first pause after the first failure; half of it at least
    /// @param longest pause
    public Backoff(Duration first, Duration longest) {
        this(first, longest, RandomGenerator.getDefault());
    }

    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
        this.next = first;
    }

    /// @param slow whether a person must act first: the longest pause at once
    public Duration pause(boolean slow) {
        Duration pause = slow ? longest : next;
        Duration doubled = pause.multipliedBy(2);
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
        return pause.dividedBy(2).plusNanos(random.nextLong(pause.toNanos() / 2 + 1));
    }

    /// The last attempt went well.
    public void reset() {
        next = first;
    }
}
