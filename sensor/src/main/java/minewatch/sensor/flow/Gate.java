package minewatch.sensor.flow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import minewatch.sensor.decode.PacketView;

/// The first-bytes test that keeps nearly every packet away from inspection. A TCP payload passes
/// where it starts like
///
/// - a JSON object, after at most [#MAX_WHITE_SPACE] bytes of white space;
/// - an HTTP request that asks for a WebSocket, or the answer `101` (RFC 6455 §4);
/// - a WebSocket text or binary frame, not compressed, that holds a JSON object (RFC 6455 §5.2).
///
/// Passing means “worth a look”, nothing more.
final class Gate {
    static final int MAX_WHITE_SPACE = 4;

    /// Of an HTTP request, bytes: how far the upgrade header is looked for.
    static final int MAX_REQUEST = 4096;

    private static final ValueLayout.OfInt BE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort BE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int GET = 0x4745_5420; // "GET "
    private static final long HTTP_1_1 = 0x4854_5450_2F31_2E31L; // "HTTP/1.1"
    private static final int SWITCHING = 0x2031_3031; // " 101"
    private static final byte[] UPGRADE = {'u', 'p', 'g', 'r', 'a', 'd', 'e', ':'};
    private static final byte[] WEBSOCKET = {'w', 'e', 'b', 's', 'o', 'c', 'k', 'e', 't'};

    private static final int TEXT_FRAME = 0x81; // final fragment, no extension
    private static final int BINARY_FRAME = 0x82;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private Gate() {}

    static boolean passes(PacketView packet) {
        MemorySegment block = packet.block();
        long at = packet.payloadOffset();
        int length = packet.payloadLength();
        return switch (u8(block, at)) {
            case '{' -> startsObject(block, at, length);
            case ' ', '\t', '\r', '\n' -> startsObjectAfterSpace(block, at, length);
            case 'G' -> asksForWebSocket(block, at, length);
            case 'H' -> switchesProtocol(block, at, length);
            case TEXT_FRAME, BINARY_FRAME -> framesObject(packet, block, at, length);
            default -> false;
        };
    }

    private static boolean startsObject(MemorySegment block, long at, int length) {
        return length == 1 || mayFollowBrace(u8(block, at + 1));
    }

    private static boolean mayFollowBrace(int character) {
        return character == '"' || character == '}' || isWhiteSpace(character);
    }

    private static boolean isWhiteSpace(int character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\n';
    }

    private static boolean startsObjectAfterSpace(MemorySegment block, long at, int length) {
        for (int i = 1; i <= MAX_WHITE_SPACE && i < length; i++) {
            int character = u8(block, at + i);
            if (character == '{') {
                return startsObject(block, at + i, length - i);
            }
            if (!isWhiteSpace(character)) {
                return false;
            }
        }
        return false;
    }

    private static boolean switchesProtocol(MemorySegment block, long at, int length) {
        return length >= 12
                && block.get(BE64, at) == HTTP_1_1
                && block.get(BE32, at + 8) == SWITCHING;
    }

    private static boolean asksForWebSocket(MemorySegment block, long at, int length) {
        if (length < 4 || block.get(BE32, at) != GET) {
            return false;
        }
        long end = at + Math.min(length, MAX_REQUEST) - UPGRADE.length;
        for (long line = at + 4; line < end; line++) {
            if (u8(block, line) == '\n' && equalsIgnoreCase(block, line + 1, UPGRADE)) {
                return upgradesToWebSocket(block, line + 1 + UPGRADE.length, at + length);
            }
        }
        return false;
    }

    private static boolean upgradesToWebSocket(MemorySegment block, long value, long end) {
        long at = value;
        while (at < end && isBlank(u8(block, at))) {
            at++;
        }
        return end - at >= WEBSOCKET.length && equalsIgnoreCase(block, at, WEBSOCKET);
    }

    private static boolean isBlank(int character) {
        return character == ' ' || character == '\t';
    }

    private static boolean equalsIgnoreCase(MemorySegment block, long at, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            int character = u8(block, at + i);
            int lower = character >= 'A' && character <= 'Z' ? character + 32 : character;
            if (lower != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean framesObject(
            PacketView packet, MemorySegment block, long at, int length) {
        if (length < 2) {
            return false;
        }
        int lengthByte = u8(block, at + 1);
        boolean masked = (lengthByte & MASKED) != 0;
        int shortLength = lengthByte & ~MASKED;
        int header = 2 + (shortLength == LENGTH_16 ? 2 : shortLength == LENGTH_64 ? 8 : 0);
        int content = header + (masked ? 4 : 0);
        if (length < content + 2) {
            return false;
        }
        long announced =
                switch (shortLength) {
                    case LENGTH_16 -> block.get(BE16, at + 2) & 0xFFFF;
                    case LENGTH_64 -> block.get(BE64, at + 2);
                    default -> shortLength;
                };
        return isConsistent(packet, block, at, content + announced)
                && unmasked(block, at, content, masked, 0) == '{'
                && mayFollowBrace(unmasked(block, at, content, masked, 1));
    }

    /// Whether the segment ends with the frame, or in it, or another frame follows.
    private static boolean isConsistent(
            PacketView packet, MemorySegment block, long at, long frameLength) {
        if (frameLength < 0 || frameLength > 1 << 20) {
            return false;
        }
        if (frameLength >= packet.payloadLength()) {
            return true;
        }
        int following = u8(block, at + frameLength);
        return (following & 0x70) == 0;
    }

    private static int unmasked(
            MemorySegment block, long at, int content, boolean masked, int index) {
        int character = u8(block, at + content + index);
        return masked ? character ^ u8(block, at + content - 4 + index) : character;
    }

    private static int u8(MemorySegment block, long at) {
        return block.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }
}
