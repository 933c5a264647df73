package minewatch.sensor.spool;

import java.io.IOException;

/// The spool cannot be opened or used. The message is meant for the user: what, why, what to do.
public final class SpoolException extends IOException {
    private static final long serialVersionUID = 1L;

    public SpoolException(String message) {
        super(message);
    }

    public SpoolException(String message, Throwable cause) {
        super(message, cause);
    }
}
