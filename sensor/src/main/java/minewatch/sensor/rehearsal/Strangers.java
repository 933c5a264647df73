package minewatch.sensor.rehearsal;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Frames of nobody's conversation.
final class Strangers {
    private static final int ARP = 0x0806;
    private static final int LLDP = 0x88CC;
    private static final int PPPOE_DISCOVERY = 0x8863;
    private static final int LOCAL = 0x88B5; // IEEE 802, for experiments
    private static final List<Integer> PROTOCOLS =
            List.of(
                    1, // ICMP
                    2, // IGMP
                    50, // ESP
                    58, // ICMPv6
                    89, // OSPF
                    132); // SCTP

    /// IPv6 extension headers (RFC 8200 §4): hop-by-hop options, routing, destination options and
    /// an atomic fragment (RFC 6946), before an ICMPv6 message.
    private static final byte[] EXTENSIONS =
            HexFormat.of()
                    .parseHex(
                            "2B00010400000000"
                                    + "3C00000000000000"
                                    + "2C00010400000000"
                                    + "3A00000000000001");

    private Strangers() {}

    /// A SYN to a port of an address that need not be there: each is a flow.
    static byte[] probe(Random random) {
        ByteBuffer segment = ByteBuffer.allocate(20);
        segment.putShort((short) random.nextInt()).putShort((short) random.nextInt(1024));
        segment.putInt(random.nextInt()).putInt(0).putInt(0x5002_FFFF).putInt(0);
        int target = 0x0A00_0000 | random.nextInt(1 << 16);
        byte[] packet = IpPackets.ipv4(IpPackets.TCP, random.nextInt(), target, segment.array());
        return Encapsulation.ethernet(packet);
    }

    /// Neither TCP nor UDP.
    static byte[] frame(Random random) {
        byte[] body = new byte[46 + random.nextInt(80)];
        random.nextBytes(body);
        return switch (random.nextInt(8)) {
            case 0 -> Encapsulation.ethernet(ARP, body);
            case 1 -> Encapsulation.ethernet(LLDP, body);
            case 2 -> Encapsulation.ethernet(PPPOE_DISCOVERY, body);
            case 3 -> Encapsulation.ethernet(LOCAL, body);
            case 4 -> Encapsulation.ethernet(body.length, body); // IEEE 802.2
            case 5 -> Encapsulation.ethernet(extended(body));
            default -> Encapsulation.ethernet(plain(random, body));
        };
    }

    private static byte[] plain(Random random, byte[] body) {
        int protocol = PROTOCOLS.get(random.nextInt(PROTOCOLS.size()));
        return random.nextBoolean()
                ? IpPackets.ipv4(protocol, 0x0A00_0001, 0x0A00_0002, body)
                : IpPackets.ipv6(protocol, 0x2001_0DB8L << 32, 1, 0x2001_0DB8L << 32, 2, body);
    }

    private static byte[] extended(byte[] body) {
        System.arraycopy(EXTENSIONS, 0, body, 0, EXTENSIONS.length);
        return IpPackets.ipv6(0, 0x2001_0DB8L << 32, 1, 0x2001_0DB8L << 32, 2, body);
    }
}
