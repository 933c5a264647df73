package minewatch.sensor.decode;

import static minewatch.sensor.decode.BigEndian.i32;
import static minewatch.sensor.decode.BigEndian.u8;

/// A stack of MPLS labels and what is under it, of which the labels say nothing: an IP packet by
/// its version, or an Ethernet frame (a pseudowire, with or without control word) where one is
/// plausible.
///
/// Source: RFC 3032 §2.1, RFC 4385 §2 and §3, RFC 4448.
final class MplsLabels {
    static final int MAX_LABELS = 16;

    private static final int LABEL = 4; // bytes
    private static final int CONTROL_WORD = 4;
    private static final int BOTTOM = 0x100; // in a label

    private final Decoder decoder;

    MplsLabels(Decoder decoder) {
        this.decoder = decoder;
    }

    void decode(PacketView packet, long first) {
        long at = first;
        for (int labels = 0; labels < MAX_LABELS; labels++) {
            if (decoder.held(at) < LABEL + 1) { // a byte under it, too
                decoder.reject(packet, DecodeAnomaly.MPLS_TRUNCATED);
                return;
            }
            boolean bottom = (i32(packet.block, at) & BOTTOM) != 0;
            at += LABEL;
            if (bottom) {
                decodeContent(packet, at);
                return;
            }
        }
        decoder.reject(packet, DecodeAnomaly.MPLS_TOO_DEEP);
    }

    private void decodeContent(PacketView packet, long at) {
        int first = u8(packet.block, at) >>> 4;
        if (first == 4) {
            decoder.ip.decodeIpv4(packet, at);
        } else if (first == 6) {
            decoder.ip.decodeIpv6(packet, at);
        } else if (first == 0 && decoder.link.isPlausibleEthernet(packet, at + CONTROL_WORD)) {
            decodeEthernet(packet, at + CONTROL_WORD);
        } else if (decoder.link.isPlausibleEthernet(packet, at)) {
            decodeEthernet(packet, at);
        } else {
            decoder.reject(packet, NonIpFrame.MPLS);
        }
    }

    private void decodeEthernet(PacketView packet, long at) {
        if (decoder.enterEthernet(packet)) {
            decoder.link.decodeEthernet(packet, at);
        }
    }
}
