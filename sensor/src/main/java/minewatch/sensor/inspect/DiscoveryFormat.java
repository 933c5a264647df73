package minewatch.sensor.inspect;

/// Datagrams of Ethereum's node discovery, version 4. (Version 5 masks its header with the
/// receiver's identity and looks like random bytes.)
///
/// ```
/// hash(32) signature(64) recovery(1: 0 or 1) type(1: 1 to 6) list in RLP
/// ```
///
/// Source: ethereum/devp2p, discv4.md.
final class DiscoveryFormat implements FrameFormat {
    private static final int RECOVERY_AT = 96;
    private static final int TYPE_AT = 97;
    private static final int LIST_AT = 98;
    private static final int MAX_DATAGRAM = 1280;
    private static final int SHORT_LIST = 0xC0;
    private static final int LONG_LIST = 0xF7;
    private static final int DISTINCT = 46; // of the 64 bytes of a signature

    private static final String[] KINDS = {
        "ping", "pong", "find-node", "neighbours", "record-request", "record"
    };

    private final MessageFramer.Handler handler;

    DiscoveryFormat(MessageFramer.Handler handler) {
        this.handler = handler;
    }

    /// A datagram is whole or none.
    @Override
    public long measure(byte[] data, int at, int to) {
        int length = to - at;
        if (length <= LIST_AT || length > MAX_DATAGRAM) {
            return NONE;
        }
        int type = data[at + TYPE_AT];
        boolean fits =
                Wire.u8(data, at + RECOVERY_AT) <= 1
                        && type >= 1
                        && type <= KINDS.length
                        && LIST_AT + listLength(data, at + LIST_AT, to) == length
                        && Wire.distinct(data, at + 32, at + RECOVERY_AT) >= DISTINCT;
        return fits ? length : NONE;
    }

    /// Length of an RLP list with its header; −1 if it is none.
    private static int listLength(byte[] data, int at, int to) {
        int first = Wire.u8(data, at);
        if (first < SHORT_LIST) {
            return -1;
        }
        if (first <= LONG_LIST) {
            return 1 + first - SHORT_LIST;
        }
        int bytes = first - LONG_LIST;
        if (bytes > 2 || at + bytes >= to) {
            return -1;
        }
        int length = bytes == 1 ? Wire.u8(data, at + 1) : Wire.u16Big(data, at + 1);
        return 1 + bytes + length;
    }

    @Override
    public int needed(byte[] data, int at, long length) {
        return (int) length;
    }

    @Override
    public void render(byte[] data, int at, int end, long timeNanos) {
        new Rendering("discv4", KINDS[data[at + TYPE_AT] - 1])
                .number("length", end - at)
                .deliver(handler, timeNanos);
    }
}
