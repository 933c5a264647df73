package minewatch.sensor.capture;

/// Why a capture could not be read to its end. What came before it was delivered.
///
/// @param offset where the unreadable record starts, bytes from the start of the capture (after
///   decompression); 0 where `kind` has no place
/// @param reason one line, without the file's name
public record CaptureProblem(Kind kind, long offset, String reason) {

    /// What is wrong, from the reader's side.
    public enum Kind {
        /// Not pcap or pcapng by its first bytes.
        NOT_A_CAPTURE,
        /// Ends in the middle of a record.
        TRUNCATED,
        /// Holds a record that cannot be one.
        CORRUPT,
        /// The operating system refused.
        IO
    }

    /// One line for the user, as `a.pcap: truncated at byte 123: record header says 1500 bytes, 12
    /// remain`.
    public String describe(String name) {
        return switch (kind) {
            case NOT_A_CAPTURE -> name + ": not a capture: " + reason;
            case TRUNCATED -> name + ": truncated at byte " + offset + ": " + reason;
            case CORRUPT -> name + ": corrupt at byte " + offset + ": " + reason;
            case IO -> name + ": cannot read: " + reason;
        };
    }

    static CaptureProblem truncated(long offset, String reason) {
        return new CaptureProblem(Kind.TRUNCATED, offset, reason);
    }

    static CaptureProblem corrupt(long offset, String reason) {
        return new CaptureProblem(Kind.CORRUPT, offset, reason);
    }
}
