package minewatch.sensor.decode;

import java.lang.foreign.MemorySegment;
import minewatch.sensor.capture.FrameHandler;

/// Finds the innermost IP packet in a frame and its transport header, in place. Every frame ends as
/// one packet, one [DecodeAnomaly] or one [NonIpFrame].
///
/// The layers, in the order a packet has them: [LinkLayer] with [WirelessLink], [PppLink] and
/// [MplsLabels]; [IpLayer] with [FragmentTable]; [TransportLayer]; then [ProtocolTunnels], told by
/// the IP protocol, and [PortTunnels], told by no more than a UDP port; both lead back to a link or
/// to IP. A layer ends by calling the next one, [#deliver] or [#reject], and always as its last
/// act.
///
/// A tunnel's content that is not IP leaves the packet around it. Content that is malformed is an
/// anomaly, unless the tunnel is a guess: then again the packet around it is what there is.
///
/// Lengths come from the headers, so Ethernet padding is never payload. Where a header announces
/// more than the frame had on the wire, the wire's length holds; where the capture was cut short,
/// the view says both what is held and what there was.
///
/// Throws on no input and allocates nothing.
public final class Decoder implements FrameHandler {
    /// Packets handed on before [PacketHandler#onBatchEnd()].
    public static final int BATCH = 128;

    public static final int MAX_VLAN_TAGS = 4; // in a row
    public static final int MAX_EXTENSION_HEADERS = 8; // of one IPv6 packet
    public static final int MAX_TUNNELS = 4;

    final ProtocolTunnels protocolTunnels = new ProtocolTunnels(this);
    final PortTunnels portTunnels = new PortTunnels(this);
    final TransportLayer transport = new TransportLayer(this);
    final IpLayer ip = new IpLayer(this, transport);
    final MplsLabels mpls = new MplsLabels(this);
    final PppLink ppp = new PppLink(this);
    final WirelessLink wireless = new WirelessLink(this);
    final LinkLayer link = new LinkLayer(this, ip);

    private final PacketHandler next;
    private final PacketView[] views = new PacketView[BATCH];
    private final EnclosingPacket enclosing = new EnclosingPacket();
    private final Counts<DecodeAnomaly> anomalies = new Counts<>(DecodeAnomaly.class);
    private final Counts<NonIpFrame> nonIpFrames = new Counts<>(NonIpFrame.class);
    private PacketView view;
    private long heldEnd; // of the layer being decoded, in the block: captured bytes,
    private long wireEnd; // and octets on the wire; an outer packet bounds its inner one
    private int batched;
    private long frames;
    private long packets;

    public Decoder(PacketHandler next) {
        this.next = next;
        for (int i = 0; i < BATCH; i++) {
            views[i] = new PacketView();
        }
        view = views[0];
    }

    @Override
    public void onFrame(
            MemorySegment block,
            long offset,
            int capturedLength,
            int wireLength,
            long timestampNanos,
            int linkType) {
        frames++;
        PacketView packet = view;
        packet.block = block;
        packet.frameOffset = offset;
        packet.capturedLength = capturedLength;
        packet.wireLength = wireLength;
        heldEnd = offset + capturedLength;
        wireEnd = offset + wireLength;
        packet.timestampNanos = timestampNanos;
        packet.vlan = PacketView.NO_VLAN;
        packet.tunnels = 0;
        link.decode(packet, offset, linkType);
    }

    @Override
    public void onBatchEnd() {
        endBatch();
    }

    /// Frames seen: the sum of [#packets()], all [#anomalies(DecodeAnomaly)] and all
    /// [#nonIpFrames(NonIpFrame)].
    public long frames() {
        return frames;
    }

    /// Views handed on.
    public long packets() {
        return packets;
    }

    public long anomalies(DecodeAnomaly kind) {
        return anomalies.get(kind);
    }

    public long nonIpFrames(NonIpFrame kind) {
        return nonIpFrames.get(kind);
    }

    /// IP packets, be they around others, that were the first fragment of a longer one; decoded as
    /// far as they go.
    public long firstFragments() {
        return ip.firstFragments();
    }

    /// IP packets without a transport header, since they were another fragment than the first.
    public long laterFragments() {
        return ip.laterFragments();
    }

    /// Of [#laterFragments()], those whose first fragment is not known.
    public long unmatchedFragments() {
        return ip.unmatchedFragments();
    }

    /// Captured bytes of this layer from `at` on; below 0 where `at` lies past them.
    int held(long at) {
        return (int) (heldEnd - at);
    }

    /// Octets of this layer that there were on the wire from `at` on.
    int onWire(long at) {
        return (int) (wireEnd - at);
    }

    /// What follows lies within a layer that ends here.
    void endAt(long end) {
        wireEnd = Math.min(wireEnd, end);
        heldEnd = Math.min(heldEnd, end);
    }

    /// Goes into a tunnel that an IP packet carries, which bounds what follows. The last act of a
    /// layer that gets false for an answer: the frame has ended then.
    ///
    /// @param at where the IP packet's payload starts
    /// @param length of that payload on the wire
    /// @param guess whether only a port suggests the tunnel
    boolean enterIp(PacketView packet, long at, int length, boolean guess) {
        if (!isDeeper(packet)) {
            return false;
        }
        enclosing.keep(packet, at, length, heldEnd, guess);
        packet.tunnels++;
        endAt(at + length);
        return true;
    }

    /// Goes into an Ethernet frame that another link layer carries; as [#enterIp].
    boolean enterEthernet(PacketView packet) {
        if (!isDeeper(packet)) {
            return false;
        }
        packet.tunnels++;
        return true;
    }

    private boolean isDeeper(PacketView packet) {
        if (packet.tunnels == 0) {
            enclosing.clear();
        }
        if (packet.tunnels == MAX_TUNNELS) {
            reject(packet, DecodeAnomaly.TUNNEL_TOO_DEEP);
            return false;
        }
        return true;
    }

    void deliver(PacketView packet, long payloadAt, int payloadWireLength) {
        packet.payloadOffset = payloadAt;
        packet.payloadWireLength = payloadWireLength;
        packet.payloadLength = Math.max(0, Math.min(payloadWireLength, held(payloadAt)));
        packets++;
        next.onPacket(packet);
        if (++batched == BATCH) {
            endBatch();
        } else {
            view = views[batched];
        }
    }

    void reject(PacketView packet, DecodeAnomaly kind) {
        if (packet.tunnels > 0 && enclosing.isGuessed()) {
            deliverEnclosing(packet);
        } else {
            anomalies.add(kind);
        }
    }

    void reject(PacketView packet, NonIpFrame kind) {
        if (packet.tunnels > 0 && enclosing.isKept()) {
            deliverEnclosing(packet);
        } else {
            nonIpFrames.add(kind);
        }
    }

    private void deliverEnclosing(PacketView packet) {
        enclosing.restore(packet);
        heldEnd = enclosing.heldEnd();
        deliver(packet, enclosing.payloadOffset(), enclosing.payloadWireLength());
    }

    private void endBatch() {
        batched = 0;
        view = views[0];
        next.onBatchEnd();
    }
}
