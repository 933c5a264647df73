package minewatch.sensor.decode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/// Runs frames through a decoder and keeps what came out.
final class Decoding implements PacketHandler {
    /// A packet's fields, which outlive the view.
    record Decoded(
            int ipVersion,
            int protocol,
            long sourceHigh,
            long sourceLow,
            int sourcePort,
            long destinationHigh,
            long destinationLow,
            int destinationPort,
            int vlan,
            int tunnels,
            int payloadLength,
            int payloadWireLength,
            boolean laterFragment,
            int tcpSequence,
            int tcpFlags,
            int ipLength,
            byte[] payload) {}

    static final int OFFSET = 32; // where the frame lies in its block

    final Decoder decoder = new Decoder(this);
    final List<Decoded> packets = new ArrayList<>();
    long nanos = 1; // time of the next frame
    private final List<PacketView> batch = new ArrayList<>();
    private final MemorySegment block = Arena.ofAuto().allocate(1 << 19);

    /// Decodes a frame that was captured whole.
    Decoding frame(int linkType, byte[] frame) {
        return frame(linkType, frame, frame.length);
    }

    Decoding frame(int linkType, byte[] frame, int wireLength) {
        MemorySegment.copy(frame, 0, block, ValueLayout.JAVA_BYTE, OFFSET, frame.length);
        decoder.onFrame(block, OFFSET, frame.length, wireLength, nanos, linkType);
        decoder.onBatchEnd();
        return this;
    }

    Decoded only() {
        if (packets.size() != 1) {
            throw new AssertionError("%d packets (expected: 1)".formatted(packets.size()));
        }
        return packets.getFirst();
    }

    long anomalies() {
        long sum = 0;
        for (DecodeAnomaly kind : DecodeAnomaly.values()) {
            sum += decoder.anomalies(kind);
        }
        return sum;
    }

    long nonIpFrames() {
        long sum = 0;
        for (NonIpFrame kind : NonIpFrame.values()) {
            sum += decoder.nonIpFrames(kind);
        }
        return sum;
    }

    boolean balances() {
        return decoder.frames() == decoder.packets() + anomalies() + nonIpFrames();
    }

    @Override
    public void onPacket(PacketView packet) {
        batch.add(packet);
    }

    @Override
    public void onBatchEnd() {
        for (PacketView p : batch) {
            packets.add(copy(p));
        }
        batch.clear();
    }

    private static Decoded copy(PacketView p) {
        return new Decoded(
                p.ipVersion(),
                p.protocol(),
                p.sourceHigh(),
                p.sourceLow(),
                p.sourcePort(),
                p.destinationHigh(),
                p.destinationLow(),
                p.destinationPort(),
                p.vlan(),
                p.tunnels(),
                p.payloadLength(),
                p.payloadWireLength(),
                p.isLaterFragment(),
                p.tcpSequence(),
                p.tcpFlags(),
                p.ipLength(),
                p.block()
                        .asSlice(p.payloadOffset(), p.payloadLength())
                        .toArray(ValueLayout.JAVA_BYTE));
    }
}
