package minewatch.sensor.flow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import minewatch.sensor.decode.PacketView;

/// What a TCP payload that nobody on the way can read starts like: a TLS record (RFC 8446 §5.1) or
/// the first line of SSH (RFC 4253 §4.2).
enum Encryption {
    NONE,
    /// Fewer bytes than tell, and so far as a handshake of TLS begins.
    PIECE,
    CLIENT_HELLO,
    SERVER_HELLO,
    /// A record of data that is no longer than [#MAX_SMALL].
    SMALL_DATA,
    OTHER_RECORD,
    SSH;

    /// Longer records of data are not how miners talk; octets.
    static final int MAX_SMALL = 6144;

    private static final ValueLayout.OfInt BE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int SSH_HEAD = 0x5353_482D; // "SSH-"
    private static final int RECORD_HEADER = 5; // bytes
    private static final int CHANGE_CIPHER_SPEC = 20;
    static final int HANDSHAKE = 22; // type of record
    private static final int APPLICATION_DATA = 23;
    private static final int MAJOR_VERSION = 3;
    private static final int TLS_1_3 = 4; // minor version
    private static final int MAX_RECORD = (1 << 14) + 2048; // octets, TLS 1.2's, the larger
    private static final int CLIENT_HELLO_TYPE = 1;
    private static final int SERVER_HELLO_TYPE = 2;

    /// @param packet with at least one byte of payload
    static Encryption of(PacketView packet) {
        MemorySegment block = packet.block();
        long at = packet.payloadOffset();
        int held = packet.payloadLength();
        if (held < RECORD_HEADER) {
            return u8(block, at) == HANDSHAKE && (held == 1 || u8(block, at + 1) == MAJOR_VERSION)
                    ? PIECE
                    : NONE;
        }
        int head = block.get(BE32, at);
        int type = head >>> 24;
        if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA) {
            return head == SSH_HEAD ? SSH : NONE;
        }
        int length = (head & 0xFF) << 8 | u8(block, at + 4);
        if ((head >>> 16 & 0xFF) != MAJOR_VERSION
                || (head >>> 8 & 0xFF) > TLS_1_3
                || length == 0
                || length > MAX_RECORD) {
            return NONE;
        }
        return switch (type) {
            case HANDSHAKE ->
                    held == RECORD_HEADER ? PIECE : ofHandshake(u8(block, at + RECORD_HEADER));
            case APPLICATION_DATA -> length <= MAX_SMALL ? SMALL_DATA : OTHER_RECORD;
            default -> OTHER_RECORD;
        };
    }

    private static Encryption ofHandshake(int messageType) {
        return switch (messageType) {
            case CLIENT_HELLO_TYPE -> CLIENT_HELLO;
            case SERVER_HELLO_TYPE -> SERVER_HELLO;
            default -> OTHER_RECORD;
        };
    }

    private static int u8(MemorySegment block, long at) {
        return block.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }
}
