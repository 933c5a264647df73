package minewatch.sensor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.EndReason;
import minewatch.sensor.flow.FlowView;
import minewatch.sensor.flow.SuspectHandler;
import minewatch.sensor.inspect.Inspector;

/// Puts off what is said of flows that cannot be read until the interval ends: whether one keeps in
/// step with new blocks, and whether its source mines in the clear, is known when all others have
/// told. What comes out then does not depend on which flow happened to end first.
///
/// - **Memory:** the sessions of flows that are over stay within [Inspector.Limits#sessions()];
///   while packets come they take up a quarter of them at most.
/// - **Thread:** the worker's own.
final class LateJudgement implements SuspectHandler {
    /// A shorter flow tells nothing of others that its verdict could rest on.
    private static final long SHORT_NANOS = Duration.ofSeconds(15).toNanos();

    private record Snapshot(
            long firstSeenNanos,
            long lastSeenNanos,
            long packets,
            long octets,
            boolean handshakeSeen)
            implements FlowView {
        static Snapshot of(FlowView flow) {
            return new Snapshot(
                    flow.firstSeenNanos(),
                    flow.lastSeenNanos(),
                    flow.packets(),
                    flow.octets(),
                    flow.handshakeSeen());
        }
    }

    private record Ended(int session, Snapshot flow, EndReason reason) {}

    private record GoingOn(int session, Snapshot flow) {}

    private final Inspector inspect;
    private final int mostEnded;
    private final Deque<Ended> ended = new ArrayDeque<>();
    private final List<GoingOn> goingOn = new ArrayList<>();

    LateJudgement(Inspector inspect, Inspector.Limits limits) {
        this.inspect = inspect;
        this.mostEnded = limits.sessions() / 4;
    }

    /// The interval is over, and all that can be read is reported.
    void judge() {
        goingOn.forEach(one -> inspect.onInterval(one.session, one.flow));
        goingOn.clear();
        while (!ended.isEmpty()) {
            judgeOldest();
        }
    }

    @Override
    public void onBatch(int packets) {
        inspect.onBatch(packets);
        while (ended.size() > mostEnded) {
            judgeOldest();
        }
    }

    @Override
    public boolean onBegin(PacketView packet) {
        return inspect.onBegin(packet);
    }

    @Override
    public void onNames(PacketView packet) {
        inspect.onNames(packet);
    }

    @Override
    public int onSuspect(PacketView packet, boolean fromOriginator, FlowView flow) {
        return inspect.onSuspect(packet, fromOriginator, flow);
    }

    @Override
    public int onOpaque(PacketView packet, boolean fromOriginator, FlowView flow) {
        return inspect.onOpaque(packet, fromOriginator, flow);
    }

    @Override
    public void touch(int session, boolean fromOriginator, int step) {
        inspect.touch(session, fromOriginator, step);
    }

    @Override
    public boolean onPacket(int session, PacketView packet, boolean fromOriginator, FlowView flow) {
        return inspect.onPacket(session, packet, fromOriginator, flow);
    }

    @Override
    public void onInterval(int session, FlowView flow) {
        if (Inspector.isOpaque(session)) {
            goingOn.add(new GoingOn(session, Snapshot.of(flow)));
        } else {
            inspect.onInterval(session, flow);
        }
    }

    @Override
    public void onEnd(int session, FlowView flow, EndReason reason) {
        if (!Inspector.isOpaque(session)
                || flow.lastSeenNanos() - flow.firstSeenNanos() < SHORT_NANOS) {
            inspect.onEnd(session, flow, reason);
            return;
        }
        ended.add(new Ended(session, Snapshot.of(flow), reason));
    }

    private void judgeOldest() {
        Ended oldest = ended.remove();
        inspect.onEnd(oldest.session, oldest.flow, oldest.reason);
    }
}
