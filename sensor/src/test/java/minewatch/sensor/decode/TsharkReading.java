package minewatch.sensor.decode;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What tshark makes of a frame: its innermost IP packet that is no part of an ICMP message.
record TsharkReading(
        String layers,
        boolean found,
        String source,
        String destination,
        String transport,
        int sourcePort,
        int destinationPort,
        int payload) {

    /// How the two readings stand. All but the first two are differences; the list is closed.
    enum Outcome {
        /// Addresses, protocol, ports and payload length are the same.
        SAME_PACKET,
        /// Neither finds an IP packet.
        SAME_NONE,
        /// A link type that we do not decode: frame relay, NFLOG, PKTAP and others.
        LINK_UNKNOWN_TO_US,
        /// An EtherType that we do not decode: NSH, MACsec, FabricPath; or not in LLC's standard
        /// form.
        ETHERTYPE_UNKNOWN_TO_US,
        /// A tunnel that we do not open: GRE in UDP, with 802.11 or WCCP, NSH in VXLAN-GPE, and
        /// copies of packets in sFlow, NHRP and PIM, which are none.
        TUNNEL_UNKNOWN_TO_US,
        /// A tunnel told by its port whose header or content is not right to the last field.
        TUNNEL_NOT_GUESSED_BY_US,
        /// We name an anomaly; tshark gives what it can read of the packet.
        ANOMALY_TO_US,
        /// tshark gives the length a UDP header announces, and we what there was of it; of a
        /// fragmented TCP segment tshark gives none.
        TSHARK_GIVES_NO_LENGTH_ON_WIRE,
        /// tshark stops where a length is 0 or beyond 64 KiB; we take the rest of the frame.
        TSHARK_STOPS_AT_LENGTH_OF_ZERO,
        /// tshark gives the addresses that source routes and home addresses lead to.
        TSHARK_GIVES_ROUTED_ADDRESSES,
        /// tshark reads nothing behind an option that is longer than its header.
        TSHARK_STOPS_AT_DESTINATION_OPTIONS,
        /// Under MPLS an Ethernet address that begins with 0 looks like a control word.
        TSHARK_TAKES_AN_ADDRESS_FOR_A_CONTROL_WORD,
        /// Anything else: a defect, of theirs or ours, that nobody has looked into.
        UNEXPLAINED
    }

    static final List<String> FIELDS =
            List.of(
                    "frame.number",
                    "frame.protocols",
                    "ip.src",
                    "ip.dst",
                    "ipv6.src",
                    "ipv6.dst",
                    "tcp.srcport",
                    "tcp.dstport",
                    "tcp.len",
                    "udp.srcport",
                    "udp.dstport",
                    "udp.length");

    private static final int UDP_HEADER = 8;
    private static final int NO_LENGTH = -1;

    static TsharkReading of(String line) {
        String[] fields = line.split("\t", -1);
        String source = "";
        String destination = "";
        String transport = "";
        int[] seen = new int[4]; // IPv4, IPv6, TCP, UDP
        for (String layer : fields[1].split(":", -1)) {
            if (layer.startsWith("icmp")) {
                break;
            }
            switch (layer) {
                case "ip" -> {
                    source = nth(fields[2], seen[0]);
                    destination = nth(fields[3], seen[0]++);
                    transport = "";
                }
                case "ipv6" -> {
                    source = nth(fields[4], seen[1]);
                    destination = nth(fields[5], seen[1]++);
                    transport = "";
                }
                case "tcp" -> {
                    transport = layer;
                    seen[2]++;
                }
                case "udp" -> {
                    transport = layer;
                    seen[3]++;
                }
                default -> {}
            }
        }
        int at = transport.equals("tcp") ? 6 : 9;
        int n = seen[transport.equals("tcp") ? 2 : 3] - 1;
        boolean ports = !transport.isEmpty();
        return new TsharkReading(
                fields[1],
                !source.isEmpty(),
                source,
                destination,
                transport,
                ports ? number(nth(fields[at], n)) : 0,
                ports ? number(nth(fields[at + 1], n)) : 0,
                ports ? number(nth(fields[at + 2], n)) - (at == 9 ? UDP_HEADER : 0) : 0);
    }

    /// @param none why there is no packet: an anomaly, or what else the frame holds
    Outcome compare(Decoding.@Nullable Decoded ours, @Nullable Object none) {
        if (ours == null) {
            return !found ? Outcome.SAME_NONE : onlyTheirs(none);
        }
        if (isSame(ours)) {
            return Outcome.SAME_PACKET;
        }
        if (ours.ipLength() > 0xFFFF) {
            return Outcome.TSHARK_STOPS_AT_LENGTH_OF_ZERO;
        }
        if (!areSameAddresses(ours)) {
            return otherAddresses(ours);
        }
        if (layers.endsWith("dstopts")) {
            return Outcome.TSHARK_STOPS_AT_DESTINATION_OPTIONS;
        }
        boolean samePorts =
                sourcePort == ours.sourcePort() && destinationPort == ours.destinationPort();
        if (samePorts && transport.equals("udp") && payload > ours.payloadWireLength()
                || samePorts && transport.equals("tcp") && payload == NO_LENGTH) {
            return Outcome.TSHARK_GIVES_NO_LENGTH_ON_WIRE;
        }
        return samePorts && payload < 0
                ? Outcome.TSHARK_STOPS_AT_LENGTH_OF_ZERO
                : Outcome.UNEXPLAINED;
    }

    private static Outcome onlyTheirs(@Nullable Object none) {
        return switch (none) {
            case DecodeAnomaly.LINK_UNSUPPORTED -> Outcome.LINK_UNKNOWN_TO_US;
            case DecodeAnomaly _ -> Outcome.ANOMALY_TO_US;
            case NonIpFrame.OTHER, NonIpFrame.LLC -> Outcome.ETHERTYPE_UNKNOWN_TO_US;
            case null, default -> Outcome.UNEXPLAINED;
        };
    }

    private Outcome otherAddresses(Decoding.Decoded ours) {
        if (layers.matches(".*(udp:gre|gre:wlan|gre:ip:|gre:eth|nsh|sflow|nhrp|pim).*")) {
            return Outcome.TUNNEL_UNKNOWN_TO_US;
        }
        if (layers.contains("pwethheuristic")) {
            return Outcome.TSHARK_TAKES_AN_ADDRESS_FOR_A_CONTROL_WORD;
        }
        if (PortTunnels.of(ours.sourcePort(), ours.destinationPort()) != PortTunnels.NONE) {
            return Outcome.TUNNEL_NOT_GUESSED_BY_US;
        }
        boolean oneIsSame =
                same(source, ours.sourceHigh(), ours.sourceLow())
                        || same(destination, ours.destinationHigh(), ours.destinationLow());
        return oneIsSame ? Outcome.TSHARK_GIVES_ROUTED_ADDRESSES : Outcome.UNEXPLAINED;
    }

    private boolean isSame(Decoding.Decoded ours) {
        boolean addresses = areSameAddresses(ours);
        if (!addresses || ours.laterFragment()) {
            return addresses && transport.isEmpty();
        }
        return switch (ours.protocol()) {
            case PacketView.PROTOCOL_TCP, PacketView.PROTOCOL_UDP ->
                    transport.equals(ours.protocol() == PacketView.PROTOCOL_TCP ? "tcp" : "udp")
                            && sourcePort == ours.sourcePort()
                            && destinationPort == ours.destinationPort()
                            && payload == ours.payloadWireLength();
            default -> transport.isEmpty();
        };
    }

    private boolean areSameAddresses(Decoding.Decoded ours) {
        return same(source, ours.sourceHigh(), ours.sourceLow())
                && same(destination, ours.destinationHigh(), ours.destinationLow());
    }

    private static boolean same(String address, long high, long low) {
        if (address.isEmpty()) {
            return false;
        }
        ByteBuffer words = ByteBuffer.wrap(InetAddress.ofLiteral(address).getAddress());
        return words.capacity() == 4
                ? high == 0 && low == (0xFFFF_0000_0000L | Integer.toUnsignedLong(words.getInt()))
                : high == words.getLong() && low == words.getLong();
    }

    private static String nth(String values, int n) {
        String[] all = values.split(",", -1);
        return n < all.length ? all[n] : "";
    }

    private static int number(String text) {
        return text.isEmpty() ? NO_LENGTH : Integer.parseInt(text);
    }
}
