package minewatch.sensor.capture;

/// Told how far a capture is read, about once per block. Called on the reader's thread.
@FunctionalInterface
public interface CaptureProgress {
    /// What `totalBytes` is where the end cannot be known (standard input, a pipe).
    long UNKNOWN_TOTAL = -1;

    CaptureProgress NONE = (readBytes, totalBytes) -> {};

    /// @param readBytes bytes taken from the file so far, before decompression
    /// @param totalBytes size of the file, or [#UNKNOWN_TOTAL]
    void onProgress(long readBytes, long totalBytes);
}
