package minewatch.sensor.inspect;

/// Messages of whole cipher blocks with their length before them, as some relays for miners encrypt
/// what they pass on (AES in CBC mode, MessagePack inside). Nothing of it can be read, and much
/// else looks alike: a run of such messages is told, and nothing more.
///
/// ```
/// length(4, big-endian, a multiple of 16) ciphertext
/// ```
///
/// Source: perrornet/miner-proxy, proxy/protocol/protocol.go and pkg/encryption.go.
final class BlocksFormat implements FrameFormat {
    /// Messages in a row that are a run.
    static final int RUN = 8;

    private static final int HEADER = 4;
    private static final int BLOCK = 16;
    private static final int MIN_LENGTH = 3 * BLOCK;
    private static final int MAX_LENGTH = 16 << 10;
    private static final int DISTINCT = 14; // of the first 16 bytes
    private static final int DISTINCT_32 = 26; // of the first 32

    private final MessageFramer.Handler handler;
    private int inRow;

    BlocksFormat(MessageFramer.Handler handler) {
        this.handler = handler;
    }

    @Override
    public long measure(byte[] data, int at, int to) {
        if (data[at] != 0 || (to - at > 1 && data[at + 1] != 0)) {
            return NONE;
        }
        if (to - at < HEADER) {
            return MORE;
        }
        int length = Wire.i32Big(data, at);
        if (length % BLOCK != 0 || length < MIN_LENGTH || length > MAX_LENGTH) {
            return NONE;
        }
        if (to - at < HEADER + 2 * BLOCK) {
            return MORE;
        }
        int body = at + HEADER;
        return Wire.distinct(data, body, body + BLOCK) >= DISTINCT
                        && Wire.distinct(data, body, body + 2 * BLOCK) >= DISTINCT_32
                ? (long) HEADER + length
                : NONE;
    }

    @Override
    public int needed(byte[] data, int at, long length) {
        return HEADER;
    }

    @Override
    public void render(byte[] data, int at, int end, long timeNanos) {
        inRow++;
        if (inRow % RUN == 0) {
            new Rendering("cipher-blocks", "run")
                    .number("messages", RUN)
                    .deliver(handler, timeNanos);
        }
    }
}
