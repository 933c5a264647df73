package minewatch.sensor.capture.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import minewatch.sensor.capture.FrameHandler;
import minewatch.sensor.capture.LiveCapture;
import minewatch.sensor.capture.LiveConfig;

/// The rings of all workers at all interfaces of a tap. Both directions of a flow go to the same
/// worker whichever interface they come in by, for the kernel's hash is that of the addresses and
/// ports, and in the group of each interface the workers stand in one order: that in which they
/// were opened.
///
/// - **Thread:** any.
///
/// Source: net/packet/af_packet.c, `fanout_demux_hash`, `__fanout_link` (a socket joins at the end)
/// and `__fanout_unlink` (the last takes the place of one that leaves).
public final class TapGroup {
    private final List<RingGroup> groups;
    private int open;
    private boolean breakingUp;

    /// @param interfaces how each is to be read; with as many workers
    public TapGroup(List<LiveConfig> interfaces) {
        this.groups = interfaces.stream().map(RingGroup::new).toList();
    }

    /// Opens one more worker's rings: of one interface alone a [RingCapture], else a [TapCapture].
    ///
    /// @throws minewatch.sensor.capture.UnsupportedCaptureException if libpcap may do what this
    ///   cannot
    /// @throws IOException with cause and remedy in one line; also while others still have to close
    ///   theirs, after one has
    public synchronized LiveCapture open(FrameHandler handler) throws IOException {
        if (groups.size() == 1) {
            return groups.getFirst().open(handler);
        }
        if (breakingUp) { // one that joined now would stand elsewhere in each group
            throw new IOException("the other workers have yet to let go of the interfaces");
        }
        List<RingCapture> rings = new ArrayList<>();
        try {
            for (RingGroup group : groups) {
                rings.add(group.open(handler));
            }
        } catch (IOException e) {
            rings.forEach(RingCapture::close);
            throw e;
        }
        open++;
        return new TapCapture(rings, handler, this::leave);
    }

    private synchronized void leave() {
        open--;
        breakingUp = open > 0;
    }
}
