package minewatch.sensor.rehearsal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// IP packets without options or extension headers, and what they carry. Checksums are left 0.
final class IpPackets {
    static final int TCP = 6;
    static final int UDP = 17;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int FRAGMENT_HEADER = 8;
    private static final byte FRAGMENT = 44;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int DONT_FRAGMENT = 0x4000;

    private IpPackets() {}

    /// RFC 791 §3.1.
    static byte[] ipv4(int protocol, int source, int destination, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(IPV4_HEADER + payload.length);
        packet.putShort((short) 0x4500).putShort((short) packet.capacity());
        packet.putShort((short) 0).putShort((short) DONT_FRAGMENT);
        packet.put((byte) 60).put((byte) protocol).putShort((short) 0);
        return packet.putInt(source).putInt(destination).put(payload).array();
    }

    /// RFC 8200 §3; each address in two halves.
    static byte[] ipv6(
            int next,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow,
            byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(IPV6_HEADER + payload.length);
        packet.putInt(0x6000_0000).putShort((short) payload.length);
        packet.put((byte) next).put((byte) 60);
        packet.putLong(sourceHigh).putLong(sourceLow);
        return packet.putLong(destinationHigh).putLong(destinationLow).put(payload).array();
    }

    /// RFC 768.
    static byte[] udp(int sourcePort, int destinationPort, byte[] payload) {
        ByteBuffer datagram = ByteBuffer.allocate(8 + payload.length);
        datagram.putShort((short) sourcePort).putShort((short) destinationPort);
        return datagram.putShort((short) datagram.capacity())
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    static boolean isIpv6(byte[] packet) {
        return packet[0] >> 4 == 6;
    }

    /// Cut in two (RFC 791 §2.3, RFC 8200 §4.5).
    ///
    /// @param units of eight bytes in the first, less than there are
    static List<byte[]> fragments(byte[] packet, int identification, int units) {
        boolean ipv6 = isIpv6(packet);
        int header = ipv6 ? IPV6_HEADER : IPV4_HEADER;
        int cut = header + units * 8;
        byte[] first = Arrays.copyOfRange(packet, header, cut);
        byte[] second = Arrays.copyOfRange(packet, cut, packet.length);
        return ipv6
                ? List.of(
                        fragment6(packet, identification, 1, first),
                        fragment6(packet, identification, units << 3, second))
                : List.of(
                        fragment4(packet, identification, MORE_FRAGMENTS, first),
                        fragment4(packet, identification, units, second));
    }

    private static byte[] fragment4(byte[] whole, int identification, int fragment, byte[] piece) {
        ByteBuffer packet = ByteBuffer.allocate(IPV4_HEADER + piece.length);
        packet.put(whole, 0, IPV4_HEADER).put(piece);
        packet.putShort(2, (short) packet.capacity());
        return packet.putShort(4, (short) identification).putShort(6, (short) fragment).array();
    }

    private static byte[] fragment6(byte[] whole, int identification, int fragment, byte[] piece) {
        ByteBuffer packet = ByteBuffer.allocate(IPV6_HEADER + FRAGMENT_HEADER + piece.length);
        packet.put(whole, 0, IPV6_HEADER);
        packet.put(whole[6]).put((byte) 0).putShort((short) fragment).putInt(identification);
        packet.putShort(4, (short) (FRAGMENT_HEADER + piece.length)).put(6, FRAGMENT);
        return packet.put(piece).array();
    }
}
