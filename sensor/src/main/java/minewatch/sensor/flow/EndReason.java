package minewatch.sensor.flow;

/// Why a flow closed (IPFIX flowEndReason, IE 136).
public enum EndReason {
    IDLE_TIMEOUT,
    ACTIVE_TIMEOUT,
    END_OF_FLOW,
    FORCED_END,
    LACK_OF_RESOURCES
}
