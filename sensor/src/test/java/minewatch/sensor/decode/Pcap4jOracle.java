package minewatch.sensor.decode;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.pcap4j.packet.Dot1qVlanTagPacket;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.HdlcPppPacket;
import org.pcap4j.packet.IllegalPacket;
import org.pcap4j.packet.IllegalRawDataException;
import org.pcap4j.packet.IpPacket;
import org.pcap4j.packet.IpSelector;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV6ExtDestinationOptionsPacket;
import org.pcap4j.packet.IpV6ExtFragmentPacket;
import org.pcap4j.packet.IpV6ExtHopByHopOptionsPacket;
import org.pcap4j.packet.IpV6ExtRoutingPacket;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.LinuxSllPacket;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.PppPacket;
import org.pcap4j.packet.PppSelector;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.UdpPacket;

/// What pcap4j makes of a frame, in the terms of our decoder.
final class Pcap4jOracle {
    /// The same facts as [Decoding.Decoded], as far as pcap4j knows them.
    record Reading(
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            int protocol,
            int sourcePort,
            int destinationPort,
            int payloadLength) {}

    static final int AUTHENTICATION = 51;

    private Pcap4jOracle() {}

    /// The parsed frame. Link types pcap4j has no class for are given to it as what they hold.
    ///
    /// @return null where the link type holds nothing pcap4j knows
    static @Nullable Packet parse(int linkType, byte[] frame) throws IllegalRawDataException {
        return switch (linkType) {
            case LinkType.ETHERNET -> EthernetPacket.newPacket(frame, 0, frame.length);
            case LinkType.LINUX_SLL -> LinuxSllPacket.newPacket(frame, 0, frame.length);
            case LinkType.LINUX_SLL2 -> sll2(frame);
            case LinkType.NULL, LinkType.LOOP -> ipAfter(4, frame);
            case LinkType.RAW,
                    LinkType.RAW_BSD,
                    LinkType.RAW_OPENBSD,
                    LinkType.IPV4,
                    LinkType.IPV6 ->
                    ipAfter(0, frame);
            case LinkType.PPP -> PppSelector.newPacket(frame, 0, frame.length);
            default -> null;
        };
    }

    private static Packet ipAfter(int header, byte[] frame) throws IllegalRawDataException {
        return IpSelector.newPacket(frame, header, frame.length - header);
    }

    /// Its 20 bytes begin with the EtherType; an Ethernet header ends with it.
    private static Packet sll2(byte[] frame) throws IllegalRawDataException {
        byte[] ethernet = new byte[Math.max(frame.length - 6, 0)];
        if (frame.length >= 20) {
            System.arraycopy(frame, 0, ethernet, 12, 2);
            System.arraycopy(frame, 20, ethernet, 14, frame.length - 20);
        }
        return EthernetPacket.newPacket(ethernet, 0, ethernet.length);
    }

    /// The outermost IP packet and the transport header right inside it; null where the layers
    /// above hold none.
    static @Nullable Reading read(Packet parsed) {
        Packet outer = parsed;
        while (!(outer instanceof IpPacket)) {
            if (!isLinkLayer(outer) || outer.getPayload() == null) {
                return null;
            }
            outer = outer.getPayload();
        }
        IpPacket ip = (IpPacket) outer;
        Packet inner = ip.getPayload();
        int protocol = ip.getHeader().getProtocol().value() & 0xFF;
        boolean later = ip instanceof IpV4Packet v4 && v4.getHeader().getFragmentOffset() != 0;
        while (ip instanceof IpV6Packet && inner != null && isExtension(inner)) {
            protocol = nextProtocol(inner);
            later |=
                    inner instanceof IpV6ExtFragmentPacket f
                            && f.getHeader().getFragmentOffset() != 0;
            inner = inner.getPayload();
        }
        return reading(ip, protocol, later ? null : inner, later);
    }

    private static Reading reading(
            IpPacket ip, int protocol, @Nullable Packet inner, boolean later) {
        long[] source = words(ip.getHeader().getSrcAddr());
        long[] destination = words(ip.getHeader().getDstAddr());
        int sourcePort = 0;
        int destinationPort = 0;
        int payload = later || inner == null ? 0 : inner.length();
        if (inner instanceof TcpPacket tcp) {
            sourcePort = tcp.getHeader().getSrcPort().valueAsInt();
            destinationPort = tcp.getHeader().getDstPort().valueAsInt();
            payload = tcp.getPayload() == null ? 0 : tcp.getPayload().length();
        } else if (inner instanceof UdpPacket udp) {
            sourcePort = udp.getHeader().getSrcPort().valueAsInt();
            destinationPort = udp.getHeader().getDstPort().valueAsInt();
            payload = udp.getPayload() == null ? 0 : udp.getPayload().length();
        }
        return new Reading(
                source[0],
                source[1],
                destination[0],
                destination[1],
                protocol,
                sourcePort,
                destinationPort,
                payload);
    }

    /// Whether pcap4j gave up somewhere in the frame.
    static boolean holdsIllegal(Packet parsed) {
        return parsed.contains(IllegalPacket.class);
    }

    /// Whether the packet is a fragment, be it one that is whole.
    static boolean isFragment(Packet parsed) {
        IpV4Packet ipv4 = parsed.get(IpV4Packet.class);
        return parsed.contains(IpV6ExtFragmentPacket.class)
                || (ipv4 != null && ipv4.getHeader().getMoreFragmentFlag());
    }

    static boolean hasOptionsHeader(Packet parsed) {
        return parsed.contains(IpV6ExtHopByHopOptionsPacket.class)
                || parsed.contains(IpV6ExtDestinationOptionsPacket.class);
    }

    private static boolean isLinkLayer(Packet packet) {
        return packet instanceof EthernetPacket
                || packet instanceof Dot1qVlanTagPacket
                || packet instanceof LinuxSllPacket
                || packet instanceof PppPacket
                || packet instanceof HdlcPppPacket;
    }

    private static boolean isExtension(Packet packet) {
        return packet instanceof IpV6ExtHopByHopOptionsPacket
                || packet instanceof IpV6ExtDestinationOptionsPacket
                || packet instanceof IpV6ExtRoutingPacket
                || packet instanceof IpV6ExtFragmentPacket;
    }

    private static int nextProtocol(Packet extension) {
        return extension.getHeader().getRawData()[0] & 0xFF;
    }

    private static long[] words(InetAddress address) {
        byte[] bytes = address.getAddress();
        ByteBuffer words = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? new long[] {0, 0xFFFF_0000_0000L | Integer.toUnsignedLong(words.getInt())}
                : new long[] {words.getLong(), words.getLong()};
    }
}
