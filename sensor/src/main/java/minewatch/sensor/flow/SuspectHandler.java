package minewatch.sensor.flow;

import minewatch.sensor.decode.PacketView;

/// What the next room does with flows whose payload passed the first-bytes gate.
public interface SuspectHandler {
    /// What [#onSuspect] answers when it takes no session for the flow.
    int NO_SESSION = -1;

    /// How far what a session needs is from its handle, references on the way.
    int TOUCH_STEPS = 5;

    /// So many packets more have passed, of whatever flow.
    default void onBatch(int packets) {}

    /// A TCP flow begins with this packet, which may be its first or one of its middle.
    ///
    /// @return whether an end of it is known, so that its payload is worth a look whatever it is
    default boolean onBegin(PacketView packet) {
        return false;
    }

    /// A packet with payload from or to a name server (port 53), over UDP or TCP.
    default void onNames(PacketView packet) {}

    /// A flow passed the gate for the first time with this packet, which is *not* repeated to
    /// [#onPacket].
    ///
    /// @param fromOriginator whether the packet's sender is the flow's originator (sent the SYN,
    ///   else spoke first)
    /// @return a session handle ≥ 0, kept in the flow entry; or [#NO_SESSION]
    int onSuspect(PacketView packet, boolean fromOriginator, FlowView flow);

    /// A payload that does not pass the gate and cannot be read, of TLS or SSH, or of a flow with a
    /// known end.
    ///
    /// @return as [#onSuspect]
    default int onOpaque(PacketView packet, boolean fromOriginator, FlowView flow) {
        return NO_SESSION;
    }

    /// Packets of some sessions come soon: what they need may be loaded. Called for all of them
    /// with each step before any of them with the next, so that what a step finds on its way is on
    /// its way to the cache since the one before, for all of them side by side.
    ///
    /// @param step from 0, below [#TOUCH_STEPS]
    default void touch(int session, boolean fromOriginator, int step) {}

    /// Every later TCP packet of a flow with a session, with or without payload.
    ///
    /// @return false to give the session up: the handle is void, and the flow goes back to the gate
    boolean onPacket(int session, PacketView packet, boolean fromOriginator, FlowView flow);

    /// A reporting interval ends while the flow goes on; the flow table calls it for every session
    /// when it is asked to.
    void onInterval(int session, FlowView flow);

    /// The flow of this session is over; the handle is void afterwards.
    void onEnd(int session, FlowView flow, EndReason reason);
}
