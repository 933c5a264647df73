package minewatch.sensor.decode;

/// EtherType numbers (IEEE 802 registry).
final class EtherType {
    static final int SMALLEST = 0x0600; // below: a length (IEEE 802.3 §3.2.6)
    static final int IPV4 = 0x0800;
    static final int ARP = 0x0806;
    static final int RARP = 0x8035;
    static final int TRANSPARENT_ETHERNET = 0x6558; // RFC 1701
    static final int VLAN = 0x8100;
    static final int IPV6 = 0x86DD;
    static final int MPLS = 0x8847;
    static final int MPLS_MULTICAST = 0x8848;
    static final int PPPOE_DISCOVERY = 0x8863;
    static final int PPPOE_SESSION = 0x8864;
    static final int QINQ = 0x88A8;
    static final int LLDP = 0x88CC;
    static final int BACKBONE = 0x88E7; // IEEE 802.1Q-2022 §9.7, the I-TAG
    static final int QINQ_OLD = 0x9100;

    private EtherType() {}

    static boolean isVlanTag(int etherType) {
        return etherType == VLAN || etherType == QINQ || etherType == QINQ_OLD;
    }
}
