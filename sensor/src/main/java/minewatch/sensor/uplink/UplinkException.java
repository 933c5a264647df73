package minewatch.sensor.uplink;

/// Why the stream to the collector ended, in words for the user.
final class UplinkException extends Exception {
    private static final long serialVersionUID = 1L;

    /// What kind of failure it was, as the metric names it.
    enum Kind {
        /// No connection, or it broke.
        NETWORK,
        /// One side does not accept the other's certificate.
        CERTIFICATE,
        /// The collector does not accept this sensor or what it sends.
        REFUSED
    }

    private final Kind kind;

    UplinkException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    UplinkException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    /// Whether a person must act before another attempt can go well.
    boolean needsOperator() {
        return kind != Kind.NETWORK;
    }
}
