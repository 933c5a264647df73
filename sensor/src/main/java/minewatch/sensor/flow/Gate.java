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
/// - an HTTP request or response with a miner's call in its body, or a result that may be work, or
///   a field of mining's own;
/// - an HTTP `CONNECT` to another port than 443, a SOCKS request;
/// - a WebSocket text or binary frame that holds a JSON object, or is compressed (RFC 6455 §5.2,
///   RFC 7692);
/// - a short gzip member;
/// - a short piece of the start of a head: whoever sends in small pieces is read as well.
///
/// Passing means “worth a look”, nothing more.
public final class Gate {
    static final int MAX_WHITE_SPACE = 4;

    /// Of an HTTP request, bytes: how far the upgrade header is looked for.
    static final int MAX_REQUEST = 4096;

    private static final ValueLayout.OfInt BE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort BE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LE64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LINE_FEEDS = 0x0A0A_0A0A_0A0A_0A0AL;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final ValueLayout.OfLong BE64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final byte[] GET = {'G', 'E', 'T', ' ', '/'};
    private static final int SWITCHING = 0x2031_3031; // " 101"
    private static final byte[] HTTP_1 = {'H', 'T', 'T', 'P', '/', '1', '.'};
    private static final byte[] POST = {'P', 'O', 'S', 'T', ' ', '/'};
    private static final byte[] CONNECT = {'C', 'O', 'N', 'N', 'E', 'C', 'T', ' '};
    private static final byte[] HTTPS_PORT = {':', '4', '4', '3', ' '};

    /// Fields that only mining has, all of what is rendered of a head: `X-Mining-Extensions`,
    /// `X-Mining-Hashrate`; `X-Long-Polling`, `X-Stratum`.
    private static final byte[][] MINING_FIELDS = {
        {'x', '-', 'm', 'i', 'n', 'i', 'n', 'g', '-'},
        {'x', '-', 'l', 'o', 'n', 'g', '-', 'p', 'o', 'l', 'l', 'i', 'n', 'g', ':'},
        {'x', '-', 's', 't', 'r', 'a', 't', 'u', 'm', ':'}
    };

    private static final byte[] METHOD = {'"', 'm', 'e', 't', 'h', 'o', 'd', '"'};
    private static final byte[] RESULT = {'"', 'r', 'e', 's', 'u', 'l', 't', '"'};

    /// What is in the names of the calls a miner makes over HTTP: `getwork`, `eth_getWork`,
    /// `eth_submitHashrate`, `submitblock`, `getblocktemplate`.
    private static final byte[][] CALLS = {
        {'w', 'o', 'r', 'k'},
        {'s', 'u', 'b', 'm', 'i', 't'},
        {'t', 'e', 'm', 'p', 'l', 'a', 't', 'e'}
    };

    private static final byte[] UPGRADE = {'u', 'p', 'g', 'r', 'a', 'd', 'e', ':'};
    private static final byte[] WEBSOCKET = {'w', 'e', 'b', 's', 'o', 'c', 'k', 'e', 't'};

    private static final int MAX_PIECE = 128; // bytes, of a first line

    /// Of a body, bytes: how far a key of JSON-RPC is looked for.
    private static final int MAX_BODY = 128;

    private static final int MAX_CALL = 32; // bytes, of a method's name and what is around it
    private static final int MAX_GZIP = 1200; // bytes on the wire: a message, not a file
    private static final int GZIP = 0x1F;
    private static final int GZIP_MAGIC = 0x1F8B_0800;
    private static final int SOCKS_4 = 4;
    private static final int SOCKS_5 = 5;
    private static final int SOCKS_CONNECT = 1;
    private static final int SOCKS_METHODS = 10; // at most
    private static final int SOCKS_METHOD = 9; // the last that is assigned

    private static final int TEXT_FRAME = 0x81; // final fragment, no extension
    private static final int BINARY_FRAME = 0x82;
    private static final int FIRST_FRAGMENT = 0x01; // of a text
    private static final int COMPRESSED_TEXT = 0xC1;
    private static final int COMPRESSED_BINARY = 0xC2;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private Gate() {}

    /// @param packet of TCP, with a payload
    public static boolean passes(PacketView packet) {
        MemorySegment block = packet.block();
        long at = packet.payloadOffset();
        int length = packet.payloadLength();
        return switch (u8(block, at)) {
            case '{' -> startsObject(block, at, length);
            case ' ', '\t', '\r', '\n' -> startsObjectAfterSpace(block, at, length);
            case 'G' -> isCutOff(block, at, length, GET) || asksForWebSocket(block, at, length);
            case 'P' ->
                    isCutOff(block, at, length, POST)
                            || (startsWith(block, at, length, POST) && isRpc(block, at, length));
            case 'H' -> isCutOff(block, at, length, HTTP_1) || answers(block, at, length);
            case 'C' -> isCutOff(block, at, length, CONNECT) || connects(block, at, length);
            case SOCKS_5 -> length == 1 || greetsSocks(block, at, length);
            case SOCKS_4 -> asksSocks4(block, at, length);
            case GZIP -> startsGzip(packet, block, at, length);
            case TEXT_FRAME, BINARY_FRAME, FIRST_FRAGMENT ->
                    framesObject(packet, block, at, length);
            case COMPRESSED_TEXT, COMPRESSED_BINARY -> framesExactly(packet, block, at, length);
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

    private static boolean answers(MemorySegment block, long at, int length) {
        return length >= 12
                && startsWith(block, at, length, HTTP_1)
                && (block.get(BE32, at + 8) == SWITCHING || isRpc(block, at, length));
    }

    private static boolean connects(MemorySegment block, long at, int length) {
        if (!startsWith(block, at, length, CONNECT)) {
            return false;
        }
        long end = at + Math.min(length, MAX_REQUEST);
        long space = at + CONNECT.length;
        while (space < end && u8(block, space) != ' ') {
            space++;
        }
        return space < end && !equalsIgnoreCase(block, space + 1 - HTTPS_PORT.length, HTTPS_PORT);
    }

    /// Whether the head has a field of mining's own, or the body starts like a miner's call, or
    /// like a result that may be work.
    private static boolean isRpc(MemorySegment block, long at, int length) {
        long end = at + Math.min(length, MAX_REQUEST);
        for (long line = nextLine(block, at, end); line < end; line = nextLine(block, line, end)) {
            int next = u8(block, line);
            if (next == '\r') {
                return startsRpc(block, line + 2, at + length);
            }
            if ((next | 0x20) == 'x' && isMiningField(block, line, end)) {
                return true;
            }
        }
        return false;
    }

    /// What follows the next line feed; `end` if there is none. Eight bytes at a time: a byte of
    /// the difference is 0 where a line feed stands, and only there its high bit comes out set.
    private static long nextLine(MemorySegment block, long from, long end) {
        long at = from;
        while (at + 8 <= end) {
            long difference = block.get(LE64, at) ^ LINE_FEEDS;
            long found = difference - LOW_BITS & ~difference & HIGH_BITS;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >> 3) + 1;
            }
            at += 8;
        }
        while (at < end) {
            if (u8(block, at++) == '\n') {
                return at;
            }
        }
        return end;
    }

    private static boolean isMiningField(MemorySegment block, long at, long end) {
        for (byte[] field : MINING_FIELDS) {
            if (end - at >= field.length && equalsIgnoreCase(block, at, field)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsRpc(MemorySegment block, long at, long end) {
        if (end - at < 2 || u8(block, at) != '{' || !mayFollowBrace(u8(block, at + 1))) {
            return false;
        }
        for (long i = at + 1; i < Math.min(end, at + MAX_BODY); i++) {
            if (u8(block, i) == '"' && end - i >= METHOD.length) {
                if (equalsIgnoreCase(block, i, METHOD)) {
                    return namesCall(block, i + METHOD.length, end);
                }
                if (equalsIgnoreCase(block, i, RESULT)) {
                    return holdsMany(block, i + RESULT.length, end);
                }
            }
        }
        return false;
    }

    /// Whether one of a miner's calls follows.
    private static boolean namesCall(MemorySegment block, long at, long end) {
        for (long i = at; i < Math.min(end, at + MAX_CALL); i++) {
            for (byte[] call : CALLS) {
                if (end - i >= call.length && equalsIgnoreCase(block, i, call)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether a colon and an object or array follow: work is never a mere value.
    private static boolean holdsMany(MemorySegment block, long at, long end) {
        for (long i = at; i < Math.min(end, at + MAX_WHITE_SPACE); i++) {
            int character = u8(block, i);
            if (character == '{' || character == '[') {
                return true;
            }
        }
        return false;
    }

    /// A greeting and nothing after it (RFC 1928 §3).
    private static boolean greetsSocks(MemorySegment block, long at, int length) {
        int methods = u8(block, at + 1);
        if (methods == 0 || methods > SOCKS_METHODS || length != 2 + methods) {
            return false;
        }
        for (int i = 2; i < length; i++) {
            if (u8(block, at + i) > SOCKS_METHOD) {
                return false;
            }
        }
        return true;
    }

    /// A request to connect that ends with the segment.
    private static boolean asksSocks4(MemorySegment block, long at, int length) {
        return length > 8
                && u8(block, at + 1) == SOCKS_CONNECT
                && block.get(BE16, at + 2) != 0
                && u8(block, at + length - 1) == 0;
    }

    private static boolean startsGzip(PacketView packet, MemorySegment block, long at, int length) {
        return length > 18
                && packet.payloadWireLength() <= MAX_GZIP
                && (block.get(BE32, at) & ~0x1F) == GZIP_MAGIC;
    }

    /// Whether the segment is a piece of the first line and no more than that.
    private static boolean isCutOff(MemorySegment block, long at, int length, byte[] start) {
        if (length > MAX_PIECE) {
            return false;
        }
        // Two loops: with both conditions in one the compiler supposes that all of `start` is read,
        // is refuted at the next short piece, and compiles again, a hundred times.
        int known = Math.min(length, start.length);
        for (int i = 0; i < known; i++) {
            if (block.get(ValueLayout.JAVA_BYTE, at + i) != start[i]) {
                return false;
            }
        }
        for (int i = known; i < length; i++) {
            if (block.get(ValueLayout.JAVA_BYTE, at + i) == '\n') {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWith(MemorySegment block, long at, int length, byte[] start) {
        if (length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if (block.get(ValueLayout.JAVA_BYTE, at + i) != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean asksForWebSocket(MemorySegment block, long at, int length) {
        if (!startsWith(block, at, length, GET)) {
            return false;
        }
        long end = at + Math.min(length, MAX_REQUEST) - UPGRADE.length;
        for (long line = nextLine(block, at + 4, end);
                line < end;
                line = nextLine(block, line, end)) {
            if (equalsIgnoreCase(block, line, UPGRADE)) {
                return upgradesToWebSocket(block, line + UPGRADE.length, at + length);
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
        int content = contentStart(block, at, length);
        if (length < content + 2) {
            return false;
        }
        boolean masked = (u8(block, at + 1) & MASKED) != 0;
        return isConsistent(packet, block, at, content + announced(block, at))
                && unmasked(block, at, content, masked, 0) == '{'
                && mayFollowBrace(unmasked(block, at, content, masked, 1));
    }

    /// Whether the frame ends where the segment does: nothing else tells of a compressed one.
    private static boolean framesExactly(
            PacketView packet, MemorySegment block, long at, int length) {
        int content = contentStart(block, at, length);
        return length > content && content + announced(block, at) == packet.payloadWireLength();
    }

    /// Where the payload of a frame starts, from its first byte; beyond `length` if it is cut off
    /// before.
    private static int contentStart(MemorySegment block, long at, int length) {
        if (length < 2) {
            return 2;
        }
        int lengthByte = u8(block, at + 1);
        int shortLength = lengthByte & ~MASKED;
        int header = 2 + (shortLength == LENGTH_16 ? 2 : shortLength == LENGTH_64 ? 8 : 0);
        return header + ((lengthByte & MASKED) != 0 ? 4 : 0);
    }

    private static long announced(MemorySegment block, long at) {
        int shortLength = u8(block, at + 1) & ~MASKED;
        return switch (shortLength) {
            case LENGTH_16 -> block.get(BE16, at + 2) & 0xFFFF;
            case LENGTH_64 -> block.get(BE64, at + 2);
            default -> shortLength;
        };
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
