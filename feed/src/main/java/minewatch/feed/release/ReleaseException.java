package minewatch.feed.release;

/// A release that is not taken, and why, in words for the user.
public final class ReleaseException extends Exception {
    private static final long serialVersionUID = 1;

    /// Why, as the metric names it.
    public enum Kind {
        /// The bytes are no release file, or are beyond its bounds.
        MALFORMED,
        /// None of the keys signed it.
        SIGNATURE,
        /// Its number is not above the one in force.
        OLDER,
        /// It is for other sensors.
        OTHER_SENSOR,
        /// It has settings that may not come this way, or are wrong.
        SETTINGS,
        /// Its signatures or endpoints cannot be used.
        SIGNATURES,
        /// It cannot be kept on disk.
        NOT_KEPT,
        /// The sensor died with it, again and again.
        CRASHED
    }

    private final Kind kind;

    public ReleaseException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ReleaseException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
