package minewatch.sensor.inspect;

/// What of a suspect flow, or of DNS, could not be inspected; none should be large
/// (docs/reference/scan.md).
public enum InspectAnomaly {
    /// A flow looked like a dialogue while more did than [SessionCredit] allows, by packets.
    SESSION_DEFERRED("session.deferred"),
    /// A fault of this program was met in reading a flow or a DNS message, see [Faults].
    SESSION_FAILED("session.failed"),
    /// A flow that cannot be read, and no room for another, by packets.
    SESSION_OPAQUE_REFUSED("session.opaque_refused"),
    /// A flow looked like a dialogue, and no room for another session, by packets.
    SESSION_REFUSED("session.refused"),
    /// Messages and segments given up: all flows held back as much as they may together.
    BUFFER_REFUSED("buffer.refused"),
    /// Names, message shapes and books not kept: all dialogues keep as much as they may together.
    DIALOGUE_REFUSED("dialogue.refused"),
    /// Messages longer than [MessageFramer] reads.
    MESSAGE_TOO_LONG("message.too_long"),
    /// DNS messages that broke off or made no sense.
    DNS_MALFORMED("dns.malformed"),
    /// Sightings of known pools beyond what is held, by packets.
    ENDPOINT_REFUSED("endpoint.refused"),
    /// Jobs and shares not recomputed, see [CheckBudget].
    SHARE_UNCHECKED("share.unchecked"),
    /// Compressed messages that are damaged or refer to what was not seen.
    COMPRESSED_UNREADABLE("compressed.unreadable"),
    /// Flows that unfolded into far more than mining has to say.
    COMPRESSED_BOMB("compressed.bomb");

    private final String label;

    InspectAnomaly(String label) {
        this.label = label;
    }

    /// Its name in statistics and metrics, as `session.refused`.
    public String label() {
        return label;
    }
}
