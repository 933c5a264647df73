package minewatch.sensor.workbench;

/// A file of labels, or of a previous run, that cannot be used. The message is for the user:
/// `file:line: name: value (expected: rule)`.
public final class InvalidLabelsException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidLabelsException(String message) {
        super(message);
    }
}
