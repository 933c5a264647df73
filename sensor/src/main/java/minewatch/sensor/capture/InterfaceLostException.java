package minewatch.sensor.capture;

import java.io.IOException;

/// An interface that was being read went down or away. May come back.
public final class InterfaceLostException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean gone;

    /// @param message cause and remedy in one line
    /// @param gone whether the interface exists no more, so that it must be opened again
    public InterfaceLostException(String message, boolean gone) {
        super(message);
        this.gone = gone;
    }

    /// Whether it must be opened again. Else it goes on by itself once the interface is up.
    public boolean isGone() {
        return gone;
    }
}
