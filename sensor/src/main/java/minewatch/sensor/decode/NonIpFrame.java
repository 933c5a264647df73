package minewatch.sensor.decode;

/// What a sound frame holds where it is not an IP packet. Nothing is wrong with these.
public enum NonIpFrame {
    ARP("arp"),
    /// IEEE 802.3 length field, LLC after it: spanning tree and the like.
    LLC("llc"),
    MPLS("mpls"),
    PPPOE("pppoe"),
    LLDP("lldp"),
    /// PPP control protocols.
    PPP_CONTROL("ppp_control"),
    OTHER("other");

    private final String label;

    NonIpFrame(String label) {
        this.label = label;
    }

    /// Its name in statistics and metrics.
    public String label() {
        return label;
    }

    static NonIpFrame ofEtherType(int etherType) {
        return switch (etherType) {
            case EtherType.ARP, EtherType.RARP -> ARP;
            case EtherType.MPLS, EtherType.MPLS_MULTICAST -> MPLS;
            case EtherType.PPPOE_DISCOVERY, EtherType.PPPOE_SESSION -> PPPOE;
            case EtherType.LLDP -> LLDP;
            default -> etherType < EtherType.SMALLEST ? LLC : OTHER;
        };
    }
}
