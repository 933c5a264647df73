package minewatch.sensor.inspect;

import java.util.List;

/// Told of every message and judgement, for `explain`. Absent in every other run.
public interface Trace {
    /// @param text the message, at most 256 bytes of it
    /// @param matched templates it fits, empty if none
    void onMessage(
            SessionView session,
            boolean fromOriginator,
            long timeNanos,
            String text,
            List<String> matched);

    /// The flow was looked at and is over, or was given up.
    ///
    /// @param scores every dialect with at least one matching message
    void onEnd(
            SessionView session,
            long messages,
            List<Score> scores,
            List<String> weights,
            String outcome);
}
