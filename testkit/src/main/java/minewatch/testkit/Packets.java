package minewatch.testkit;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Builds frames for tests, with right lengths and checksums unless told otherwise.
///
/// ```java
/// byte[] frame = Packets.tcp("10.0.0.1", 51234, "10.0.0.2", 3333)
///         .sequence(1).flags(Packets.PSH | Packets.ACK).payload("{}\n").vlan(42).ethernet();
/// ```
public final class Packets {
    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;

    public static final int TCP = 6;
    public static final int UDP = 17;

    public static final int ETHERTYPE_IPV4 = 0x0800;
    public static final int ETHERTYPE_IPV6 = 0x86DD;

    private static final int SMALLEST_ETHERNET_FRAME = 60; // bytes, without the checksum
    private static final int FRAGMENT_HEADER = 44;

    private final int protocol;
    private final byte[] source;
    private final byte[] destination;
    private final int sourcePort;
    private final int destinationPort;
    private final List<Integer> vlans = new ArrayList<>();
    private final List<Integer> extensionTypes = new ArrayList<>();
    private final List<byte[]> extensionBodies = new ArrayList<>();
    private int vlanEtherType = 0x8100;
    private boolean hasTransportHeader = true;
    private int sequence;
    private int acknowledgement;
    private int flags = ACK;
    private byte[] payload = new byte[0];
    private byte[] ipv4Options = new byte[0];
    private byte[] tcpOptions = new byte[0];
    private int fragment; // the IPv4 field, or offset and flag of the IPv6 header
    private int announcedLength = -1;

    private Packets(
            int protocol, String source, int sourcePort, String destination, int destinationPort) {
        this.protocol = protocol;
        this.source = address(source);
        this.destination = address(destination);
        this.sourcePort = sourcePort;
        this.destinationPort = destinationPort;
        if (this.source.length != this.destination.length) {
            throw new IllegalArgumentException(
                    "destination: %s (expected: of the family of %s)"
                            .formatted(destination, source));
        }
    }

    /// @param source an IPv4 or IPv6 address as text, of the same family as `destination`
    public static Packets tcp(
            String source, int sourcePort, String destination, int destinationPort) {
        return new Packets(TCP, source, sourcePort, destination, destinationPort);
    }

    public static Packets udp(
            String source, int sourcePort, String destination, int destinationPort) {
        return new Packets(UDP, source, sourcePort, destination, destinationPort);
    }

    /// A packet of any protocol, whose whole content is the payload.
    public static Packets ip(int protocol, String source, String destination) {
        Packets packet = new Packets(protocol, source, 0, destination, 0);
        packet.hasTransportHeader = false;
        return packet;
    }

    public Packets sequence(int value) {
        sequence = value;
        return this;
    }

    public Packets acknowledgement(int value) {
        acknowledgement = value;
        return this;
    }

    /// TCP flags; ACK where not set.
    public Packets flags(int value) {
        flags = value;
        return this;
    }

    public Packets payload(String text) {
        return payload(text.getBytes(StandardCharsets.UTF_8));
    }

    public Packets payload(byte[] bytes) {
        payload = bytes.clone();
        return this;
    }

    /// Adds a tag inside those added before.
    public Packets vlan(int id) {
        vlans.add(id);
        return this;
    }

    /// EtherType of the tags; 0x8100 where not set.
    public Packets vlanEtherType(int value) {
        vlanEtherType = value;
        return this;
    }

    /// @param bytes a multiple of 4, at most 40
    public Packets ipv4Options(byte[] bytes) {
        ipv4Options = bytes.clone();
        return this;
    }

    /// @param bytes a multiple of 4, at most 40
    public Packets tcpOptions(byte[] bytes) {
        tcpOptions = bytes.clone();
        return this;
    }

    /// Adds an IPv6 extension header after those added before.
    ///
    /// @param type its protocol number
    /// @param body the header after its first byte, which names the next; so 8 n - 1 bytes, with
    ///   its own length in the first
    public Packets extension(int type, byte[] body) {
        extensionTypes.add(type);
        extensionBodies.add(body.clone());
        return this;
    }

    /// Makes it a fragment. For IPv6 a fragment header is added.
    ///
    /// @param offset in units of 8 bytes
    public Packets fragment(int offset, boolean more) {
        if (source.length == 4) {
            fragment = offset | (more ? 0x2000 : 0);
        } else {
            int field = offset << 3 | (more ? 1 : 0);
            extension(
                    FRAGMENT_HEADER, new byte[] {0, (byte) (field >> 8), (byte) field, 0, 0, 0, 1});
        }
        return this;
    }

    /// What the IP header says instead of the true length: total (IPv4) or payload (IPv6) length.
    public Packets announcedLength(int value) {
        announcedLength = value;
        return this;
    }

    /// In an Ethernet frame, padded to 60 bytes.
    public byte[] ethernet() {
        ByteBuffer frame = buffer();
        frame.put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1});
        putTyped(frame);
        while (frame.position() < SMALLEST_ETHERNET_FRAME) {
            frame.put((byte) 0);
        }
        return bytes(frame);
    }

    /// As captured on Linux's `any` interface (LINKTYPE_LINUX_SLL).
    public byte[] linuxSll() {
        ByteBuffer frame = buffer();
        frame.putShort((short) 0).putShort((short) 1).putShort((short) 6);
        frame.put(new byte[] {2, 0, 0, 0, 0, 1, 0, 0});
        putTyped(frame);
        return bytes(frame);
    }

    /// The same, version 2.
    public byte[] linuxSll2() {
        ByteBuffer frame = buffer();
        frame.putShort((short) etherType()).putShort((short) 0).putInt(1).putShort((short) 1);
        frame.put(new byte[] {0, 6, 2, 0, 0, 0, 0, 1, 0, 0});
        return bytes(frame.put(ip()));
    }

    /// With the address family before it (LINKTYPE_NULL little-endian, LINKTYPE_LOOP big-endian).
    public byte[] family(int family, boolean littleEndian) {
        ByteBuffer frame = buffer();
        frame.putInt(littleEndian ? Integer.reverseBytes(family) : family);
        return bytes(frame.put(ip()));
    }

    /// In PPP, with HDLC-like framing.
    public byte[] ppp() {
        ByteBuffer frame = buffer();
        frame.putShort((short) 0xFF03).putShort((short) (source.length == 4 ? 0x21 : 0x57));
        return bytes(frame.put(ip()));
    }

    /// The IP packet alone.
    public byte[] ip() {
        byte[] body =
                !hasTransportHeader ? payload : protocol == TCP ? tcpSegment() : udpDatagram();
        return source.length == 4 ? ipv4(body) : ipv6(body);
    }

    private int etherType() {
        return source.length == 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
    }

    private void putTyped(ByteBuffer frame) {
        for (int id : vlans) {
            frame.putShort((short) vlanEtherType).putShort((short) id);
        }
        frame.putShort((short) etherType()).put(ip());
    }

    private byte[] ipv4(byte[] body) {
        int headerLength = 20 + ipv4Options.length;
        int length = announcedLength < 0 ? headerLength + body.length : announcedLength;
        ByteBuffer packet = buffer();
        packet.put((byte) (0x40 | headerLength >> 2)).put((byte) 0).putShort((short) length);
        packet.putShort((short) 1).putShort((short) fragment);
        packet.put((byte) 64).put((byte) protocol).putShort((short) 0);
        packet.put(source).put(destination).put(ipv4Options);
        packet.putShort(10, checksum(bytes(packet), 0));
        return bytes(packet.put(body));
    }

    private byte[] ipv6(byte[] body) {
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        int first = extensionTypes.isEmpty() ? protocol : extensionTypes.getFirst();
        for (int i = 0; i < extensionTypes.size(); i++) {
            boolean last = i + 1 == extensionTypes.size();
            extensions.write(last ? protocol : extensionTypes.get(i + 1));
            extensions.writeBytes(extensionBodies.get(i));
        }
        int length = announcedLength < 0 ? extensions.size() + body.length : announcedLength;
        ByteBuffer packet = buffer();
        packet.putInt(0x6000_0000).putShort((short) length);
        packet.put((byte) first).put((byte) 64).put(source).put(destination);
        return bytes(packet.put(extensions.toByteArray()).put(body));
    }

    private byte[] tcpSegment() {
        int headerLength = 20 + tcpOptions.length;
        ByteBuffer segment = buffer();
        segment.putShort((short) sourcePort).putShort((short) destinationPort);
        segment.putInt(sequence).putInt(acknowledgement);
        segment.put((byte) (headerLength << 2)).put((byte) flags).putShort((short) 64240);
        segment.putInt(0).put(tcpOptions).put(payload);
        segment.putShort(16, transportChecksum(segment));
        return bytes(segment);
    }

    private byte[] udpDatagram() {
        ByteBuffer datagram = buffer();
        datagram.putShort((short) sourcePort).putShort((short) destinationPort);
        datagram.putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
        datagram.putShort(6, transportChecksum(datagram));
        return bytes(datagram);
    }

    private short transportChecksum(ByteBuffer body) {
        ByteBuffer pseudo = ByteBuffer.allocate(36).put(source).put(destination);
        pseudo.putShort((short) protocol).putShort((short) body.position());
        return checksum(bytes(body), sum(bytes(pseudo), 0));
    }

    private static short checksum(byte[] bytes, int start) {
        int sum = sum(bytes, start);
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    private static int sum(byte[] bytes, int start) {
        int sum = start;
        for (int i = 0; i < bytes.length; i++) {
            sum += (bytes[i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(1 << 17);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }

    private static byte[] address(String text) {
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(text + " (expected: an IP address)", e);
        }
    }
}
