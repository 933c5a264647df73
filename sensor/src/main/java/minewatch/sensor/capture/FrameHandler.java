package minewatch.sensor.capture;

import java.lang.foreign.MemorySegment;

/// What the next room does with a captured frame.
public interface FrameHandler {
    /// @param block memory that holds the frame; valid only until the next [#onBatchEnd()]
    /// @param offset where the frame starts in `block`, bytes
    /// @param capturedLength bytes held; never more than `block` has after `offset`
    /// @param wireLength length on the wire, octets; may exceed `capturedLength`
    /// @param timestampNanos capture time, ns since the Unix epoch
    /// @param linkType how the frame starts: a LINKTYPE_ number (draft-ietf-opsawg-pcaplinktype)
    void onFrame(
            MemorySegment block,
            long offset,
            int capturedLength,
            int wireLength,
            long timestampNanos,
            int linkType);

    /// The memory of all frames since the last call is about to be reused: finish what was put off.
    void onBatchEnd();

    /// No frame has come for a while, and none up to this time is still to come. Only of a live
    /// capture; files have no silence.
    ///
    /// @param nowNanos ns since the Unix epoch
    default void onSilence(long nowNanos) {
        // nothing waits for the time to pass
    }
}
