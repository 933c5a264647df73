package minewatch.sensor.capture.linux;

import java.io.IOException;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.LiveConfig;

/// The rings of all workers that share one interface's traffic. A flow goes to one of them, both
/// its directions and all fragments of its packets, as long as the number of rings stays the same;
/// when its ring is nearly full, to another one rather than nowhere.
///
/// A ring of its own needs no group, and has none.
///
/// - **Thread:** any.
///
/// Source: packet(7), PACKET_FANOUT: hash by addresses and ports, the lower first, so that both
/// directions agree; PACKET_FANOUT_FLAG_DEFRAG; PACKET_FANOUT_FLAG_ROLLOVER.
public final class RingGroup {
    private final LiveConfig config;
    private int id;
    private int interfaceIndex;
    private int members;

    public RingGroup(LiveConfig config) {
        this.config = config;
    }

    /// Opens one more ring of [LiveConfig#workers()].
    ///
    /// @throws minewatch.sensor.capture.UnsupportedCaptureException if libpcap may do what this
    ///   cannot
    /// @throws IOException with cause and remedy in one line
    public RingCapture open(FrameHandler handler) throws IOException {
        return RingCapture.open(config, this, handler);
    }

    /// @param index of the device the socket is bound to. If it is another one than before, the
    ///   group of the former is no more
    synchronized void join(PacketSocket socket, int index) throws SystemCallException {
        if (config.workers() == 1) {
            return;
        }
        if (members > 0 && index == interfaceIndex) {
            socket.joinFanout(id);
        } else {
            id = socket.foundFanout();
            interfaceIndex = index;
            members = 0;
        }
        members++;
    }

    /// Rings that are still to be opened, 1 or more.
    synchronized int missing() {
        return Math.max(config.workers() - members, 1);
    }

    /// The socket is closed, and the group with the last one.
    synchronized void leave(int index) {
        if (index == interfaceIndex && members > 0) {
            members--;
        }
    }
}
