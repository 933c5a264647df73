package minewatch.sensor.inspect;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.EndReason;
import minewatch.sensor.flow.FlowView;
import minewatch.sensor.flow.SuspectHandler;
import minewatch.sensor.inspect.endpoint.EndpointWatch;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.Weights;
import org.jspecify.annotations.Nullable;

/// Holds the suspect flows of one worker against the signature pack and reports what they amount
/// to.
///
/// - **In:** packets of flows that passed the gate. **Out:** findings, at the end of a flow and at
///   [#report].
/// - **Limits:** [Limits#sessions()] flows at a time, as many that cannot be read, and
///   [Limits#bufferBytes()] held back by all of them; what does not fit is counted.
/// - **Thread:** the worker's own.
public final class Inspector implements SuspectHandler {
    private static final int MAX_PAYLOAD_BYTES = 64 << 10;
    private static final int OPAQUE = 1 << 30; // in a handle: of a flow that cannot be read
    private static final int DNS_LENGTH_BYTES = 2; // before each message over TCP, RFC 7766 §8

    /// @param sessions suspect flows at a time, 1 to 10,000,000
    /// @param bufferBytes bytes held back by all sessions together
    /// @param packetsPerSession packets, of whatever flow, to each new session in the long run; 0
    ///   to 10,000. Where packets do not wait it keeps flows that are made to look like mining from
    ///   taking the worker away from all others; 0 where they do
    public record Limits(int sessions, long bufferBytes, int packetsPerSession) {
        /// What keeps the cost of a packet under hostile flows below twice what it is without
        /// (`HostileCost` in bench/).
        public static final int LIVE_PACKETS_PER_SESSION = 64;

        /// What a session holds while it lives, bytes of heap. Measured: 16,000 dialogues that all
        /// go on hold 8.0 to 9.4 kB each, findings included; one whose dialect is not settled yet
        /// holds up to half as much again, and one made to hold much what [Allowance] leaves it.
        static final int SESSION_BYTES = 9 << 10;

        private static final int MOST_SESSIONS = 100_000;
        private static final long MOST_BUFFER_BYTES = 64L << 20;

        public Limits {
            if (sessions < 1 || sessions > 10_000_000) {
                throw new IllegalArgumentException(
                        "inspect.max-sessions: " + sessions + " (expected: 1 to 10000000)");
            }
            if (bufferBytes < 1 << 20) {
                throw new IllegalArgumentException(
                        "inspect.buffer-bytes: " + bufferBytes + " (expected: at least 1 MiB)");
            }
            if (packetsPerSession < 0 || packetsPerSession > 10_000) {
                throw new IllegalArgumentException(
                        "inspect.packets-per-session: "
                                + packetsPerSession
                                + " (expected: 0 to 10000)");
            }
        }

        /// What fits a heap that several workers share: a quarter of it for sessions, an eighth for
        /// what they hold back; the rest is for findings, hits and everything else. Every suspect
        /// flow gets a session.
        ///
        /// @param heapBytes the most the heap may grow to
        public static Limits fitting(long heapBytes, int workers) {
            long sessions = heapBytes / 4 / SESSION_BYTES / workers;
            long buffer = heapBytes / 8 / workers;
            return new Limits(
                    Math.clamp(sessions, 1, MOST_SESSIONS),
                    Math.clamp(buffer, 1 << 20, MOST_BUFFER_BYTES),
                    0);
        }
    }

    private final SignaturePack pack;
    private final FindingHandler handler;
    private final @Nullable Trace trace;
    private final Hearing heard;
    private final BufferBudget budget;
    private final EndpointWatch endpoints;
    private final Surroundings around;
    private final OpaqueInspector opaque;
    private final byte[] payload = new byte[MAX_PAYLOAD_BYTES];
    private final HandleTable<Session> sessions;
    private final SessionCredit credit;
    private final Faults faults = new Faults();
    private long refused;

    @SuppressWarnings("UnusedVariable") // keeps the loads of touch() alive
    private long touched;

    private long deferred;
    private boolean saving;
    private long skippedOpaque;

    public Inspector(
            Limits limits, SignaturePack pack, FindingHandler handler, @Nullable Trace trace) {
        this.pack = pack;
        this.handler = handler;
        this.trace = trace;
        this.heard = new Hearing(pack.newMatcher());
        this.budget = new BufferBudget(limits.bufferBytes());
        Weights weights = Weights.builtIn();
        this.endpoints = new EndpointWatch(pack.endpoints(), weights);
        this.around = Surroundings.of(endpoints, weights);
        this.opaque =
                new OpaqueInspector(limits.sessions(), budget, around, faults, handler, trace);
        this.sessions = new HandleTable<>(limits.sessions());
        this.credit = new SessionCredit(limits.packetsPerSession(), limits.sessions());
    }

    @Override
    public void onBatch(int packets) {
        credit.earn(packets);
    }

    @Override
    public boolean onBegin(PacketView packet) {
        return endpoints.onBegin(packet);
    }

    @Override
    public void onNames(PacketView packet) {
        int length = copyPayload(packet);
        try {
            endpoints.onDns(packet, payload, dnsStart(packet, length), length);
        } catch (RuntimeException e) {
            faults.add(e);
        }
    }

    /// As [#onNames], of a packet that another worker books: only what it teaches counts here.
    public void onNamesOfOther(PacketView packet) {
        int length = copyPayload(packet);
        try {
            endpoints.onDnsOfOther(packet, payload, dnsStart(packet, length), length);
        } catch (RuntimeException e) {
            faults.add(e);
        }
    }

    private static int dnsStart(PacketView packet, int length) {
        return packet.protocol() == PacketView.PROTOCOL_TCP
                ? Math.min(DNS_LENGTH_BYTES, length)
                : 0;
    }

    @Override
    public int onSuspect(PacketView packet, boolean fromOriginator, FlowView flow) {
        if (sessions.isFull()) {
            refused++;
            return NO_SESSION;
        }
        if (!credit.take()) {
            deferred++;
            return NO_SESSION;
        }
        Session session =
                new Session(
                        packet,
                        fromOriginator,
                        flow.handshakeSeen(),
                        pack,
                        heard,
                        budget,
                        around.blocks(),
                        trace);
        if (!feed(session, packet, fromOriginator)) {
            session.release();
            return NO_SESSION;
        }
        return sessions.add(session);
    }

    @Override
    public int onOpaque(PacketView packet, boolean fromOriginator, FlowView flow) {
        if (saving && !endpoints.isKnown(packet)) {
            skippedOpaque++;
            return NO_SESSION;
        }
        int length = copyPayload(packet);
        try {
            int handle = opaque.onOpaque(packet, fromOriginator, flow, payload, length);
            return handle == NO_SESSION ? NO_SESSION : handle | OPAQUE;
        } catch (RuntimeException e) {
            faults.add(e);
            return NO_SESSION;
        }
    }

    @Override
    public void touch(int handle, boolean fromOriginator, int step) {
        if ((handle & OPAQUE) == 0) {
            touched += sessions.get(handle).touch(fromOriginator, step);
        }
    }

    @Override
    public boolean onPacket(int handle, PacketView packet, boolean fromOriginator, FlowView flow) {
        if ((handle & OPAQUE) != 0) {
            copyPayload(packet);
            return opaque.onPacket(handle & ~OPAQUE, packet, fromOriginator, flow, payload);
        }
        Session session = sessions.get(handle);
        if (!feed(session, packet, fromOriginator)) {
            close(handle, session);
            return false;
        }
        if (session.isHopeless()) {
            trace(session, "given up: no message of any dialect");
            close(handle, session);
            return false;
        }
        return true;
    }

    @Override
    public void onEnd(int handle, FlowView flow, EndReason reason) {
        if ((handle & OPAQUE) != 0) {
            opaque.onEnd(handle & ~OPAQUE, flow, reason);
            return;
        }
        Session session = sessions.get(handle);
        report(session, flow, true);
        trace(session, "ended: " + reason.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        close(handle, session);
    }

    @Override
    public void onInterval(int handle, FlowView flow) {
        if ((handle & OPAQUE) != 0) {
            opaque.onInterval(handle & ~OPAQUE, flow);
        } else {
            report(sessions.get(handle), flow, false);
        }
    }

    /// Whether a session is of a flow that cannot be read, whose findings rest on those of others.
    public static boolean isOpaque(int handle) {
        return handle >= 0 && (handle & OPAQUE) != 0;
    }

    /// Learns what another worker of the same traffic has found out about blocks and about miners.
    public void learn(Inspector other) {
        around.blocks().add(other.around.blocks());
        around.plain().add(other.around.plain());
    }

    /// Takes over what another worker has seen of known pools apart from sessions.
    public void takeSightings(Inspector other) {
        endpoints.takeSightings(other.endpoints);
    }

    /// Reports what was seen of known pools apart from sessions. After the sessions' own reports.
    public void endInterval() {
        endpoints.report(handler);
    }

    /// Does without what costs most: shares are not recomputed, and flows that cannot be read are
    /// not taken up unless an end of theirs is known.
    public void save(boolean saving) {
        this.saving = saving;
        budget.checks().pause(saving);
    }

    /// Shares not recomputed meanwhile.
    public long skippedShareChecks() {
        return budget.checks().skipped();
    }

    /// Times a flow that cannot be read was not taken up meanwhile.
    public long skippedOpaque() {
        return skippedOpaque;
    }

    /// A fault of this program met since this was last asked, or null.
    public @Nullable RuntimeException takeFault() {
        return faults.takeLatest();
    }

    public int activeSessions() {
        return sessions.active() + opaque.active();
    }

    /// Holes in inspected flows, that will not be filled.
    public long lostSegments() {
        return budget.lost();
    }

    /// Segments of inspected flows that were captured in part.
    public long cutSegments() {
        return budget.cut();
    }

    /// How often something could not be inspected for this reason.
    public long anomalies(InspectAnomaly kind) {
        return switch (kind) {
            case SESSION_DEFERRED -> deferred;
            case SESSION_FAILED -> faults.count();
            case SESSION_OPAQUE_REFUSED -> opaque.refused();
            case SESSION_REFUSED -> refused;
            case BUFFER_REFUSED -> budget.refusals();
            case DIALOGUE_REFUSED -> budget.refusedKeeps();
            case MESSAGE_TOO_LONG -> budget.tooLong();
            case DNS_MALFORMED -> endpoints.malformed();
            case ENDPOINT_REFUSED -> endpoints.refused();
            case SHARE_UNCHECKED -> budget.checks().refusals();
            case COMPRESSED_UNREADABLE -> budget.unreadable();
            case COMPRESSED_BOMB -> budget.bombs();
        };
    }

    /// @return false where it failed, and is to be closed
    private boolean feed(Session session, PacketView packet, boolean fromOriginator) {
        if (session.isSettled()) {
            return true;
        }
        copyPayload(packet);
        try {
            session.onPacket(packet, fromOriginator, payload);
            return true;
        } catch (RuntimeException e) {
            faults.add(e);
            return false;
        }
    }

    private int copyPayload(PacketView packet) {
        int length = Math.min(packet.payloadLength(), payload.length);
        if (length > 0) {
            MemorySegment.copy(
                    packet.block(),
                    ValueLayout.JAVA_BYTE,
                    packet.payloadOffset(),
                    payload,
                    0,
                    length);
        }
        return length;
    }

    private void report(Session session, FlowView flow, boolean ended) {
        Finding finding = finding(session, flow, ended);
        if (finding != null) {
            handler.onFinding(finding);
            around.plain().add(finding);
            if (finding.verdict() == Verdict.NODE) {
                handler.onFinding(finding.ofOtherSide());
            }
        }
    }

    private @Nullable Finding finding(Session session, FlowView flow, boolean ended) {
        try {
            if (ended) {
                session.finish();
            }
            return session.report(flow, endpoints);
        } catch (RuntimeException e) {
            faults.add(e);
            return null;
        }
    }

    private void trace(Session session, String outcome) {
        if (trace != null) {
            Dialogue dialogue = session.dialogue();
            trace.onEnd(
                    session, dialogue.messages(), dialogue.scores(), session.weights(), outcome);
        }
    }

    private void close(int handle, Session session) {
        session.release();
        sessions.remove(handle);
    }
}
