package minewatch.sensor.decode;

/// What the next room does with a decoded packet.
public interface PacketHandler {
    /// @param packet reused: never keep it past the call
    void onPacket(PacketView packet);

    /// As [minewatch.sensor.capture.FrameHandler#onBatchEnd()].
    void onBatchEnd();
}
