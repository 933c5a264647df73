package minewatch.sensor.flow;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.decode.PacketView;
import minewatch.testkit.Packets;

/// Packets of a thousand flows, some of them suspect, as often as one likes.
final class FlowReplay implements SuspectHandler {
    private static final int FRAMES = 1000;
    private static final int FRAME = 128; // bytes

    private final FlowTable table = new FlowTable(FlowConfig.DEFAULT, this);
    private final Decoder decoder = new Decoder(table);
    private final MemorySegment block = Arena.ofAuto().allocate(FRAMES * FRAME);
    private int inspected;

    FlowReplay() {
        for (int i = 0; i < FRAMES; i++) {
            String payload = i % 10 == 0 ? "{\"id\":1}" : "xxxxxxx";
            byte[] frame = Packets.tcp("10.0.0.1", i, "10.0.0.2", 80).payload(payload).ethernet();
            MemorySegment.copy(
                    frame, 0, block, ValueLayout.JAVA_BYTE, (long) i * FRAME, frame.length);
        }
    }

    void run(int packets) {
        for (int i = 0; i < packets; i++) {
            long offset = (long) (i % FRAMES) * FRAME;
            decoder.onFrame(block, offset, 62, 62, i * 1000L, LinkType.ETHERNET);
        }
        decoder.onBatchEnd();
    }

    @Override
    public int onSuspect(PacketView packet, boolean fromOriginator, FlowView flow) {
        return inspected++ & 0xFFFF;
    }

    @Override
    public boolean onPacket(int session, PacketView packet, boolean fromOriginator, FlowView flow) {
        return true;
    }

    @Override
    public void onInterval(int session, FlowView flow) {
        inspected++;
    }

    @Override
    public void onEnd(int session, FlowView flow, EndReason reason) {
        inspected++;
    }
}
