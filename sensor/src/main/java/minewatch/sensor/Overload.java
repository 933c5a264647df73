package minewatch.sensor;

import java.time.Duration;

/// What a worker does without when it does not keep up with its interface: first what costs most
/// and is least missed, then a part of the flows that nothing speaks against. Never a flow that was
/// seen to speak mining.
///
/// It has fallen behind when much of the capture's buffer waits to be read, or the kernel dropped
/// packets; it has caught up when the buffer has been nearly empty for [#CALM]. In between it stays
/// as it is, so that it does not go to and fro.
///
/// - **Thread:** the worker's own.
final class Overload {
    /// Each does without all that those before it do without.
    enum Level {
        NONE(0, "takes everything up again"),
        SAVING(1, "does not recompute shares, nor take up flows that cannot be read"),
        SAMPLING(
                2, "tests one in " + Worker.SAMPLE + " of the flows that never looked like mining");

        private final int number;
        private final String consequence;

        Level(int number, String consequence) {
            this.number = number;
            this.consequence = consequence;
        }

        /// As in heartbeats and metrics.
        int number() {
            return number;
        }

        /// What a worker does on it, for people.
        String consequence() {
            return consequence;
        }

        private Level below() {
            return this == SAMPLING ? SAVING : NONE;
        }
    }

    static final double SAVING_FROM = 0.5; // of the buffer
    static final double SAMPLING_FROM = 0.75;
    static final double CALM_BELOW = 0.1;
    static final Duration CALM = Duration.ofSeconds(5);

    private Level level = Level.NONE;
    private long calmSinceNanos;
    private boolean calm;

    /// @param backlog share of the buffer that waits to be read, 0 to 1
    /// @param dropped whether the kernel has dropped packets since the last time
    /// @param nowNanos as of [System#nanoTime()]
    Level next(double backlog, boolean dropped, long nowNanos) {
        if (dropped || backlog >= SAMPLING_FROM) {
            level = Level.SAMPLING;
        } else if (backlog >= SAVING_FROM && level == Level.NONE) {
            level = Level.SAVING;
        }
        boolean calmNow = backlog < CALM_BELOW && !dropped;
        if (!calmNow || !calm) {
            calmSinceNanos = nowNanos;
        } else if (nowNanos - calmSinceNanos >= CALM.toNanos()) {
            level = level.below();
            calmSinceNanos = nowNanos;
        }
        calm = calmNow;
        return level;
    }

    Level level() {
        return level;
    }
}
