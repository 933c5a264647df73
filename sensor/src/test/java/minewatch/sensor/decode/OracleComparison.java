package minewatch.sensor.decode;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.Packet;

/// Holds our reading of one frame against pcap4j's.
final class OracleComparison {
    /// How the two readings stand. All but the first two are differences; the list is closed.
    enum Outcome {
        /// Addresses, protocol, ports and payload length are the same.
        SAME_PACKET,
        /// Neither finds an IP packet.
        SAME_NONE,
        /// pcap4j has no class for the link type, and neither have we.
        LINK_UNKNOWN_TO_BOTH,
        /// pcap4j has no class for the link type, and we have.
        LINK_UNKNOWN_TO_PCAP4J,
        /// pcap4j's factories know neither MPLS nor PPPoE nor provider backbones nor SNAP.
        PCAP4J_KNOWS_NO_SUCH_LAYER,
        /// pcap4j takes a tunnel for payload; we give the packet in it, or say what is wrong there.
        PCAP4J_OPENS_NO_TUNNEL,
        /// pcap4j throws for the whole frame, where we find an IP packet.
        PCAP4J_THROWS,
        /// pcap4j's factory takes 0x88a8 and 0x9100 for unknown EtherTypes.
        PCAP4J_KNOWS_ONE_VLAN_TAG,
        /// pcap4j stops at an authentication header; we go on behind it.
        PCAP4J_STOPS_AT_AH,
        /// pcap4j leaves a first fragment (also one that is the whole packet) opaque; we read its
        /// transport header.
        PCAP4J_LEAVES_FRAGMENTS_OPAQUE,
        /// pcap4j ends an IPv6 options header after the last option it knows, not where the
        /// header's length says; what follows starts elsewhere then.
        PCAP4J_MISPLACES_OPTIONS_END,
        /// pcap4j parses DNS, ICMP and the like, and its packet ends before the payload does.
        PCAP4J_PARSES_LESS_THAN_THE_PAYLOAD,
        /// pcap4j refuses a transport header that we read as far as it goes: UDP length 0 (a
        /// segment beyond 64 KiB), TCP options cut by the snap length.
        PCAP4J_REFUSES_TRANSPORT,
        /// pcap4j does not look at the version field; we count an anomaly.
        PCAP4J_IGNORES_VERSION,
        /// pcap4j gives the IP header of a packet whose transport or extension header is unusable;
        /// we count an anomaly.
        PCAP4J_GIVES_HALF_A_PACKET,
        /// Anything else: a defect, of theirs or ours, that nobody has looked into.
        UNEXPLAINED
    }

    private static final Set<Integer> LAYERS_OF_OURS =
            Set.of(
                    EtherType.MPLS,
                    EtherType.MPLS_MULTICAST,
                    EtherType.PPPOE_SESSION,
                    EtherType.BACKBONE);
    private static final Set<Integer> TUNNELS = Set.of(4, 41, 47, 137); // IP protocols

    private OracleComparison() {}

    static Outcome compare(int linkType, byte[] frame, int wireLength) {
        Decoding decoding = new Decoding().frame(linkType, frame, wireLength);
        boolean found = !decoding.packets.isEmpty();
        Packet parsed;
        try {
            parsed = Pcap4jOracle.parse(linkType, frame);
        } catch (IllegalRawDataException | RuntimeException e) {
            return found ? Outcome.PCAP4J_THROWS : Outcome.SAME_NONE;
        }
        if (parsed == null) {
            return decoding.decoder.anomalies(DecodeAnomaly.LINK_UNSUPPORTED) == 1
                    ? Outcome.LINK_UNKNOWN_TO_BOTH
                    : Outcome.LINK_UNKNOWN_TO_PCAP4J;
        }
        Pcap4jOracle.Reading theirs = Pcap4jOracle.read(parsed);
        if (!found) {
            return theirs == null ? Outcome.SAME_NONE : onlyTheirs(decoding.decoder, theirs);
        }
        return theirs == null ? onlyOurs(linkType, frame) : both(decoding, parsed, theirs);
    }

    private static Outcome onlyOurs(int linkType, byte[] frame) {
        if (linkType == LinkType.PPP && (frame[2] == 2 || frame[0] == 2)) { // MPLS
            return Outcome.PCAP4J_KNOWS_NO_SUCH_LAYER;
        }
        for (int at = 12; at + 4 < frame.length; at += 4) {
            int etherType = ((frame[at] & 0xFF) << 8) | (frame[at + 1] & 0xFF);
            if (etherType == EtherType.QINQ || etherType == EtherType.QINQ_OLD) {
                return Outcome.PCAP4J_KNOWS_ONE_VLAN_TAG;
            }
            if (LAYERS_OF_OURS.contains(etherType) || etherType < EtherType.SMALLEST) {
                return Outcome.PCAP4J_KNOWS_NO_SUCH_LAYER;
            }
            if (etherType != EtherType.VLAN) {
                return Outcome.UNEXPLAINED;
            }
        }
        return Outcome.UNEXPLAINED;
    }

    private static Outcome onlyTheirs(Decoder decoder, Pcap4jOracle.Reading theirs) {
        DecodeAnomaly kind = anomaly(decoder);
        if (kind == null) {
            return Outcome.UNEXPLAINED;
        }
        if (theirs.protocol() == Pcap4jOracle.AUTHENTICATION) {
            return Outcome.PCAP4J_STOPS_AT_AH;
        }
        if (TUNNELS.contains(theirs.protocol())) {
            return Outcome.PCAP4J_OPENS_NO_TUNNEL;
        }
        return switch (kind) {
            case IPV4_BAD_VERSION, IPV6_BAD_VERSION -> Outcome.PCAP4J_IGNORES_VERSION;
            case IPV6_EXTENSION_TRUNCATED,
                    IPV6_TOO_MANY_EXTENSIONS,
                    FRAGMENT_TOO_SHORT,
                    FRAGMENT_OVERLAPS_HEADER,
                    TCP_TRUNCATED,
                    TCP_BAD_HEADER_LENGTH,
                    UDP_TRUNCATED,
                    UDP_BAD_LENGTH ->
                    Outcome.PCAP4J_GIVES_HALF_A_PACKET;
            default -> Outcome.UNEXPLAINED;
        };
    }

    private static @Nullable DecodeAnomaly anomaly(Decoder decoder) {
        for (DecodeAnomaly kind : DecodeAnomaly.values()) {
            if (decoder.anomalies(kind) > 0) {
                return kind;
            }
        }
        return null;
    }

    private static Outcome both(Decoding decoding, Packet parsed, Pcap4jOracle.Reading theirs) {
        Decoding.Decoded ours = decoding.only();
        if (reading(ours).equals(theirs)) {
            return Outcome.SAME_PACKET;
        }
        if (ours.tunnels() > 0) {
            return Outcome.PCAP4J_OPENS_NO_TUNNEL;
        }
        if (!sameAddresses(ours, theirs)) {
            return Outcome.UNEXPLAINED;
        }
        if (theirs.protocol() == Pcap4jOracle.AUTHENTICATION) {
            return Outcome.PCAP4J_STOPS_AT_AH;
        }
        if (Pcap4jOracle.hasOptionsHeader(parsed)) {
            return Outcome.PCAP4J_MISPLACES_OPTIONS_END;
        }
        if (ours.protocol() != theirs.protocol()) {
            return Outcome.UNEXPLAINED;
        }
        if (Pcap4jOracle.isFragment(parsed)) {
            return Outcome.PCAP4J_LEAVES_FRAGMENTS_OPAQUE;
        }
        if (Pcap4jOracle.holdsIllegal(parsed) && theirs.payloadLength() > ours.payloadLength()) {
            return Outcome.PCAP4J_REFUSES_TRANSPORT;
        }
        if (theirs.sourcePort() != ours.sourcePort()
                || theirs.destinationPort() != ours.destinationPort()) {
            return Outcome.UNEXPLAINED;
        }
        return theirs.payloadLength() < ours.payloadLength()
                ? Outcome.PCAP4J_PARSES_LESS_THAN_THE_PAYLOAD
                : Outcome.UNEXPLAINED;
    }

    private static boolean sameAddresses(Decoding.Decoded ours, Pcap4jOracle.Reading theirs) {
        return ours.sourceHigh() == theirs.sourceHigh()
                && ours.sourceLow() == theirs.sourceLow()
                && ours.destinationHigh() == theirs.destinationHigh()
                && ours.destinationLow() == theirs.destinationLow();
    }

    static Pcap4jOracle.Reading reading(Decoding.Decoded ours) {
        return new Pcap4jOracle.Reading(
                ours.sourceHigh(),
                ours.sourceLow(),
                ours.destinationHigh(),
                ours.destinationLow(),
                ours.protocol(),
                ours.sourcePort(),
                ours.destinationPort(),
                ours.payloadLength());
    }
}
