package minewatch.sensor.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import minewatch.sensor.decode.PacketView;
import minewatch.sensor.flow.FlowView;
import minewatch.sensor.inspect.endpoint.KnownPool;
import minewatch.sensor.inspect.shape.Cadence;
import minewatch.sensor.inspect.shape.Shape;
import minewatch.sensor.inspect.tls.CertificateNames;
import minewatch.sensor.inspect.tls.ClientHello;
import minewatch.sensor.inspect.tls.ServerHello;
import minewatch.signatures.Dialect;
import org.jspecify.annotations.Nullable;

/// One flow that cannot be read: TLS, SSH, or unknown with the end of a known pool. What it says in
/// the clear is read (hellos, certificate), of the rest sizes and times are kept.
///
/// - **Thread:** the worker's own.
final class OpaqueSession {
    /// What the flow is.
    enum Kind {
        TLS("tls"),
        SSH("ssh"),
        UNKNOWN("");

        private final String protocol;

        Kind(String id) {
            protocol = id;
        }
    }

    private enum End {
        ORIGINATOR,
        RESPONDER,
        UNKNOWN;

        static End of(boolean originator) {
            return originator ? ORIGINATOR : RESPONDER;
        }
    }

    private static final String ISSUER = "tls.issuer";
    private static final int HTTPS = 443;

    /// Octets beyond which a flow is bulk, unless it took its time.
    static final long BULK_OCTETS = 96 << 10;

    static final long BULK_OCTETS_A_SECOND = 2 << 10;

    /// A side that is a coin's peer by its certificate.
    private record Peer(boolean isOriginator, Dialect dialect, String issuer) {}

    private final SessionEnds ends;
    private final Kind kind;
    private final boolean handshake;
    private final Surroundings around;
    private final Cadence cadence = new Cadence();
    private final @Nullable TlsStream originatorTls;
    private final @Nullable TlsStream responderTls;
    private final SegmentOrder originator;
    private final SegmentOrder responder;
    private boolean originatorSeen;
    private boolean responderSeen;
    private boolean harmless;
    private boolean bareHello;
    private End client = End.UNKNOWN;
    private String ja4 = "";
    private String ja4s = "";
    private @Nullable KnownPool bySni;
    private @Nullable KnownPool byCertificate;
    private double nameWeight;
    private final List<Peer> peers = new ArrayList<>(0); // two at most
    private long nowNanos;
    private long reportedMessages = -1;
    private long reportedPackets;
    private long reportedOctets;
    private long reportFromNanos;

    OpaqueSession(
            Kind kind,
            SessionEnds ends,
            boolean handshake,
            BufferBudget budget,
            Surroundings around) {
        this.kind = kind;
        this.ends = ends;
        this.handshake = handshake;
        this.around = around;
        if (kind == Kind.TLS) {
            originatorTls = new TlsStream(budget, new Side(true));
            responderTls = new TlsStream(budget, new Side(false));
            originator = new SegmentOrder(budget, originatorTls);
            responder = new SegmentOrder(budget, responderTls);
        } else {
            originatorTls = null;
            responderTls = null;
            originator = new SegmentOrder(budget, new Side(true));
            responder = new SegmentOrder(budget, new Side(false));
        }
    }

    /// @param payload the packet's payload, `payload[0, packet.payloadLength())`
    void onPacket(PacketView packet, boolean fromOriginator, byte[] payload) {
        nowNanos = packet.timestampNanos();
        if (packet.hasTcpFlag(PacketView.TCP_ACK)) {
            (fromOriginator ? responder : originator).onAcknowledged(packet.tcpAcknowledgement());
        }
        (fromOriginator ? originator : responder)
                .onSegment(
                        packet.tcpSequence() + (packet.hasTcpFlag(PacketView.TCP_SYN) ? 1 : 0),
                        payload,
                        packet.payloadLength(),
                        packet.payloadWireLength(),
                        nowNanos);
        if (packet.payloadLength() > 0) {
            originatorSeen |= fromOriginator;
            responderSeen |= !fromOriginator;
        }
    }

    /// Whether it is not worth its place: a browser, or bulk.
    boolean isHopeless(FlowView flow) {
        long seconds = (flow.lastSeenNanos() - flow.firstSeenNanos()) >> 30;
        return harmless || flow.octets() > BULK_OCTETS + BULK_OCTETS_A_SECOND * seconds;
    }

    void finish() {
        originator.finish();
        responder.finish();
    }

    void release() {
        originator.discard();
        responder.discard();
        if (originatorTls != null && responderTls != null) {
            originatorTls.release();
            responderTls.release();
        }
    }

    SessionView ends() {
        return ends;
    }

    long messages() {
        return cadence.added();
    }

    /// What there is to report since the last time. A coin's peer that looks like a miner is
    /// reported for that: an authority's name is easily copied.
    List<Finding> report(FlowView flow) {
        if (cadence.added() == reportedMessages) {
            return List.of();
        }
        boolean minerFirst = minerIsOriginator();
        Judgement judgement = judge(minerFirst);
        Verdict verdict = judgement.verdict();
        if (verdict == Verdict.NONE) {
            return reportPeers(flow);
        }
        Finding finding = finding(flow, minerFirst, judgement, verdict);
        reported(flow);
        return List.of(finding);
    }

    /// The sides that are a coin's peers, where there is anything new since the last report.
    List<Finding> reportPeers(FlowView flow) {
        if (peers.isEmpty() || cadence.added() == reportedMessages) {
            return List.of();
        }
        List<Finding> findings = peers.stream().map(peer -> finding(flow, peer)).toList();
        reported(flow);
        return findings;
    }

    private void reported(FlowView flow) {
        reportedMessages = cadence.added();
        reportedPackets = flow.packets();
        reportedOctets = flow.octets();
        reportFromNanos = flow.lastSeenNanos();
    }

    /// Every piece of evidence with its weight, for people.
    List<String> weights() {
        return Stream.concat(
                        judge(minerIsOriginator()).evidence().stream(),
                        peers.stream().map(this::evidence))
                .map(e ->
                        String.format(
                                Locale.ROOT,
                                "%s %+.1f (%s)",
                                e.signature(),
                                e.weight(),
                                e.excerpt()))
                .toList();
    }

    /// The verdict and how sure it is, for people.
    String outcome() {
        Judgement judgement = judge(minerIsOriginator());
        return String.format(
                Locale.ROOT,
                "verdict %s for a session that cannot be read: confidence %.2f",
                judgement.verdict().name().toLowerCase(Locale.ROOT),
                judgement.confidence());
    }

    /// Who said a hello tells best: a flow without its handshake may begin with the server.
    private boolean minerIsOriginator() {
        return switch (client) {
            case ORIGINATOR -> true;
            case RESPONDER -> false;
            case UNKNOWN -> minerIsOriginatorByShape();
        };
    }

    private boolean minerIsOriginatorByShape() {
        return handshake
                || Shape.of(cadence, true).answered() >= Shape.of(cadence, false).answered();
    }

    private Judgement judge(boolean minerFirst) {
        Judgement judgement = new Judgement(around.weights(), nowNanos, minerFirst);
        KnownPool byAddress = byAddress(minerFirst);
        judgement.name(bySni, "endpoint.sni", nameWeight, hello());
        judgement.name(byCertificate, "endpoint.certificate", nameWeight, ja4s);
        Shape shape = Shape.of(cadence, minerFirst);
        if (shape.hasShares()) {
            judgement.address(byAddress);
            judgement.shape(shape, around.blocks().inStep(shape.jobTimes()));
            judgement.leak(
                    around.plain()
                            .dialect(
                                    minerFirst ? ends.originatorHigh() : ends.responderHigh(),
                                    minerFirst ? ends.originatorLow() : ends.responderLow()));
            judgement.hello(bareHello, around.fingerprints().client(ja4), hello());
        }
        return judgement;
    }

    private @Nullable KnownPool byAddress(boolean minerFirst) {
        return minerFirst
                ? around.endpoints()
                        .byAddress(
                                ends.responderHigh(),
                                ends.responderLow(),
                                ends.responderPort(),
                                nowNanos)
                : around.endpoints()
                        .byAddress(
                                ends.originatorHigh(),
                                ends.originatorLow(),
                                ends.originatorPort(),
                                nowNanos);
    }

    private @Nullable KnownPool pool(boolean minerFirst) {
        KnownPool pool = null;
        for (KnownPool known : new KnownPool[] {bySni, byCertificate, byAddress(minerFirst)}) {
            pool = pool == null ? known : known == null ? pool : pool.and(known);
        }
        return pool;
    }

    private String hello() {
        return ja4s.isEmpty() ? ja4 : ja4 + " " + ja4s;
    }

    private Finding finding(
            FlowView flow, boolean minerFirst, Judgement judgement, Verdict verdict) {
        return new Finding(
                Finding.Parties.of(PacketView.PROTOCOL_TCP, ends, minerFirst),
                Dialect.opaque(kind.protocol),
                verdict,
                judgement.confidence(),
                judgement.evidence(),
                Finding.Said.nothing(pool(minerFirst)),
                Finding.Mined.nothing(),
                seen(flow));
    }

    private Finding finding(FlowView flow, Peer peer) {
        Finding.Evidence evidence = evidence(peer);
        return new Finding(
                Finding.Parties.of(PacketView.PROTOCOL_TCP, ends, peer.isOriginator),
                peer.dialect,
                Verdict.NODE,
                Verdict.confidence(evidence.weight(), Verdict.NODE),
                List.of(evidence),
                Finding.Said.nothing(null),
                Finding.Mined.nothing(),
                seen(flow));
    }

    private Finding.Evidence evidence(Peer peer) {
        double weight = around.weights().get(ISSUER).weight();
        return new Finding.Evidence(ISSUER, 1, weight, 1, nowNanos, peer.isOriginator, peer.issuer);
    }

    private Finding.Seen seen(FlowView flow) {
        return new Finding.Seen(
                reportFromNanos == 0 ? flow.firstSeenNanos() : reportFromNanos,
                flow.lastSeenNanos(),
                flow.packets() - reportedPackets,
                flow.octets() - reportedOctets,
                originatorSeen,
                responderSeen,
                handshake);
    }

    private void onClientHello(boolean byOriginator, byte[] data, int start, int end) {
        ClientHello hello = around.hello();
        if (!hello.read(data, start, end)) {
            return;
        }
        client = End.of(byOriginator);
        ja4 = hello.ja4();
        bareHello = hello.nameStart() == hello.nameEnd() && !hello.hasAlpn();
        bySni = around.endpoints().bySni(data, hello.nameStart(), hello.nameEnd(), nowNanos);
        if (bySni != null) {
            nameWeight =
                    around.endpoints().weight(data, hello.nameStart(), hello.nameEnd(), nowNanos);
        }
        harmless = around.isWebClient(data, start, end, ends.responderPort());
    }

    private void onServerHello(boolean byOriginator, byte[] data, int start, int end) {
        if (around.serverHello().read(data, start, end)) {
            client = End.of(!byOriginator);
            ja4s = around.serverHello().ja4s();
        }
    }

    /// The handshake is over. Where the client's part of it was not seen and the server's told
    /// nothing, nothing more will come of it that the middle of a flow does not tell as well.
    private void onFirstData() {
        harmless |=
                !ja4s.isEmpty()
                        && ja4.isEmpty()
                        && peers.isEmpty()
                        && byCertificate == null
                        && byAddress(true) == null
                        && byAddress(false) == null;
    }

    /// A certificate for all names below a pool's is its web site's as well: at the port of the web
    /// a visitor can be told from a miner by the ClientHello only.
    private boolean mayBeVisit(boolean byOriginator) {
        int port = byOriginator ? ends.originatorPort() : ends.responderPort();
        return ja4.isEmpty() && port == HTTPS;
    }

    private void onCertificate(boolean byOriginator, byte[] data, int start, int end) {
        String issuer = CertificateNames.issuer(data, start, end);
        Dialect coin = around.issuers().peer(issuer);
        if (coin != null && peers.stream().noneMatch(p -> p.isOriginator == byOriginator)) {
            peers.add(new Peer(byOriginator, coin, issuer));
        }
        if (mayBeVisit(byOriginator)) {
            return;
        }
        CertificateNames.read(
                data,
                start,
                end,
                (bytes, from, to) -> {
                    if (byCertificate == null) {
                        byCertificate = around.endpoints().byCertificate(bytes, from, to, nowNanos);
                        if (byCertificate != null) {
                            nameWeight =
                                    Math.max(
                                            nameWeight,
                                            around.endpoints().weight(bytes, from, to, nowNanos));
                        }
                    }
                });
    }

    /// One direction.
    private final class Side implements TlsStream.Handler, SegmentOrder.Handler {
        private final boolean byOriginator;

        Side(boolean byOriginator) {
            this.byOriginator = byOriginator;
        }

        @Override
        public void onHandshake(int type, byte[] data, int start, int end) {
            switch (type) {
                case ClientHello.TYPE -> onClientHello(byOriginator, data, start, end);
                case ServerHello.TYPE -> onServerHello(byOriginator, data, start, end);
                case CertificateNames.TYPE -> onCertificate(byOriginator, data, start, end);
                default -> {}
            }
        }

        @Override
        public void onData(int length, long timeNanos) {
            if (cadence.added() == 0) {
                onFirstData();
            }
            cadence.add(byOriginator, length, timeNanos);
        }

        @Override
        public void onBytes(byte[] data, int start, int end, long timeNanos) {
            cadence.addSegment(byOriginator, end - start, timeNanos);
        }

        @Override
        public void onGap() {}
    }
}
