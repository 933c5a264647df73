package minewatch.sensor;

/// How much of the traffic could be seen into: without it, no hits means nothing.
///
/// @param dataFlows TCP flows with payload that are over
/// @param oneSidedFlows of these, flows only one side of which passed the tap
/// @param encryptedFlows of these, flows of TLS or SSH
/// @param lostSegments holes in inspected flows: segments that the receiver got and the tap did not
/// @param cutSegments segments of inspected flows that the capture holds only the start of
public record Visibility(
        long dataFlows,
        long oneSidedFlows,
        long encryptedFlows,
        long lostSegments,
        long cutSegments) {
    /// Nothing seen yet.
    public static final Visibility NOTHING = new Visibility(0, 0, 0, 0, 0);

    public Visibility plus(Visibility other) {
        return new Visibility(
                dataFlows + other.dataFlows,
                oneSidedFlows + other.oneSidedFlows,
                encryptedFlows + other.encryptedFlows,
                lostSegments + other.lostSegments,
                cutSegments + other.cutSegments);
    }
}
