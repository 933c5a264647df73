package minewatch.sensor.flow;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import minewatch.sensor.decode.PacketView;

/// The first-bytes test for what is neither JSON nor HTTP. A TCP payload passes where it starts
/// like
///
/// - a frame of BTCAgent (`7f`, a known type, a length that goes with it) or of Stratum V2 in
///   clear;
/// - a line of Duino-Coin: `JOB,`, or two SHA-1 hashes and a comma after each;
/// - a message of Bitcoin's kin (an ASCII command before zeros), Monero's (its signature),
///   P2Pool's;
/// - an RLPx handshake whose length is the segment's;
/// - a length of whole cipher blocks that is the segment's, and no text after it;
///
/// and the first of a flow that was seen from its SYN on also where it is as long as a Noise
/// handshake of Stratum V2 and looks random, or too short to tell. A datagram passes where it is
/// built like Ethereum's node discovery.
///
/// Passing means “worth a look”, nothing more; what the bytes are is for the readers of the next
/// room to say.
final class FrameGate {
    private static final ValueLayout.OfShort BE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt LE32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong BE64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private static final int JOB = 0x4A4F_422C; // "JOB,"
    private static final long LEVIN = 0x0121_0101_0101_0101L;
    private static final int BITCOIN_HEADER = 24; // bytes
    private static final int HASH_DIGITS = 40;
    private static final int DISCOVERY_HEADER = 98;
    private static final int MAX_DISCOVERY = 1280;
    private static final int MIN_RLPX = 292;
    private static final int MAX_RLPX = 702;
    private static final int P2POOL_CHALLENGE = 17;
    private static final int P2POOL_PORT_AND_REQUEST = 38;
    private static final int NOISE_KEY = 64;
    private static final int MIN_TOLD = 4; // bytes: with fewer nothing can be told

    private FrameGate() {}

    /// @param opens whether it is the first payload of a flow that was seen from its SYN on
    static boolean passes(PacketView packet, boolean opens) {
        MemorySegment block = packet.block();
        long at = packet.payloadOffset();
        int length = packet.payloadLength();
        int first = u8(block, at);
        boolean known =
                switch (first) {
                    case 0x7F -> startsBtcAgent(block, at, length);
                    case 0x00 -> startsZero(block, at, length);
                    case 0x01 ->
                            startsRlpx(block, at, length)
                                    || (length >= 8 && block.get(BE64, at) == LEVIN);
                    case 0x02 ->
                            startsRlpx(block, at, length) || startsP2PoolPort(block, at, length);
                    case 'J' -> length >= 4 && block.get(BE32, at) == JOB;
                    default -> isHex(first) && startsHashes(block, at, length);
                };
        return known
                || (length >= BITCOIN_HEADER && startsBitcoin(block, at))
                || (opens && (isShort(first, length) || mayOpenNoise(block, at, length)));
    }

    /// A datagram of Ethereum's node discovery: recovery id, type, and a list.
    static boolean passesDatagram(PacketView packet) {
        int length = packet.payloadLength();
        if (length <= DISCOVERY_HEADER || length > MAX_DISCOVERY) {
            return false;
        }
        MemorySegment block = packet.block();
        long at = packet.payloadOffset();
        int type = u8(block, at + 97);
        return u8(block, at + 96) <= 1 && type >= 1 && type <= 6 && u8(block, at + 98) >= 0xC0;
    }

    private static boolean startsBtcAgent(MemorySegment block, long at, int length) {
        if (length < 6) {
            return false;
        }
        int announced = u8(block, at + 2) | u8(block, at + 3) << 8;
        return switch (u8(block, at + 1)) {
            case 0x01 -> announced >= 8 && announced <= 600;
            case 0x02 -> announced == 15;
            case 0x03, 0x12 -> announced == 19;
            case 0x13 -> announced == 23;
            case 0x04 -> announced == 6;
            case 0x05 -> announced >= 9 && (announced & 1) == 1;
            case 0x10 -> announced == 10;
            default -> false;
        };
    }

    private static boolean startsZero(MemorySegment block, long at, int length) {
        return switch (length >= 8 ? u8(block, at + 1) : -1) {
            case 0x00 ->
                    startsStratumV2(block, at)
                            || startsBlocks(block, at, length)
                            || length == P2POOL_CHALLENGE;
            case 0x80 -> startsChannelMessage(block, at);
            default -> length == P2POOL_CHALLENGE;
        };
    }

    /// Not of a channel: the setup and the opening of channels.
    private static boolean startsStratumV2(MemorySegment block, long at) {
        int payload = block.get(LE32, at + 2) >>> 8;
        return switch (u8(block, at + 2)) {
            case 0x00 -> payload >= 16 && payload <= 1291 && u8(block, at + 7) == 2;
            case 0x01 -> payload == 6 && u8(block, at + 6) == 2;
            case 0x10, 0x13 -> payload >= 42 && payload <= 298;
            case 0x11, 0x14 -> payload >= 43 && payload <= 79;
            default -> startsChannelMessage(block, at);
        };
    }

    private static boolean startsChannelMessage(MemorySegment block, long at) {
        int payload = block.get(LE32, at + 2) >>> 8;
        return switch (u8(block, at + 2)) {
            case 0x15 -> payload == 45 || payload == 49;
            case 0x16 -> payload == 40;
            case 0x1A -> payload == 24;
            case 0x1B -> payload >= 25 && payload <= 57;
            case 0x1C -> payload == 20;
            case 0x1D -> payload >= 10 && payload <= 264;
            case 0x1F -> payload >= 60 && payload <= 1 << 16;
            case 0x20 -> payload == 48;
            case 0x21 -> payload == 36;
            default -> false;
        };
    }

    private static boolean startsBlocks(MemorySegment block, long at, int length) {
        int announced = block.get(BE32, at);
        return announced == length - 4
                && announced % 16 == 0
                && announced >= 48
                && distinct(block, at + 4, 16) >= 14;
    }

    private static boolean startsRlpx(MemorySegment block, long at, int length) {
        return length >= MIN_RLPX
                && length <= MAX_RLPX
                && u8(block, at + 2) == 0x04
                && (block.get(BE16, at) & 0xFFFF) == length - 2;
    }

    /// The port a peer listens on, and the request of the newest block, whose id is zeros.
    private static boolean startsP2PoolPort(MemorySegment block, long at, int length) {
        return length >= P2POOL_PORT_AND_REQUEST
                && u8(block, at + 5) == 0x03
                && block.get(BE64, at + 6) == 0
                && block.get(BE64, at + 30) == 0;
    }

    private static boolean startsHashes(MemorySegment block, long at, int length) {
        return length >= 2 * HASH_DIGITS + 3
                && u8(block, at + HASH_DIGITS) == ','
                && u8(block, at + 2 * HASH_DIGITS + 1) == ',';
    }

    /// The zeros at the end of a short command, which most are, then its letters.
    private static boolean startsBitcoin(MemorySegment block, long at) {
        return block.get(BE32, at + 12) == 0
                && isLetter(u8(block, at + 4))
                && isLetterOrZero(u8(block, at + 6))
                && u8(block, at + 19) <= 1;
    }

    /// Too short to tell, and not the beginning of TLS.
    private static boolean isShort(int first, int length) {
        return length < MIN_TOLD && first != Encryption.HANDSHAKE;
    }

    private static boolean mayOpenNoise(MemorySegment block, long at, int length) {
        return (length == NOISE_KEY || length == 234 || length == 170)
                && distinct(block, at, NOISE_KEY) >= 46;
    }

    /// How many different values `count` bytes have.
    private static int distinct(MemorySegment block, long at, int count) {
        long a = 0;
        long b = 0;
        long c = 0;
        long d = 0;
        for (int i = 0; i < count; i++) {
            int value = u8(block, at + i);
            long bit = 1L << (value & 63);
            switch (value >> 6) {
                case 0 -> a |= bit;
                case 1 -> b |= bit;
                case 2 -> c |= bit;
                default -> d |= bit;
            }
        }
        return Long.bitCount(a) + Long.bitCount(b) + Long.bitCount(c) + Long.bitCount(d);
    }

    private static boolean isHex(int character) {
        return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'f');
    }

    private static boolean isLetter(int character) {
        return character >= 'a' && character <= 'z';
    }

    private static boolean isLetterOrZero(int character) {
        return character == 0 || isLetter(character);
    }

    private static int u8(MemorySegment block, long at) {
        return block.get(ValueLayout.JAVA_BYTE, at) & 0xFF;
    }
}
