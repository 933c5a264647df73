package minewatch.sensor;

import minewatch.sensor.decode.PacketHandler;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.FlowTable;
import minewatch.sensor.inspect.Inspector;

/// Lets through the flows that are one worker's among several that all see every packet: a part of
/// them by a hash of both ends, the same for both directions. What name servers say is learned by
/// all, each at the same packet, and booked by one.
///
/// The hash has no key: who makes up a capture can see to it that one worker has all the work,
/// which then takes as long as with one.
///
/// - **Thread:** the worker's own.
final class OwnFlows implements PacketHandler {
    private static final int NAMES_PORT = 53;
    private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

    private final int index;
    private final int workers;
    private final FlowTable flow;
    private final Inspector inspect;

    /// @param index of the worker, 0 to `workers - 1`
    OwnFlows(int index, int workers, FlowTable flow, Inspector inspect) {
        this.index = index;
        this.workers = workers;
        this.flow = flow;
        this.inspect = inspect;
    }

    @Override
    public void onPacket(PacketView packet) {
        if (owner(packet) == index) {
            flow.onPacket(packet);
        } else if (isNames(packet)) {
            flow.onBatchEnd(); // what came before this packet does not know yet what it teaches
            inspect.onNamesOfOther(packet);
        }
    }

    @Override
    public void onBatchEnd() {
        flow.onBatchEnd();
    }

    private int owner(PacketView packet) {
        long source = end(packet.sourceHigh(), packet.sourceLow(), packet.sourcePort());
        long destination =
                end(packet.destinationHigh(), packet.destinationLow(), packet.destinationPort());
        long hash = (source + destination) * MIX;
        return (int) ((hash >>> 32) * workers >>> 32);
    }

    private static long end(long high, long low, int port) {
        long mixed = (high * MIX ^ low ^ (long) port << 40) * MIX;
        return mixed ^ mixed >>> 29;
    }

    private static boolean isNames(PacketView packet) {
        return (packet.destinationPort() == NAMES_PORT || packet.sourcePort() == NAMES_PORT)
                && packet.payloadLength() > 0
                && (packet.protocol() == PacketView.PROTOCOL_UDP
                        || packet.protocol() == PacketView.PROTOCOL_TCP);
    }
}
