package minewatch.sensor.flow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import minewatch.sensor.decode.PacketView;

/// Tells a TCP payload that nobody on the way can read by how it starts: a TLS record (RFC 8446
/// §5.1) or the first line of SSH (RFC 4253 §4.2).
final class Encryption {
    private static final ValueLayout.OfInt BE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int SSH = 0x5353_482D; // "SSH-"
    private static final int RECORD_HEADER = 5; // bytes
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int APPLICATION_DATA = 23;
    private static final int TLS_1_3 = 4; // minor version
    private static final int MAX_RECORD = (1 << 14) + 2048; // octets, TLS 1.2's, the larger

    private Encryption() {}

    /// @param packet with at least one byte of payload
    static boolean starts(PacketView packet) {
        MemorySegment block = packet.block();
        long at = packet.payloadOffset();
        if (packet.payloadLength() < RECORD_HEADER) {
            return false;
        }
        int head = block.get(BE32, at);
        int type = head >>> 24;
        if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) {
            return head == SSH;
        }
        int version = head >>> 8 & 0xFFFF;
        int length = (head & 0xFF) << 8 | block.get(ValueLayout.JAVA_BYTE, at + 4) & 0xFF;
        return version >>> 8 == 3
                && (version & 0xFF) <= TLS_1_3
                && length > 0
                && length <= MAX_RECORD;
    }
}
