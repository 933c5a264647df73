package minewatch.sensor.capture;

import java.io.IOException;

/// This machine or this interface cannot be captured from in this way; another may do.
public final class UnsupportedCaptureException extends IOException {
    private static final long serialVersionUID = 1;

    /// @param message cause and remedy in one line
    public UnsupportedCaptureException(String message) {
        super(message);
    }
}
