package minewatch.sensor.decode;

/// What a sound frame holds where it is not an IP packet. Nothing is wrong with these.
public enum NonIpFrame {
    ARP("arp"),
    /// LLC without an EtherType: spanning tree and the like.
    LLC("llc"),
    /// Under its labels neither IP nor a plausible Ethernet frame.
    MPLS("mpls"),
    /// Discovery; sessions are opened.
    PPPOE("pppoe"),
    LLDP("lldp"),
    /// PPP control protocols.
    PPP_CONTROL("ppp_control"),
    /// IEEE 802.11 management, control, and data frames without data or in later fragments.
    WIFI("wifi"),
    /// IEEE 802.11 data that only its stations can read.
    WIFI_ENCRYPTED("wifi_encrypted"),
    /// Several IEEE 802.11 data units in one frame (A-MSDU), which are not taken apart.
    WIFI_AGGREGATE("wifi_aggregate"),
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
            case EtherType.PPPOE_DISCOVERY -> PPPOE;
            case EtherType.LLDP -> LLDP;
            default -> OTHER;
        };
    }
}
