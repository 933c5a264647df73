package minewatch.sensor.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.decode.PacketView;
import minewatch.testkit.Packets;

/// A decoder and a flow table with a handler that writes down what it is told.
final class Flows implements SuspectHandler, AutoCloseable {
    static final long SECOND = 1_000_000_000L; // ns
    private static final long[] KEY = {1, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31};

    final List<String> events = new ArrayList<>();
    final FlowTable table;
    int nextSession;
    boolean takesSessions = true;
    boolean keepsSessions = true;
    private final Decoder decoder;
    private final MemorySegment block = Arena.ofAuto().allocate(1 << 17);

    Flows() {
        this(FlowConfig.DEFAULT);
    }

    Flows(FlowConfig config) {
        table = new FlowTable(config, this, KEY);
        decoder = new Decoder(table);
    }

    Flows at(double seconds, Packets packet) {
        byte[] frame = packet.ethernet();
        MemorySegment.copy(frame, 0, block, ValueLayout.JAVA_BYTE, 0, frame.length);
        long nanos = (long) (seconds * SECOND);
        decoder.onFrame(block, 0, frame.length, frame.length, nanos, LinkType.ETHERNET);
        decoder.onBatchEnd();
        return this;
    }

    boolean balances() {
        return table.created()
                == table.active()
                        + table.evictedIdle()
                        + table.evictedByPressure()
                        + table.ended()
                        + table.flushed();
    }

    @Override
    public int onSuspect(PacketView packet, boolean fromOriginator, FlowView flow) {
        int session = takesSessions ? nextSession++ : NO_SESSION;
        events.add("suspect %d %s %s".formatted(session, side(fromOriginator), text(packet)));
        return session;
    }

    @Override
    public boolean onPacket(int session, PacketView packet, boolean fromOriginator, FlowView flow) {
        events.add("packet %d %s %s".formatted(session, side(fromOriginator), text(packet)));
        return keepsSessions;
    }

    @Override
    public void onInterval(int session, FlowView flow) {
        events.add("interval %d %s".formatted(session, counters(flow)));
    }

    @Override
    public void onEnd(int session, FlowView flow, EndReason reason) {
        events.add("end %d %s %s".formatted(session, reason, counters(flow)));
    }

    @Override
    public void close() {
        table.close();
    }

    private static String side(boolean fromOriginator) {
        return fromOriginator ? "originator" : "responder";
    }

    private static String counters(FlowView flow) {
        return "%d packets %d octets %d to %d s%s"
                .formatted(
                        flow.packets(),
                        flow.octets(),
                        flow.firstSeenNanos() / SECOND,
                        flow.lastSeenNanos() / SECOND,
                        flow.handshakeSeen() ? " from SYN" : "");
    }

    private static String text(PacketView packet) {
        byte[] bytes =
                packet.block()
                        .asSlice(packet.payloadOffset(), packet.payloadLength())
                        .toArray(ValueLayout.JAVA_BYTE);
        return "'" + new String(bytes, UTF_8) + "'";
    }
}
