package minewatch.sensor.inspect;

import java.util.List;
import java.util.Locale;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.EndReason;
import minewatch.sensor.flow.FlowView;
import minewatch.sensor.flow.SuspectHandler;
import minewatch.sensor.inspect.tls.ClientHello;
import org.jspecify.annotations.Nullable;

/// Looks at flows that cannot be read. A TLS flow is taken up at once where its ClientHello is not
/// a web client's, where nothing but the server is seen or its end is known, and any other when it
/// has gone on slowly for a while; an SSH flow at its first line; an unknown one only where an end
/// is known.
///
/// - **Limits:** as many sessions as there are of readable flows, of at most 4 KiB each; an eighth
///   of them is kept for flows with a known end.
/// - **Thread:** the worker's own.
final class OpaqueInspector {
    private static final int KEPT_FOR_KNOWN = 8; // one in so many
    private static final int RECORD_HEADER = 5; // bytes
    private static final int HELLO_HEADER = RECORD_HEADER + 4;
    private static final int HANDSHAKE = 22;

    private final HandleTable<OpaqueSession> sessions;
    private final int forUnknown;
    private final BufferBudget budget;
    private final Surroundings around;
    private final Faults faults;
    private final FindingHandler handler;
    private final @Nullable Trace trace;
    private long refused;

    OpaqueInspector(
            int limit,
            BufferBudget budget,
            Surroundings around,
            Faults faults,
            FindingHandler handler,
            @Nullable Trace trace) {
        this.sessions = new HandleTable<>(limit);
        this.forUnknown = limit - limit / KEPT_FOR_KNOWN;
        this.budget = budget;
        this.around = around;
        this.faults = faults;
        this.handler = handler;
        this.trace = trace;
    }

    /// @param payload the packet's payload, `payload[0, length)`
    /// @return a handle, or [SuspectHandler#NO_SESSION]
    int onOpaque(
            PacketView packet, boolean fromOriginator, FlowView flow, byte[] payload, int length) {
        OpaqueSession.Kind kind = kind(payload, length);
        boolean known = around.endpoints().isKnown(packet);
        if (!isWorthALook(kind, known, packet, payload, length)) {
            return SuspectHandler.NO_SESSION;
        }
        if (sessions.isFull() || (!known && sessions.active() >= forUnknown)) {
            refused++;
            return SuspectHandler.NO_SESSION;
        }
        OpaqueSession session =
                new OpaqueSession(
                        kind,
                        SessionEnds.of(packet, fromOriginator),
                        flow.handshakeSeen(),
                        budget,
                        around);
        if (!feed(session, packet, fromOriginator, payload)) {
            session.release();
            return SuspectHandler.NO_SESSION;
        }
        return sessions.add(session);
    }

    /// @return false where the session was given up
    boolean onPacket(
            int handle, PacketView packet, boolean fromOriginator, FlowView flow, byte[] payload) {
        OpaqueSession session = sessions.get(handle);
        if (!feed(session, packet, fromOriginator, payload)) {
            close(handle, session);
            return false;
        }
        if (session.isHopeless(flow)) {
            session.reportPeers(flow).forEach(handler::onFinding); // whose blocks are bulk
            close(handle, session);
            return false;
        }
        return true;
    }

    void onInterval(int handle, FlowView flow) {
        report(sessions.get(handle), flow, false);
    }

    void onEnd(int handle, FlowView flow, EndReason reason) {
        OpaqueSession session = sessions.get(handle);
        report(session, flow, true);
        List<String> weights = trace == null ? List.of() : session.weights();
        if (trace != null && !weights.isEmpty()) {
            String outcome =
                    session.outcome()
                            + "; ended: "
                            + reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            trace.onEnd(session.ends(), session.messages(), List.of(), weights, outcome);
        }
        close(handle, session);
    }

    int active() {
        return sessions.active();
    }

    /// Flows that found no room.
    long refused() {
        return refused;
    }

    /// @return false where it failed, and is to be closed
    private boolean feed(
            OpaqueSession session, PacketView packet, boolean fromOriginator, byte[] payload) {
        try {
            session.onPacket(packet, fromOriginator, payload);
            return true;
        } catch (RuntimeException e) {
            faults.add(e);
            return false;
        }
    }

    private void report(OpaqueSession session, FlowView flow, boolean ended) {
        List<Finding> findings = List.of();
        try {
            if (ended) {
                session.finish();
            }
            findings = session.report(flow);
        } catch (RuntimeException e) {
            faults.add(e);
        }
        findings.forEach(handler::onFinding);
    }

    private void close(int handle, OpaqueSession session) {
        session.release();
        sessions.remove(handle);
    }

    private boolean isWorthALook(
            OpaqueSession.Kind kind, boolean known, PacketView packet, byte[] payload, int length) {
        return switch (kind) {
            case TLS ->
                    known
                            || payload[0] != HANDSHAKE
                            || length <= HELLO_HEADER
                            || !isWebClient(packet, payload, length);
            case SSH -> true;
            case UNKNOWN -> known;
        };
    }

    /// Whether the packet holds a whole ClientHello of a web client. One that goes on in the next
    /// packet is told later, by its session.
    private boolean isWebClient(PacketView packet, byte[] payload, int length) {
        if (payload[RECORD_HEADER] != ClientHello.TYPE) {
            return false;
        }
        int size = (payload[RECORD_HEADER + 2] & 0xFF) << 8 | payload[RECORD_HEADER + 3] & 0xFF;
        return HELLO_HEADER + size <= length
                && around.isWebClient(
                        payload, HELLO_HEADER, HELLO_HEADER + size, packet.destinationPort());
    }

    private static OpaqueSession.Kind kind(byte[] payload, int length) {
        boolean piece = length > 0 && length < RECORD_HEADER && payload[0] == HANDSHAKE;
        if (piece || TlsStream.startsRecord(payload, 0, length)) {
            return OpaqueSession.Kind.TLS;
        }
        return Bytes.startsWith(payload, 0, length, "SSH-")
                ? OpaqueSession.Kind.SSH
                : OpaqueSession.Kind.UNKNOWN;
    }
}
