package minewatch.sensor.inspect;

/// The handshake of RLPx, the first message of each Ethereum peer; what follows it is opaque.
///
/// ```
/// length(2, big-endian) 04 public key(64) IV(16) ciphertext MAC(32)
/// ```
///
/// The ciphertext holds some 170 bytes of a request or 100 of an answer, and 100 to 300 bytes of
/// padding.
///
/// Source: ethereum/devp2p, rlpx.md; EIP-8.
final class RlpxFormat implements FrameFormat {
    private static final int HEADER = 2;
    private static final int UNCOMPRESSED = 0x04;
    private static final int MIN_LENGTH = 290;
    private static final int MAX_LENGTH = 700;
    private static final int KEY = 64;
    private static final int DISTINCT = 46; // of the 64 bytes of a key

    private final MessageFramer.Handler handler;
    private boolean done;

    RlpxFormat(MessageFramer.Handler handler) {
        this.handler = handler;
    }

    @Override
    public long measure(byte[] data, int at, int to) {
        if (done || data[at] < 1 || data[at] > 2) {
            return NONE;
        }
        if (to - at < HEADER + 1) {
            return MORE;
        }
        int length = Wire.u16Big(data, at);
        int key = at + HEADER + 1;
        if (length < MIN_LENGTH || length > MAX_LENGTH || data[at + HEADER] != UNCOMPRESSED) {
            return NONE;
        }
        if (to - at < HEADER + length) {
            return MORE;
        }
        return Wire.distinct(data, key, key + KEY) >= DISTINCT ? (long) HEADER + length : NONE;
    }

    @Override
    public int needed(byte[] data, int at, long length) {
        return HEADER;
    }

    @Override
    public void render(byte[] data, int at, int end, long timeNanos) {
        done = true;
        new Rendering("rlpx", "handshake")
                .number("length", Wire.u16Big(data, at))
                .deliver(handler, timeNanos);
    }
}
