package minewatch.sensor.capture.linux;

import java.io.IOException;

/// A system call that failed. What it means to the user is for the caller to say.
final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /// @param call its name, with what tells it from others of the same name
    SystemCallException(String call, int errno) {
        super(call + ": " + Errno.name(errno));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
