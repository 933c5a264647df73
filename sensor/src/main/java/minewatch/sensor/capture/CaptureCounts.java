package minewatch.sensor.capture;

/// What a live capture counts. The books: `kernelPackets` = `kernelDrops` + frames handed on +
/// frames still in the buffer, those of the loopback interface that are seen twice aside.
///
/// @param kernelPackets packets that passed the filter, dropped ones included
/// @param kernelDrops packets that found the buffer full
/// @param freezes how often the buffer was full; 0 where this is not told
/// @param malformed frames that the kernel announced and that were not there
public record CaptureCounts(long kernelPackets, long kernelDrops, long freezes, long malformed) {
    public static final CaptureCounts NONE = new CaptureCounts(0, 0, 0, 0);

    /// Both together.
    public CaptureCounts plus(CaptureCounts other) {
        return new CaptureCounts(
                kernelPackets + other.kernelPackets,
                kernelDrops + other.kernelDrops,
                freezes + other.freezes,
                malformed + other.malformed);
    }
}
