package minewatch.sensor.inspect;

/// Levin messages, as Monero's peers and those of its kin speak. Integers are little-endian.
///
/// ```
/// 01 21 01 01 01 01 01 01 length(8) wants-reply(1) command(4) return(4) flags(4) version(4) payload
/// ```
///
/// Source: monero-project/monero, docs/LEVIN_PROTOCOL.md.
final class LevinFormat implements FrameFormat {
    private static final long SIGNATURE = 0x0121_0101_0101_0101L;
    private static final int HEADER = 33;
    private static final long MAX_LENGTH = 100_000_000;
    private static final int MAX_FLAGS = 0x0F;
    private static final long STORAGE = 0x0111_0101_0101_0201L; // what most payloads begin with

    private final MessageFramer.Handler handler;

    LevinFormat(MessageFramer.Handler handler) {
        this.handler = handler;
    }

    @Override
    public long measure(byte[] data, int at, int to) {
        for (int i = 0; i < 8 && at + i < to; i++) {
            if (data[at + i] != (byte) (SIGNATURE >>> (56 - 8 * i))) {
                return NONE;
            }
        }
        if (to - at < HEADER) {
            return MORE;
        }
        long length = Wire.i64Little(data, at + 8);
        return length >= 0
                        && length <= MAX_LENGTH
                        && Wire.u8(data, at + 16) <= 1
                        && Wire.u32Little(data, at + 25) <= MAX_FLAGS
                        && Wire.u32Little(data, at + 29) <= 1
                ? (long) HEADER + length
                : NONE;
    }

    @Override
    public int needed(byte[] data, int at, long length) {
        return (int) Math.min(length, HEADER + 8);
    }

    @Override
    public void render(byte[] data, int at, int end, long timeNanos) {
        boolean storage = end - at == HEADER + 8 && Wire.i64Big(data, at + HEADER) == STORAGE;
        new Rendering("levin", "message")
                .number("command", Wire.u32Little(data, at + 17))
                .number("length", Wire.i64Little(data, at + 8))
                .number("flags", Wire.u32Little(data, at + 25))
                .flag("wants-reply", data[at + 16] == 1)
                .flag("storage", storage)
                .deliver(handler, timeNanos);
    }
}
