package minewatch.sensor.flow;

import java.time.Duration;
import java.util.Arrays;
import minewatch.sensor.decode.Decoder;
import minewatch.sensor.decode.PacketHandler;
import minewatch.sensor.decode.PacketView;

/// Which flow a packet belongs to, and which flows are worth inspecting.
///
/// Works on a batch at a time: the fingerprints first, then one load of each entry, so that memory
/// fetches them side by side, then all searches, since those that have to go on to a next line wait
/// for it side by side as well (a sixth less on many small packets), then the updates. Nothing here
/// allocates, except that the table doubles until it has the size it is allowed.
///
/// A flow ends when it is idle, when it was closed (RST, or FIN from both sides) and some grace has
/// passed for late packets, when a new connection takes its place, when its entry is needed for
/// another, or at [#flush()]. A closed flow still hands its packets to its session.
public final class FlowTable implements PacketHandler, AutoCloseable {
    /// Payload packets of a flow that meet the gate whatever its rate.
    static final int FREE_TESTS = 64;

    /// Sessions of a flow that may be given up before it must be slow and small to get another.
    static final int FREE_SESSIONS = 4;

    private static final int SLOW_OCTETS_LOG = 14; // 16 KiB a second, on average
    private static final int SLOW_GRACE = 4; // seconds' worth, to begin with
    private static final int SECOND_LOG = 30; // 2^30 ns: a second, nearly
    private static final long ENDED_GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    /// A TLS flow whose ClientHello was not worth a look, or not seen, gets one after so long.
    private static final long SETTLED_NANOS = Duration.ofSeconds(30).toNanos();

    private static final int NAMES_PORT = 53;
    private static final int SWEEPS_PER_IDLE = 4;
    private static final int SWEEP_STEP = 64; // entries
    private static final int DENSE = Decoder.BATCH / 8; // inspected packets of a batch

    private final SuspectHandler suspects;
    private final FlowFingerprint fingerprint;
    private final FlowEntries entries;
    private final EvictionPool eviction;
    private final long tcpIdleNanos;
    private final long otherIdleNanos;
    private final long sweepPeriodNanos;

    private final PacketView[] batch = new PacketView[Decoder.BATCH];
    private final long[] batchHigh = new long[Decoder.BATCH];
    private final long[] batchLow = new long[Decoder.BATCH];
    private final boolean[] batchFromLower = new boolean[Decoder.BATCH];
    private final long[] batchEntries = new long[Decoder.BATCH]; // as they were before the updates
    private final int[] touchedSessions = new int[Decoder.BATCH];
    private final boolean[] touchedFromOriginator = new boolean[Decoder.BATCH];
    private int batched;

    private int hand; // index of the entry the sweep comes to next
    private long sweptNanos = Long.MIN_VALUE;

    private long created;
    private long evictedIdle;
    private long evictedByPressure;
    private long ended;
    private long flushed;
    private long inspectedPackets;
    private long inspectedBefore; // as of the batch before
    private int untestedBits; // of a fingerprint: flows with any of them are not tested
    private long skippedTests;
    private long dataFlows;
    private long oneSidedFlows;
    private long encryptedFlows;

    public FlowTable(FlowConfig config, SuspectHandler suspects) {
        this(config, suspects, FlowFingerprint.randomKey());
    }

    /// @param key 12 words; the same key gives the same table
    FlowTable(FlowConfig config, SuspectHandler suspects, long[] key) {
        this.suspects = suspects;
        Arrays.fill(batch, new PacketView());
        fingerprint = new FlowFingerprint(key);
        entries = new FlowEntries(config.initialFlows(), config.maxFlows());
        eviction = new EvictionPool(entries);
        tcpIdleNanos = config.tcpIdle().toNanos();
        otherIdleNanos = config.otherIdle().toNanos();
        sweepPeriodNanos = Math.min(tcpIdleNanos, otherIdleNanos) / SWEEPS_PER_IDLE;
    }

    @Override
    public void onPacket(PacketView packet) {
        if (batched == Decoder.BATCH) {
            onBatchEnd();
        }
        int i = batched++;
        fingerprint.of(packet);
        batchHigh[i] = fingerprint.high();
        batchLow[i] = fingerprint.low();
        batchFromLower[i] = fingerprint.fromLower();
        if (batch[i] != packet) { // the same views come back: spares the collector's barrier
            batch[i] = packet;
        }
    }

    @Override
    public void onBatchEnd() {
        int count = batched;
        batched = 0;
        suspects.onBatch(count);
        entries.seek(batchHigh, count, batchEntries);
        touchSessions(count);
        for (int i = 0; i < count; i++) {
            update(batch[i], batchEntries[i], batchHigh[i], batchLow[i], batchFromLower[i]);
        }
        if (count > 0) {
            sweep(batch[count - 1].timestampNanos());
        }
    }

    /// Where many packets are inspected, the state of their sessions is what memory is waited for.
    private void touchSessions(int count) {
        if (inspectedPackets - inspectedBefore >= DENSE) {
            int sessions = 0;
            for (int i = 0; i < count; i++) {
                long at = batchEntries[i];
                if (FlowEntries.isOf(at, batchHigh[i], batchLow[i]) && entries.session(at) >= 0) {
                    touchedSessions[sessions] = entries.session(at);
                    touchedFromOriginator[sessions++] =
                            isFromOriginator(entries.state(at), batchFromLower[i]);
                }
            }
            for (int step = 0; step < SuspectHandler.TOUCH_STEPS; step++) {
                for (int i = 0; i < sessions; i++) {
                    suspects.touch(touchedSessions[i], touchedFromOriginator[i], step);
                }
            }
        }
        inspectedBefore = inspectedPackets;
    }

    /// Tests one in so many flows only, of those that no session was opened for and no end is known
    /// of. The others are tested when all are again.
    ///
    /// @param many a power of two; 1: all
    public void testOneIn(int many) {
        untestedBits = (many - 1) << 1; // bit 0 is the same for all
    }

    /// Payload packets not tested for that reason.
    public long skippedTests() {
        return skippedTests;
    }

    /// Tells every session that a reporting interval ends.
    public void endInterval() {
        onBatchEnd();
        for (int i = 0; i < entries.count(); i++) {
            long at = entries.at(i);
            if (FlowEntries.isOccupied(at) && entries.session(at) >= 0) {
                suspects.onInterval(entries.session(at), entries.view(at));
            }
        }
    }

    /// Ends every flow, and begins anew with an empty table.
    public void flush() {
        onBatchEnd();
        for (int i = 0; i < entries.count(); i++) {
            long at = entries.at(i);
            if (FlowEntries.isOccupied(at)) {
                endFlow(
                        at,
                        FlowState.isEnded(entries.state(at))
                                ? EndReason.END_OF_FLOW
                                : EndReason.FORCED_END);
                flushed++;
            }
        }
        entries.clear();
        eviction.clear();
        hand = 0;
        sweptNanos = Long.MIN_VALUE;
    }

    /// Frees the table's memory. Sessions are not told: [#flush()] first.
    @Override
    public void close() {
        entries.close();
    }

    /// Flows begun: the sum of those active, idle, ended, evicted and flushed.
    public long created() {
        return created;
    }

    public long active() {
        return entries.active();
    }

    /// Flows that were over because no packet came for the idle timeout.
    public long evictedIdle() {
        return evictedIdle;
    }

    /// Flows that lost their entry to another, since the table was full.
    public long evictedByPressure() {
        return evictedByPressure;
    }

    /// Flows that were closed by their endpoints.
    public long ended() {
        return ended;
    }

    /// Flows that [#flush()] ended.
    public long flushed() {
        return flushed;
    }

    /// TCP flows with payload that are over.
    public long dataFlows() {
        return dataFlows;
    }

    /// Of [#dataFlows()], those of which only one side was seen.
    public long oneSidedFlows() {
        return oneSidedFlows;
    }

    /// Of [#dataFlows()], those that spoke TLS or SSH.
    public long encryptedFlows() {
        return encryptedFlows;
    }

    /// Packets handed to the [SuspectHandler].
    public long inspectedPackets() {
        return inspectedPackets;
    }

    /// @param expected where the entry seemed to be when the batch began
    private void update(PacketView packet, long expected, long high, long low, boolean fromLower) {
        long now = packet.timestampNanos();
        long at = FlowEntries.isOf(expected, high, low) ? expected : entries.find(high, low);
        if (at < 0) {
            at = create(~at, high, low, packet, fromLower);
        } else if (beginsAnew(at, packet, fromLower, now)) {
            begin(at, packet, fromLower);
        }
        int state = entries.state(at);
        boolean fromOriginator = isFromOriginator(state, fromLower);
        entries.count(at, fromOriginator, packet.ipLength(), now);
        if (FlowState.isTcp(state)) {
            updateTcp(at, state, packet, fromOriginator);
        } else if (packet.protocol() == PacketView.PROTOCOL_UDP && isNames(packet)) {
            suspects.onNames(packet);
        } else if (packet.payloadLength() > 0) {
            updateDatagram(at, state, packet, fromOriginator);
        }
    }

    private static boolean isNames(PacketView packet) {
        return (packet.destinationPort() == NAMES_PORT || packet.sourcePort() == NAMES_PORT)
                && packet.payloadLength() > 0;
    }

    private long create(long empty, long high, long low, PacketView packet, boolean fromLower) {
        long free = empty;
        if (entries.isFull()) {
            evict();
            free = ~entries.find(high, low);
        }
        long at = entries.claim(free, high, low);
        begin(at, packet, fromLower);
        return at;
    }

    private void begin(long at, PacketView packet, boolean fromLower) {
        int state = firstState(packet, fromLower);
        boolean known = FlowState.isTcp(state) && suspects.onBegin(packet);
        entries.start(at, packet.timestampNanos(), known ? state | FlowState.KNOWN_END : state);
        created++;
    }

    private static int firstState(PacketView packet, boolean fromLower) {
        if (packet.protocol() != PacketView.PROTOCOL_TCP) {
            return fromLower ? FlowState.ORIGINATOR_IS_LOWER : 0;
        }
        boolean syn = packet.hasTcpFlag(PacketView.TCP_SYN);
        boolean answersSyn = syn && packet.hasTcpFlag(PacketView.TCP_ACK);
        return FlowState.TCP
                | (syn ? FlowState.HANDSHAKE : 0)
                | (fromLower != answersSyn ? FlowState.ORIGINATOR_IS_LOWER : 0);
    }

    /// Whether this packet belongs to a new flow between the same endpoints; the old one has been
    /// ended then.
    private boolean beginsAnew(long at, PacketView packet, boolean fromLower, long now) {
        int state = entries.state(at);
        if (isIdle(at, state, now)) {
            endFlow(at, EndReason.IDLE_TIMEOUT);
            evictedIdle++;
            return true;
        }
        if (packet.hasTcpFlag(PacketView.TCP_SYN)
                && !packet.hasTcpFlag(PacketView.TCP_ACK)
                && isClosedFor(state, fromLower)) {
            endFlow(at, EndReason.END_OF_FLOW);
            ended++;
            return true;
        }
        return false;
    }

    /// A side that has sent its FIN sends a SYN only to begin anew.
    private static boolean isClosedFor(int state, boolean fromLower) {
        return FlowState.isEnded(state)
                || (state & FlowState.fin(isFromOriginator(state, fromLower))) != 0;
    }

    private static boolean isFromOriginator(int state, boolean fromLower) {
        return fromLower == ((state & FlowState.ORIGINATOR_IS_LOWER) != 0);
    }

    /// A last packet far in the future is as idle as one far in the past: a wrong time stamp must
    /// not keep a flow for ever.
    private boolean isIdle(long at, int state, long now) {
        long idle = now - entries.lastSeen(at);
        long timeout = FlowState.isTcp(state) ? tcpIdleNanos : otherIdleNanos;
        return idle > timeout || idle < -timeout;
    }

    private void updateTcp(long at, int before, PacketView packet, boolean fromOriginator) {
        int state = before;
        if ((packet.tcpFlags() & (PacketView.TCP_FIN | PacketView.TCP_RST)) != 0) {
            state |= packet.hasTcpFlag(PacketView.TCP_FIN) ? FlowState.fin(fromOriginator) : 0;
            state |= packet.hasTcpFlag(PacketView.TCP_RST) ? FlowState.RST : 0;
            entries.state(at, state);
        }
        int session = entries.session(at);
        if (session >= 0) {
            inspect(at, session, packet, fromOriginator);
        } else if (packet.payloadLength() > 0) {
            if (isNames(packet)) {
                suspects.onNames(packet);
            }
            test(at, state | FlowState.DATA, packet, fromOriginator);
        }
    }

    private void updateDatagram(long at, int state, PacketView packet, boolean fromOriginator) {
        int session = entries.session(at);
        if (session >= 0) {
            inspect(at, session, packet, fromOriginator);
        } else if (isSkipped(at, state)) {
            skippedTests++;
        } else if (FlowState.tested(state) < FREE_TESTS
                && FlowState.givenUp(state) < FREE_SESSIONS
                && packet.protocol() == PacketView.PROTOCOL_UDP) {
            open(
                    at,
                    FlowState.addTested(state),
                    FrameGate.passesDatagram(packet),
                    false,
                    packet,
                    fromOriginator);
        }
    }

    private void inspect(long at, int session, PacketView packet, boolean fromOriginator) {
        inspectedPackets++;
        if (!suspects.onPacket(session, packet, fromOriginator, entries.view(at))) {
            entries.session(at, SuspectHandler.NO_SESSION);
            entries.state(at, FlowState.addGivenUp(entries.state(at)));
        }
    }

    private boolean isSkipped(long at, int state) {
        return untestedBits != 0
                && (entries.low(at) & untestedBits) != 0
                && FlowState.givenUp(state) == 0
                && !FlowState.isKnownEnd(state);
    }

    private void test(long at, int before, PacketView packet, boolean fromOriginator) {
        if (isSkipped(at, before)) {
            entries.state(at, before);
            skippedTests++;
            return;
        }
        boolean early = FlowState.tested(before) < FREE_TESTS;
        boolean free = early && FlowState.givenUp(before) < FREE_SESSIONS;
        boolean worthALook = free || isSlowAndSmall(entries.view(at));
        if (!early && !worthALook) {
            return;
        }
        Encryption kind = Encryption.of(packet);
        int state =
                early && kind.compareTo(Encryption.PIECE) > 0
                        ? before | FlowState.ENCRYPTED
                        : before;
        if (!worthALook) {
            entries.state(at, state);
            return;
        }
        boolean opens = FlowState.tested(before) == 0 && (before & FlowState.HANDSHAKE) != 0;
        boolean readable = Gate.passes(packet) || FrameGate.passes(packet, opens);
        boolean opaque =
                !readable
                        && (FlowState.isKnownEnd(before)
                                || takesUp(kind, before, entries.view(at)));
        open(at, FlowState.addTested(state), readable, opaque, packet, fromOriginator);
    }

    /// Ends a test: opens a session where it was passed.
    private void open(
            long at,
            int tested,
            boolean readable,
            boolean opaque,
            PacketView packet,
            boolean fromOriginator) {
        int state = tested;
        if (readable || opaque) {
            inspectedPackets++;
            int session =
                    readable
                            ? suspects.onSuspect(packet, fromOriginator, entries.view(at))
                            : suspects.onOpaque(packet, fromOriginator, entries.view(at));
            if (session >= 0) {
                entries.session(at, session);
            } else {
                state = FlowState.addGivenUp(state);
            }
        }
        entries.state(at, state);
    }

    /// Whether a flow that cannot be read is worth a session at this payload. A ServerHello is
    /// where nothing was before it: the client's side is not seen.
    private static boolean takesUp(Encryption kind, int before, FlowView flow) {
        return switch (kind) {
            case CLIENT_HELLO, SSH -> true;
            case SERVER_HELLO -> FlowState.tested(before) == 0;
            case PIECE -> FlowState.tested(before) == 0 && (before & FlowState.HANDSHAKE) != 0;
            case SMALL_DATA -> isSettled(flow);
            case NONE, OTHER_RECORD -> false;
        };
    }

    private static boolean isSettled(FlowView flow) {
        return flow.lastSeenNanos() - flow.firstSeenNanos() >= SETTLED_NANOS;
    }

    /// Mining is: a few small segments a minute, for days.
    private static boolean isSlowAndSmall(FlowView flow) {
        long seconds = (flow.lastSeenNanos() - flow.firstSeenNanos()) >> SECOND_LOG;
        return flow.octets() >> SLOW_OCTETS_LOG <= seconds + SLOW_GRACE;
    }

    /// Goes on round the table, so far that a round takes a part of the idle timeout.
    private void sweep(long now) {
        long elapsed = now - sweptNanos;
        if (sweptNanos == Long.MIN_VALUE || elapsed < 0) {
            sweptNanos = now;
            return;
        }
        double share = Math.min(1.0, (double) elapsed / sweepPeriodNanos);
        int due = (int) (share * entries.count());
        if (due < SWEEP_STEP) {
            return;
        }
        sweptNanos = now;
        for (int i = 0; i < due; i++) {
            sweepEntry(now);
        }
    }

    private void sweepEntry(long now) {
        long at = entries.at(nextIndex());
        while (FlowEntries.isOccupied(at) && endIfOver(at, now)) {
            entries.remove(at); // the next may have moved here
        }
    }

    /// Round the table, however it has grown meanwhile.
    private int nextIndex() {
        return hand++ & (entries.count() - 1);
    }

    private boolean endIfOver(long at, long now) {
        int state = entries.state(at);
        if (isIdle(at, state, now)) {
            endFlow(at, FlowState.isEnded(state) ? EndReason.END_OF_FLOW : EndReason.IDLE_TIMEOUT);
            if (FlowState.isEnded(state)) {
                ended++;
            } else {
                evictedIdle++;
            }
            return true;
        }
        if (FlowState.isEnded(state) && now - entries.lastSeen(at) > ENDED_GRACE_NANOS) {
            endFlow(at, EndReason.END_OF_FLOW);
            ended++;
            return true;
        }
        return false;
    }

    private void evict() {
        long victim = eviction.choose();
        endFlow(victim, EndReason.LACK_OF_RESOURCES);
        entries.remove(victim);
        evictedByPressure++;
    }

    private void endFlow(long at, EndReason reason) {
        countVisible(at, entries.state(at));
        int session = entries.session(at);
        if (session >= 0) {
            entries.session(at, SuspectHandler.NO_SESSION);
            suspects.onEnd(session, entries.view(at), reason);
        }
    }

    private void countVisible(long at, int state) {
        if ((state & FlowState.DATA) != 0) {
            dataFlows++;
            oneSidedFlows += entries.isOneSided(at) ? 1 : 0;
            encryptedFlows += (state & FlowState.ENCRYPTED) != 0 ? 1 : 0;
        }
    }
}
