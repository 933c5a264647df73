package minewatch.sensor.inspect;

/// One protocol of frames that say their own length. [FramedReader] finds the frames, passes over
/// what is not needed, and has the rest rendered here.
///
/// - **Thread:** the worker's own.
interface FrameFormat {
    /// The bytes are too few to tell.
    long MORE = -1;

    /// No frame of this protocol starts here.
    long NONE = -2;

    /// The length of the frame that starts at `data[at]`, its header included; or [#MORE], or
    /// [#NONE]. Strict: what it takes for a frame is read as one.
    long measure(byte[] data, int at, int to);

    /// How many of a frame's first bytes [#render] wants to see; the rest is passed over.
    ///
    /// @param length of the frame, bytes
    int needed(byte[] data, int at, long length);

    /// Renders a frame of which [#needed] bytes, `data[at, end)`, are there.
    void render(byte[] data, int at, int end, long timeNanos);

    /// Bytes are missing before the next frame.
    default void onGap() {}

    /// Gives its memory back; it is not used again.
    default void release() {}
}
