package minewatch.sensor.inspect;

/// Cuts one kind of stream, one direction of it, into JSON texts: a reader for JSON lines passes
/// the texts on, a reader for anything else *renders* each frame as a JSON text ([Rendering]).
/// Every transport yields texts; what a text means is a signature's to say.
///
/// The framer offers the bytes to its readers wherever something may start, and the one that takes
/// them has them until it is at a boundary again.
///
/// - **Memory:** a reader that holds bytes between calls takes them from the worker's
///   [BufferBudget] and gives them back in [#release].
/// - **Thread:** the worker's own.
interface StreamReader {
    /// Whether a reader can read what is offered.
    enum Start {
        YES,
        NO,
        /// Too few bytes to tell.
        MAYBE
    }

    /// Whether `data[at, to)`, at least one byte, starts what this reader reads.
    Start starts(byte[] data, int at, int to);

    /// Reads on. When it asks for more bytes, the next call begins with the same bytes and more
    /// after them, unless [#onGap] came between.
    ///
    /// @return index of the next byte to read, at most `to`; or −1: `data[at, to)` must be kept
    ///   until more comes
    int consume(byte[] data, int at, int to, long timeNanos);

    /// Whether it is at a place where anything may start, another kind of stream too.
    boolean isAtBoundary();

    /// Bytes are missing before the next call of [#consume], and what was kept is gone.
    void onGap();

    /// Gives its memory back; it is not used again.
    default void release() {}
}
