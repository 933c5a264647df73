package minewatch.sensor.rehearsal;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Ways in which a network carries an IP packet inside something else, each as an Ethernet frame.
///
/// ```java
/// byte[] frame = Encapsulation.VXLAN.frame(ip);
/// ```
public enum Encapsulation {
    MPLS(Carrier.ETHERNET, 0x8847, Content.IP, "00010040 00012140"),
    MPLS_PSEUDOWIRE(Carrier.ETHERNET, 0x8847, Content.ETHERNET, "00012140"),
    MPLS_CONTROL_WORD(Carrier.ETHERNET, 0x8847, Content.ETHERNET, "00012140 00000000"),
    PPPOE(Carrier.ETHERNET, 0x8864, Content.IP, "1100 0001 LLLL | PPPP"),
    PPPOE_MPLS(Carrier.ETHERNET, 0x8864, Content.IP, "1100 0001 LLLL | 0281 00012140"),
    SNAP(Carrier.ETHERNET, 0, Content.IP, "AAAA03 000000 TTTT"),
    BACKBONE(Carrier.ETHERNET, 0x88E7, Content.ETHERNET, "00000001"),
    IP_IN_IP(Carrier.IP, 0, Content.IP, ""),
    IP_IN_IPV6(Carrier.IPV6, 0, Content.IP, ""),
    AUTHENTICATION_HEADER(
            Carrier.IP, 51, Content.IP, "NN 04 0000 00000001 00000001" + "00".repeat(12)),
    AUTHENTICATION_HEADER_IPV6(
            Carrier.IPV6, 51, Content.IP, "NN 04 0000 00000001 00000001" + "00".repeat(12)),
    MPLS_IN_IP(Carrier.IP, 137, Content.IP, "00012140"),
    GRE(Carrier.IP, 47, Content.IP, "0000 TTTT"),
    GRE_OVER_IPV6(Carrier.IPV6, 47, Content.IP, "0000 TTTT"),
    GRE_KEY(Carrier.IP, 47, Content.IP, "2000 TTTT 00000007"),
    GRE_ALL_FIELDS(Carrier.IP, 47, Content.IP, "B000 TTTT 00000000 00000007 00000001"),
    GRE_ETHERNET(Carrier.IP, 47, Content.ETHERNET, "2000 6558 00000700"),
    GRE_MPLS(Carrier.IP, 47, Content.IP, "0000 8847 00012140"),
    PPTP(Carrier.IP, 47, Content.IP, "3081 880B LLLL 0001 00000001 00000001 | FF03 PPPP"),
    MIKROTIK(Carrier.IP, 47, Content.ETHERNET, "2001 6400 LLLL 0100 |"),
    ERSPAN_1(Carrier.IP, 47, Content.ETHERNET, "0000 88BE"),
    ERSPAN_2(Carrier.IP, 47, Content.ETHERNET, "1000 88BE 00000001 10010001 00000000"),
    ERSPAN_3(Carrier.IP, 47, Content.ETHERNET, "1000 22EB 00000001 20010001 00000000 00000000"),
    ERSPAN_3_SUBHEADER(
            Carrier.IP,
            47,
            Content.ETHERNET,
            "1000 22EB 00000001 20010001 00000000 00000001 0000000000000000"),
    L2TP(Carrier.UDP, 1701, Content.IP, "0002 0001 0001 FF03 PPPP"),
    L2TP_ALL_FIELDS(
            Carrier.UDP, 1701, Content.IP, "| 4B02 LLLL 0001 0001 0001 0000 0002 0000 PPPP"),
    VXLAN(Carrier.UDP, 4789, Content.ETHERNET, "08000000 00000700"),
    VXLAN_LINUX(Carrier.UDP, 8472, Content.ETHERNET, "08000000 00000700"),
    VXLAN_POLICY(Carrier.UDP, 4789, Content.ETHERNET, "88000010 00000700"),
    VXLAN_GPE(Carrier.UDP, 4790, Content.ETHERNET, "0C000003 00000700"),
    GENEVE(Carrier.UDP, 6081, Content.ETHERNET, "0000 6558 00000700"),
    GENEVE_OPTIONS(Carrier.UDP, 6081, Content.IP, "0240 TTTT 00000700 0102800100000000"),
    GTP(Carrier.UDP, 2152, Content.IP, "30FF LLLL 00000001 |"),
    GTP_SEQUENCE(Carrier.UDP, 2152, Content.IP, "32FF LLLL 00000001 | 0001 00 00"),
    GTP_EXTENSIONS(
            Carrier.UDP, 2152, Content.IP, "34FF LLLL 00000001 | 0000 00 85 01000585 01000500"),
    TEREDO(Carrier.UDP, 3544, Content.IP, ""),
    TEREDO_INDICATIONS(
            Carrier.UDP, 3544, Content.IP, "0001 0000 0000000000000000 00 0000 EFBE 3FFFFFFE");

    // the ends of the tunnel
    private static final int NEAR = 0xAC10_0001; // 172.16.0.1
    private static final int FAR = 0xAC10_0002;
    private static final long PREFIX_IPV6 = 0x2001_0DB8_FFFF_0000L;

    private static final byte[] MACS = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};
    private static final int IPV4 = 0x0800; // EtherTypes
    private static final int IPV6 = 0x86DD;
    private static final int IP_IN_IP_NUMBER = 4;
    private static final int IPV6_IN_IP_NUMBER = 41;
    private static final int CLIENT_PORT = 49152;

    private enum Carrier {
        ETHERNET,
        IP,
        IPV6,
        UDP
    }

    private enum Content {
        IP,
        ETHERNET
    }

    private final Carrier carrier;
    private final int
            number; // EtherType (0: the length), IP protocol (0: by the content), or UDP port
    private final Content content;
    private final String header;

    /// @param header hexadecimal; LLLL is the length of what follows the bar, TTTT, PPPP and NN
    ///   stand for the content's EtherType, PPP protocol and IP protocol
    Encapsulation(Carrier carrier, int number, Content content, String header) {
        this.carrier = carrier;
        this.number = number;
        this.content = content;
        this.header = header;
    }

    /// Whether it can carry such a packet.
    public boolean carries(byte[] ip) {
        return IpPackets.isIpv6(ip) || !name().startsWith("TEREDO");
    }

    /// Whether an IP packet is around the content, and not just a link layer.
    public boolean isIp() {
        return carrier != Carrier.ETHERNET;
    }

    /// Whether no more than a UDP port tells it.
    public boolean isTold() {
        return carrier != Carrier.UDP;
    }

    /// The packet encapsulated, in an Ethernet frame.
    public byte[] frame(byte[] ip) {
        byte[] body = isIp() ? outerIp(ip) : body(ip);
        return isIp() ? ethernet(body) : ethernet(number == 0 ? body.length : number, body);
    }

    /// The packet encapsulated, as an IP packet; of those that are [#isIp()].
    public byte[] outerIp(byte[] ip) {
        int protocol =
                number != 0 ? number : IpPackets.isIpv6(ip) ? IPV6_IN_IP_NUMBER : IP_IN_IP_NUMBER;
        return switch (carrier) {
            case ETHERNET -> throw new IllegalStateException(this + " is no IP packet");
            case IP -> IpPackets.ipv4(protocol, NEAR, FAR, body(ip));
            case IPV6 -> IpPackets.ipv6(protocol, PREFIX_IPV6, 1, PREFIX_IPV6, 2, body(ip));
            case UDP ->
                    IpPackets.ipv4(
                            IpPackets.UDP, NEAR, FAR, IpPackets.udp(CLIENT_PORT, number, body(ip)));
        };
    }

    /// An IP packet in an Ethernet frame, without padding.
    public static byte[] ethernet(byte[] ip) {
        return ethernet(IpPackets.isIpv6(ip) ? IPV6 : IPV4, ip);
    }

    static byte[] ethernet(int etherType, byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(14 + body.length);
        return frame.put(MACS).putShort((short) etherType).put(body).array();
    }

    private byte[] body(byte[] ip) {
        byte[] inner = content == Content.IP ? ip : ethernet(ip);
        boolean ipv6 = IpPackets.isIpv6(ip);
        String hex = header.replace(" ", "");
        int counted = hex.length() - hex.indexOf('|') - 1;
        byte[] prefix =
                HexFormat.of()
                        .parseHex(
                                hex.replace("|", "")
                                        .replace(
                                                "LLLL",
                                                "%04X".formatted(counted / 2 + inner.length))
                                        .replace("TTTT", ipv6 ? "86DD" : "0800")
                                        .replace("PPPP", ipv6 ? "0057" : "0021")
                                        .replace("NN", ipv6 ? "29" : "04"));
        return ByteBuffer.allocate(prefix.length + inner.length).put(prefix).put(inner).array();
    }
}
