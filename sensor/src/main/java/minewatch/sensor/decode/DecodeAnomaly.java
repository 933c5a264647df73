package minewatch.sensor.decode;

/// Why a frame that should have held an IP packet gave no view. A frame counts once, for the first
/// thing that is wrong with it.
public enum DecodeAnomaly {
    /// Ends inside a link-layer header.
    LINK_TRUNCATED("link.truncated"),
    /// Of a link type that is not decoded.
    LINK_UNSUPPORTED("link.unsupported"),
    /// Ends inside a VLAN tag.
    VLAN_TRUNCATED("vlan.truncated"),
    /// More than [Decoder#MAX_VLAN_TAGS] tags.
    VLAN_TOO_DEEP("vlan.too_deep"),
    /// Ends inside an MPLS label stack, or with it.
    MPLS_TRUNCATED("mpls.truncated"),
    /// More than [MplsLabels#MAX_LABELS] MPLS labels.
    MPLS_TOO_DEEP("mpls.too_deep"),
    /// Ends inside the PPPoE header.
    PPPOE_TRUNCATED("pppoe.truncated"),
    /// A PPPoE session frame that is not of version 1, type 1, code 0.
    PPPOE_BAD_HEADER("pppoe.bad_header"),
    /// Ends inside the IPv4 header.
    IPV4_TRUNCATED("ipv4.truncated"),
    /// Announced as IPv4, but the version field is not 4.
    IPV4_BAD_VERSION("ipv4.bad_version"),
    /// A header length below 20 bytes.
    IPV4_BAD_HEADER_LENGTH("ipv4.bad_header_length"),
    /// A total length shorter than the header, and not 0 (which segmentation offload leaves).
    IPV4_BAD_TOTAL_LENGTH("ipv4.bad_total_length"),
    /// Ends inside the IPv6 header.
    IPV6_TRUNCATED("ipv6.truncated"),
    /// Announced as IPv6, but the version field is not 6.
    IPV6_BAD_VERSION("ipv6.bad_version"),
    /// Ends inside an extension header.
    IPV6_EXTENSION_TRUNCATED("ipv6.extension_truncated"),
    /// More than [Decoder#MAX_EXTENSION_HEADERS] extension headers.
    IPV6_TOO_MANY_EXTENSIONS("ipv6.too_many_extensions"),
    /// Raw IP with a version that is neither 4 nor 6.
    IP_BAD_VERSION("ip.bad_version"),
    /// Ends inside the authentication header of an IPv4 packet.
    AH_TRUNCATED("ah.truncated"),
    /// The first fragment of a datagram ends inside the TCP or UDP header.
    FRAGMENT_TOO_SHORT("fragment.too_short"),
    /// A later fragment that would overwrite the TCP header.
    FRAGMENT_OVERLAPS_HEADER("fragment.overlaps_header"),
    /// Ends inside the GRE header.
    GRE_TRUNCATED("gre.truncated"),
    /// GRE of an unknown version, with source routing, or with reserved flags.
    GRE_BAD_HEADER("gre.bad_header"),
    /// Ends inside the ERSPAN header.
    ERSPAN_TRUNCATED("erspan.truncated"),
    /// ERSPAN of another version than GRE announced.
    ERSPAN_BAD_VERSION("erspan.bad_version"),
    /// More than [Decoder#MAX_TUNNELS] tunnels inside each other.
    TUNNEL_TOO_DEEP("tunnel.too_deep"),
    /// Ends inside the 20 fixed bytes of the TCP header.
    TCP_TRUNCATED("tcp.truncated"),
    /// A data offset below 20 bytes or past the IP payload.
    TCP_BAD_HEADER_LENGTH("tcp.bad_header_length"),
    /// Ends inside the UDP header.
    UDP_TRUNCATED("udp.truncated"),
    /// A length below 8, and not 0.
    UDP_BAD_LENGTH("udp.bad_length");

    private final String label;

    DecodeAnomaly(String label) {
        this.label = label;
    }

    /// Its name in statistics and metrics, as `ipv4.truncated`.
    public String label() {
        return label;
    }
}
