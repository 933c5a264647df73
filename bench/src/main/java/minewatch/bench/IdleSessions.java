package minewatch.bench;

import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.EndReason;
import minewatch.sensor.flow.FlowView;
import minewatch.sensor.flow.SuspectHandler;

/// Counts what passes the gate and takes a session for it, which does nothing.
public final class IdleSessions implements SuspectHandler {
    private long suspects;
    private long ends;

    public long suspects() {
        return suspects;
    }

    public long ends() {
        return ends;
    }

    @Override
    public int onSuspect(PacketView packet, boolean fromOriginator, FlowView flow) {
        return (int) suspects++ & Integer.MAX_VALUE;
    }

    @Override
    public boolean onPacket(int session, PacketView packet, boolean fromOriginator, FlowView flow) {
        return true;
    }

    @Override
    public void onInterval(int session, FlowView flow) {
        // nothing is reported
    }

    @Override
    public void onEnd(int session, FlowView flow, EndReason reason) {
        ends++;
    }
}
