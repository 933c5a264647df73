package minewatch.sensor;

/// What a worker did without because it did not keep up ([Overload]).
///
/// @param shareChecks shares that were not recomputed
/// @param opaqueFlows times a flow that cannot be read was not taken up
/// @param flowTests payload packets not tested, of flows that never looked like mining
public record Skipped(long shareChecks, long opaqueFlows, long flowTests) {
    public static final Skipped NOTHING = new Skipped(0, 0, 0);

    public Skipped plus(Skipped other) {
        return new Skipped(
                shareChecks + other.shareChecks,
                opaqueFlows + other.opaqueFlows,
                flowTests + other.flowTests);
    }
}
