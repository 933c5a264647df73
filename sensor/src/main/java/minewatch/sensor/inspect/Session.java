package minewatch.sensor.inspect;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.FlowView;
import minewatch.sensor.inspect.endpoint.EndpointWatch;
import minewatch.sensor.inspect.endpoint.HttpHost;
import minewatch.sensor.inspect.endpoint.KnownPool;
import minewatch.sensor.inspect.shape.BlockClock;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.Template;
import org.jspecify.annotations.Nullable;

/// One suspect flow under the eye: both directions put in order, cut into messages and held against
/// the pack.
///
/// It is given up when it has shown [#MESSAGES_WITHOUT_MATCH] messages or [#BYTES_WITHOUT_MATCH]
/// bytes and nothing of any dialect.
///
/// - **Thread:** the worker's own.
final class Session implements SessionView {
    static final int MESSAGES_WITHOUT_MATCH = 16;
    static final int BYTES_WITHOUT_MATCH = 64 << 10;
    static final int BYTES_WITHOUT_VERDICT = 1 << 20;

    /// Payload after which the dialogue is judged, and again after as much.
    private static final int JUDGED_EVERY = 64 << 10;

    private final long originatorHigh;
    private final long originatorLow;
    private final int originatorPort;
    private final long responderHigh;
    private final long responderLow;
    private final int responderPort;
    private final int ipProtocol;
    private final Dialogue dialogue;
    private final Exchange exchange;
    private final MessageFramer originatorFramer;
    private final MessageFramer responderFramer;
    private final SegmentOrder originator;
    private final SegmentOrder responder;
    private final boolean handshake;
    private boolean originatorSeen;
    private boolean responderSeen;
    private long payloadBytes;
    private long judgedAt = JUDGED_EVERY;
    private boolean settled;
    private boolean hopeless;
    private long reportedPackets;
    private long reportedOctets;
    private long reportFromNanos;
    private byte @Nullable [] host;
    private @Nullable Tunnel tunnel;

    /// Hears one side.
    private final class Listener implements MessageFramer.Handler {
        private final boolean originator;

        Listener(boolean originator) {
            this.originator = originator;
        }

        @Override
        public void onText(byte[] data, int start, int end, long timeNanos) {
            dialogue.onText(originator, data, start, end, timeNanos);
        }

        @Override
        public int onFirstText(byte[] data, int start, int end, long timeNanos) {
            return dialogue.onFirstText(originator, data, start, end, timeNanos);
        }

        @Override
        public void onHead(byte[] data, int start, int end, long timeNanos) {
            dialogue.onHead(originator, data, start, end, timeNanos);
        }

        @Override
        public void onBody(byte[] data, int start, int end, long timeNanos) {
            dialogue.onBody(originator, data, start, end, timeNanos);
        }

        /// Of proxies behind proxies the last that was asked for is nearest to the pool.
        @Override
        public void onTunnel(Tunnel to) {
            tunnel = to;
        }
    }

    Session(
            PacketView packet,
            boolean fromOriginator,
            boolean handshake,
            SignaturePack pack,
            Hearing heard,
            BufferBudget budget,
            BlockClock blocks,
            @Nullable Trace trace) {
        this.originatorHigh = fromOriginator ? packet.sourceHigh() : packet.destinationHigh();
        this.originatorLow = fromOriginator ? packet.sourceLow() : packet.destinationLow();
        this.originatorPort = fromOriginator ? packet.sourcePort() : packet.destinationPort();
        this.responderHigh = fromOriginator ? packet.destinationHigh() : packet.sourceHigh();
        this.responderLow = fromOriginator ? packet.destinationLow() : packet.sourceLow();
        this.responderPort = fromOriginator ? packet.destinationPort() : packet.sourcePort();
        this.ipProtocol = packet.protocol();
        this.handshake = handshake;
        this.dialogue = new Dialogue(pack, heard, budget, this, blocks, trace);
        this.exchange = new Exchange(budget, handshake);
        this.originatorFramer = framer(budget, true);
        this.responderFramer = framer(budget, false);
        this.originator = new SegmentOrder(budget, originatorFramer);
        this.responder = new SegmentOrder(budget, responderFramer);
    }

    private MessageFramer framer(BufferBudget budget, boolean ofOriginator) {
        MessageFramer.Handler listener = new Listener(ofOriginator);
        return new MessageFramer(
                budget,
                ipProtocol == PacketView.PROTOCOL_TCP
                        ? exchange.streamReaders(listener)
                        : exchange.datagramReaders(listener));
    }

    /// Whether more would add nothing to what is known in this interval: a coin's peer carries
    /// much, and once it is recognised its blocks need not be read.
    boolean isSettled() {
        return settled;
    }

    private void judge() {
        judgedAt = payloadBytes + JUDGED_EVERY;
        Score best = dialogue.best();
        Account account = best == null ? null : dialogue.account(best.dialect());
        if (best != null && account != null) {
            Verdict verdict = best.verdict(account.dialect().claim());
            settled = verdict == Verdict.NODE;
            hopeless = verdict == Verdict.NONE && payloadBytes >= BYTES_WITHOUT_VERDICT;
        }
    }

    /// Reads on after what was not read.
    private void unsettle() {
        settled = false;
        judgedAt = payloadBytes + JUDGED_EVERY;
        originator.restart();
        responder.restart();
    }

    /// Loads what a packet of this flow will need, so that memory fetches it for many flows side by
    /// side. Each step follows references that the one before has loaded, one further.
    long touch(boolean fromOriginator, int step) {
        MessageFramer framer = fromOriginator ? originatorFramer : responderFramer;
        return switch (step) {
            case 0 -> payloadBytes + originatorPort + (tunnel == null ? 0 : 1);
            case 1 -> dialogue.touch(0) + framer.touch(0) + originator.touch() + responder.touch();
            default -> dialogue.touch(step - 1) + framer.touch(step - 1);
        };
    }

    /// @param payload the packet's payload, `payload[0, packet.payloadLength())`
    void onPacket(PacketView packet, boolean fromOriginator, byte[] payload) {
        if (packet.payloadLength() > 0) {
            if (host == null && payloadBytes < BYTES_WITHOUT_MATCH) {
                host = HttpHost.find(payload, packet.payloadLength());
            }
            payloadBytes += packet.payloadLength();
            originatorSeen |= fromOriginator;
            responderSeen |= !fromOriginator;
        }
        if (payloadBytes >= judgedAt) {
            judge();
        }
        if (ipProtocol == PacketView.PROTOCOL_TCP) {
            onSegment(packet, fromOriginator, payload);
        } else {
            onDatagram(packet, fromOriginator, payload);
        }
    }

    /// A datagram is whole: nothing of one before belongs to it.
    private void onDatagram(PacketView packet, boolean fromOriginator, byte[] payload) {
        MessageFramer framer = fromOriginator ? originatorFramer : responderFramer;
        framer.onGap();
        if (packet.payloadLength() > 0) {
            framer.onBytes(payload, 0, packet.payloadLength(), packet.timestampNanos());
        }
    }

    private void onSegment(PacketView packet, boolean fromOriginator, byte[] payload) {
        SegmentOrder sender = fromOriginator ? originator : responder;
        SegmentOrder receiver = fromOriginator ? responder : originator;
        if (packet.hasTcpFlag(PacketView.TCP_ACK)) {
            receiver.onAcknowledged(packet.tcpAcknowledgement());
        }
        int sequence = packet.tcpSequence() + (packet.hasTcpFlag(PacketView.TCP_SYN) ? 1 : 0);
        sender.onSegment(
                sequence,
                payload,
                packet.payloadLength(),
                packet.payloadWireLength(),
                packet.timestampNanos());
    }

    boolean isHopeless() {
        return hopeless
                || dialogue.matchedMessages() == 0
                        && (dialogue.messages() >= MESSAGES_WITHOUT_MATCH
                                || payloadBytes >= BYTES_WITHOUT_MATCH
                                || exchange.isRefuted());
    }

    void finish() {
        originator.finish();
        responder.finish();
    }

    void release() {
        dialogue.release();
        originator.discard();
        responder.discard();
        originatorFramer.release();
        responderFramer.release();
    }

    Dialogue dialogue() {
        return dialogue;
    }

    /// What there is to report since the last time; null if the dialogue is no dialect's, or
    /// nothing new was said.
    ///
    /// @param watch tells what is known of the pool
    @Nullable Finding report(FlowView flow, EndpointWatch watch) {
        Score best = dialogue.best();
        Account account = best == null ? null : dialogue.account(best.dialect());
        if (best == null || account == null) {
            return null;
        }
        Verdict verdict = best.verdict(account.dialect().claim());
        List<Finding.Evidence> evidence = evidence(best.dialect(), account);
        if (verdict == Verdict.NONE || evidence.isEmpty()) {
            return null;
        }
        Finding finding = finding(flow, best, verdict, account, evidence, watch);
        dialogue.startInterval();
        if (settled) {
            unsettle();
        }
        reportedPackets = flow.packets();
        reportedOctets = flow.octets();
        reportFromNanos = flow.lastSeenNanos();
        return finding;
    }

    private Finding finding(
            FlowView flow,
            Score best,
            Verdict verdict,
            Account account,
            List<Finding.Evidence> evidence,
            EndpointWatch watch) {
        boolean minerFirst = dialogue.minerIsOriginator();
        boolean minerSeen = minerFirst ? originatorSeen : responderSeen;
        boolean poolSeen = minerFirst ? responderSeen : originatorSeen;
        boolean tellsShares = account.dialect().tellsShares();
        boolean answersSeen = tellsShares && poolSeen && account.answersShares();
        KnownPool pool = pool(watch, minerFirst, flow.lastSeenNanos());
        ShareCheck.Reading reading = account.reading(pool == null ? null : pool.work());
        long firstNanos = reportFromNanos == 0 ? flow.firstSeenNanos() : reportFromNanos;
        return new Finding(
                Finding.Parties.of(ipProtocol, this, minerFirst),
                account.dialect(),
                verdict,
                best.confidence(),
                evidence,
                new Finding.Said(
                        account.agents.list(),
                        account.accounts.list(),
                        account.workers.list(),
                        pool,
                        account.pool(),
                        tunnel),
                new Finding.Mined(
                        reading.algorithm(),
                        reading.presumed(),
                        tellsShares && minerSeen ? account.submitted() : null,
                        answersSeen ? account.accepted() : null,
                        answersSeen ? account.rejected() : null,
                        account.work(answersSeen, reading, firstNanos, flow.lastSeenNanos()),
                        account.statedRate()),
                new Finding.Seen(
                        firstNanos,
                        flow.lastSeenNanos(),
                        flow.packets() - reportedPackets,
                        flow.octets() - reportedOctets,
                        originatorSeen,
                        responderSeen,
                        handshake));
    }

    private @Nullable KnownPool pool(EndpointWatch watch, boolean minerFirst, long nanos) {
        KnownPool byAddress = otherEnd(watch, minerFirst, nanos);
        KnownPool byHost = host == null ? null : watch.byHost(host, nanos);
        return byHost == null ? byAddress : byAddress == null ? byHost : byHost.and(byAddress);
    }

    /// The address of a proxy says nothing of the pool beyond it.
    private @Nullable KnownPool otherEnd(EndpointWatch watch, boolean minerFirst, long nanos) {
        Tunnel beyond = tunnel;
        if (beyond != null) {
            return watch.byHost(beyond.host().getBytes(StandardCharsets.ISO_8859_1), nanos);
        }
        return minerFirst
                ? watch.byAddress(responderHigh, responderLow, responderPort, nanos)
                : watch.byAddress(originatorHigh, originatorLow, originatorPort, nanos);
    }

    private List<Finding.Evidence> evidence(int dialect, Account account) {
        List<Finding.Evidence> evidence = new ArrayList<>();
        for (Tally tally : dialogue.tallies()) {
            Template template = tally.template;
            if (template.dialect() == dialect && tally.count > 0) {
                evidence.add(
                        new Finding.Evidence(
                                template.id(),
                                account.dialect().revision(),
                                template.weight(),
                                tally.count,
                                tally.firstNanos,
                                tally.fromOriginator,
                                Excerpt.text(tally.excerpt, 0, tally.excerpt.length)));
            }
        }
        return evidence;
    }

    /// Every shape that matched with its weight, for people.
    List<String> weights() {
        return dialogue.tallies().stream()
                .map(tally ->
                        String.format(
                                Locale.ROOT,
                                "%s ×%d %+.1f (group %s)",
                                tally.template.id(),
                                tally.total,
                                Score.weight(tally),
                                tally.template.group()))
                .toList();
    }

    @Override
    public long originatorHigh() {
        return originatorHigh;
    }

    @Override
    public long originatorLow() {
        return originatorLow;
    }

    @Override
    public int originatorPort() {
        return originatorPort;
    }

    @Override
    public long responderHigh() {
        return responderHigh;
    }

    @Override
    public long responderLow() {
        return responderLow;
    }

    @Override
    public int responderPort() {
        return responderPort;
    }
}
