package minewatch.sensor.decode;

/// What the next room does with a decoded packet.
public interface PacketHandler {
    /// @param packet reused: valid until the next [#onBatchEnd()], which comes after at most
    ///   [Decoder#BATCH] packets
    void onPacket(PacketView packet);

    /// The views and the memory of all packets since the last call are about to be reused: finish
    /// what was put off.
    void onBatchEnd();
}
