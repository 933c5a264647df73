package minewatch.sensor.inspect;

import minewatch.sensor.decode.PacketView;

/// The ends of one flow, kept.
record SessionEnds(
        long originatorHigh,
        long originatorLow,
        int originatorPort,
        long responderHigh,
        long responderLow,
        int responderPort)
        implements SessionView {

    /// @param fromOriginator whether the packet's sender is the flow's originator
    static SessionEnds of(PacketView packet, boolean fromOriginator) {
        return fromOriginator
                ? new SessionEnds(
                        packet.sourceHigh(),
                        packet.sourceLow(),
                        packet.sourcePort(),
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.destinationPort())
                : new SessionEnds(
                        packet.destinationHigh(),
                        packet.destinationLow(),
                        packet.destinationPort(),
                        packet.sourceHigh(),
                        packet.sourceLow(),
                        packet.sourcePort());
    }
}
