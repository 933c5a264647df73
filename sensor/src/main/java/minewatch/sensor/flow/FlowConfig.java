package minewatch.sensor.flow;

import java.time.Duration;

/// Settings of one worker's flow table.
///
/// @param initialFlows flows there is room for at first; the table doubles as it fills. 1 to
///   `maxFlows`; a live sensor sets it to `maxFlows`, for a table that grows pauses its worker
/// @param maxFlows flows held at most, 1 to 2^29; 64 bytes each, at 38 to 75 % load. One more
///   evicts one that was long unseen
/// @param tcpIdle packet time without a packet after which a TCP flow is over; 1 s to 1 day
/// @param otherIdle the same for any other protocol
public record FlowConfig(int initialFlows, int maxFlows, Duration tcpIdle, Duration otherIdle) {
    private static final int LIMIT = 1 << 29;
    private static final Duration MIN_IDLE = Duration.ofSeconds(1);
    private static final Duration MAX_IDLE = Duration.ofDays(1);

    public static final FlowConfig DEFAULT =
            new FlowConfig(3 << 12, 3 << 19, Duration.ofMinutes(10), Duration.ofMinutes(1));

    public FlowConfig {
        if (maxFlows < 1 || maxFlows > LIMIT) {
            throw rule("flow.max-flows", maxFlows, "1 to " + LIMIT);
        }
        if (initialFlows < 1 || initialFlows > maxFlows) {
            throw rule("flow.initial-flows", initialFlows, "1 to flow.max-flows");
        }
        checkIdle("flow.tcp-idle", tcpIdle);
        checkIdle("flow.other-idle", otherIdle);
    }

    private static void checkIdle(String name, Duration value) {
        if (value.compareTo(MIN_IDLE) < 0 || value.compareTo(MAX_IDLE) > 0) {
            throw rule(name, value, "PT1S to PT24H");
        }
    }

    private static IllegalArgumentException rule(String name, Object value, String expected) {
        return new IllegalArgumentException(
                "%s: %s (expected: %s)".formatted(name, value, expected));
    }
}
