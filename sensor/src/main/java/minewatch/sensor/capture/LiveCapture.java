package minewatch.sensor.capture;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/// A network interface that is being read.
///
/// - **Thread:** any may open and close it, one at a time reads it.
public interface LiveCapture extends AutoCloseable {
    /// A frame older than this that has not been handed on is not to come any more, ns. The kernel
    /// hands over frames in batches; the longest such wait and some to spare.
    long SETTLED_NANOS = 250_000_000;

    /// Hands on frames until `stopping` says so, and then those that have been received by then.
    /// May be called again, after [InterfaceLostException] as well if the interface is only down.
    ///
    /// @param stopping asked at least ten times a second, and after each batch of frames
    /// @throws InterfaceLostException if the interface goes down or away
    /// @throws IOException if it cannot be read any more, with cause and remedy in one line
    void run(BooleanSupplier stopping) throws IOException;

    /// Share of the buffer that has been received and not handed on, 0 to 1; 0 where that is not
    /// told. On the reading thread.
    default double backlog() {
        return 0;
    }

    /// What has been counted since it was opened. On the reading thread.
    CaptureCounts counts();

    /// Frees the interface. Also after a failure; a second call does nothing.
    @Override
    void close();
}
