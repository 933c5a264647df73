package minewatch.sensor.inspect;

import org.jspecify.annotations.Nullable;

/// Stratum V2 frames in clear, as within a farm's own network. Integers and targets are
/// little-endian; a string has its length in a byte before it.
///
/// ```
/// extension(2, bit 15: of a channel) type(1) length(3) payload
/// ```
///
/// A frame is taken for one only if its payload has the length its type demands.
///
/// Source: Stratum V2 specification 03-Protocol-Overview §3.2, §3.6, 05-Mining-Protocol §5.3,
/// 08-Message-Types.
final class StratumV2Format implements FrameFormat {
    private static final int HEADER = 6;
    private static final int VERSION = 2;
    private static final int TARGET = 32;
    private static final int MAX_TEXT = 255;
    private static final int MAX_SHARES = 4096; // that one message answers

    private static final int SETUP = 0x00;
    private static final int SETUP_SUCCESS = 0x01;
    private static final int OPEN_STANDARD = 0x10;
    private static final int OPEN_STANDARD_SUCCESS = 0x11;
    private static final int OPEN_EXTENDED = 0x13;
    private static final int OPEN_EXTENDED_SUCCESS = 0x14;
    private static final int NEW_JOB = 0x15;
    private static final int UPDATE_CHANNEL = 0x16;
    private static final int SUBMIT_STANDARD = 0x1A;
    private static final int SUBMIT_EXTENDED = 0x1B;
    private static final int SUBMIT_SUCCESS = 0x1C;
    private static final int SUBMIT_ERROR = 0x1D;
    private static final int NEW_EXTENDED_JOB = 0x1F;
    private static final int NEW_PREVIOUS_HASH = 0x20;
    private static final int SET_TARGET = 0x21;

    private final MessageFramer.Handler handler;
    private final ChannelTable channels;

    StratumV2Format(MessageFramer.Handler handler, ChannelTable channels) {
        this.handler = handler;
        this.channels = channels;
    }

    @Override
    public long measure(byte[] data, int at, int to) {
        if (data[at] != 0 || (to - at > 1 && data[at + 1] != 0 && data[at + 1] != (byte) 0x80)) {
            return NONE;
        }
        if (to - at < HEADER) {
            return MORE;
        }
        int length = Wire.u24Little(data, at + 3);
        if (!fits(data[at + 2], length)) {
            return NONE;
        }
        if (data[at + 2] == SETUP) {
            return measureSetup(data, at + HEADER, Math.min(to, at + HEADER + length), length);
        }
        if (data[at + 2] == SETUP_SUCCESS && to - at >= HEADER + 2) {
            return Wire.u16Little(data, at + HEADER) == VERSION ? (long) HEADER + length : NONE;
        }
        return (long) HEADER + length;
    }

    /// Whether a payload of this type can be so long.
    private static boolean fits(int type, int length) {
        return switch (type) {
            case SETUP -> length >= 16 && length <= 16 + 5 * MAX_TEXT;
            case SETUP_SUCCESS -> length == 6;
            case OPEN_STANDARD -> length >= 42 && length <= 41 + MAX_TEXT;
            case OPEN_STANDARD_SUCCESS -> length >= 45 && length <= 77;
            case OPEN_EXTENDED -> length >= 44 && length <= 43 + MAX_TEXT;
            case OPEN_EXTENDED_SUCCESS -> length >= 43 && length <= 79;
            case NEW_JOB -> length == 45 || length == 49;
            case UPDATE_CHANNEL -> length == 40;
            case SUBMIT_STANDARD -> length == 24;
            case SUBMIT_EXTENDED -> length >= 25 && length <= 57;
            case SUBMIT_SUCCESS -> length == 20;
            case SUBMIT_ERROR -> length >= 10 && length <= 9 + MAX_TEXT;
            case NEW_EXTENDED_JOB -> length >= 60 && length <= 1 << 16;
            case NEW_PREVIOUS_HASH -> length == 48;
            case SET_TARGET -> length == 36;
            default -> false;
        };
    }

    private static long measureSetup(byte[] data, int body, int end, int length) {
        if (end - body < 5) {
            return MORE;
        }
        boolean version2 =
                Wire.u8(data, body) <= 3
                        && Wire.u16Little(data, body + 1) == VERSION
                        && Wire.u16Little(data, body + 3) == VERSION;
        return version2 ? (long) HEADER + length : NONE;
    }

    @Override
    public int needed(byte[] data, int at, long length) {
        return (int) Math.min(length, data[at + 2] == NEW_EXTENDED_JOB ? 24 : length);
    }

    @Override
    public void render(byte[] data, int at, int end, long timeNanos) {
        int body = at + HEADER;
        int type = data[at + 2];
        Rendering frame =
                switch (type) {
                    case SETUP -> setup(data, body, end);
                    case SETUP_SUCCESS ->
                            new Rendering("sv2", "setup-success").number("version", 2);
                    case OPEN_STANDARD -> open("open-standard", data, body, end);
                    case OPEN_EXTENDED -> open("open-extended", data, body, end);
                    case OPEN_STANDARD_SUCCESS, OPEN_EXTENDED_SUCCESS -> opened(type, data, body);
                    case NEW_JOB -> job("job", data, body);
                    case NEW_EXTENDED_JOB -> job("extended-job", data, body);
                    case NEW_PREVIOUS_HASH -> previousHash(data, body);
                    case SET_TARGET -> setTarget(data, body);
                    case UPDATE_CHANNEL -> update(data, body);
                    case SUBMIT_SUCCESS -> accepted(data, body);
                    case SUBMIT_ERROR -> refused(data, body, end);
                    default -> submit(type, data, body);
                };
        frame.deliver(handler, timeNanos);
    }

    private static Rendering setup(byte[] data, int body, int end) {
        Rendering frame =
                new Rendering("sv2", "setup")
                        .number("protocol", Wire.u8(data, body))
                        .number("flags", Wire.u32Little(data, body + 5));
        int at = text(frame, "host", data, body + 9, end);
        if (at + 2 <= end) {
            frame.number("port", Wire.u16Little(data, at));
        }
        at = text(frame, "vendor", data, at + 2, end);
        at = text(frame, "hardware", data, at, end);
        at = text(frame, "firmware", data, at, end);
        text(frame, "device", data, at, end);
        return frame;
    }

    /// @return index after it; beyond `end` where it does not fit, and nothing is said then
    private static int text(Rendering frame, String key, byte[] data, int at, int end) {
        if (at >= end) {
            return end + 1;
        }
        int after = at + 1 + Wire.u8(data, at);
        if (after <= end) {
            frame.text(key, data, at + 1, after);
        }
        return after;
    }

    private static Rendering open(String kind, byte[] data, int body, int end) {
        Rendering frame = new Rendering("sv2", kind).number("request", Wire.u32Little(data, body));
        int at = text(frame, "user", data, body + 4, end);
        if (at + 4 <= end) {
            float rate = Float.intBitsToFloat(Wire.i32Little(data, at));
            frame.number("hashrate", (long) rate); // NaN is 0
        }
        return frame;
    }

    private Rendering opened(int type, byte[] data, int body) {
        int channel = Wire.i32Little(data, body + 4);
        channels.learn(channel, data, body + 8);
        String kind = type == OPEN_STANDARD_SUCCESS ? "opened-standard" : "opened-extended";
        return target(of(kind, data, body + 4), channel)
                .number("request", Wire.u32Little(data, body));
    }

    private static Rendering of(String kind, byte[] data, int channel) {
        return new Rendering("sv2", kind).number("channel", Wire.u32Little(data, channel));
    }

    private Rendering target(Rendering frame, int channel) {
        byte @Nullable [] target = channels.target(channel);
        return target == null ? frame : frame.hex("target", target, 0, TARGET);
    }

    private Rendering job(String kind, byte[] data, int body) {
        Rendering frame = of(kind, data, body).number("job", Wire.u32Little(data, body + 4));
        return target(frame, Wire.i32Little(data, body)).flag("future", data[body + 8] == 0);
    }

    private static Rendering previousHash(byte[] data, int body) {
        return of("previous-hash", data, body)
                .number("job", Wire.u32Little(data, body + 4))
                .hex("hash", data, body + 8, body + 40)
                .number("time", Wire.u32Little(data, body + 40))
                .number("bits", Wire.u32Little(data, body + 44));
    }

    private Rendering setTarget(byte[] data, int body) {
        int channel = Wire.i32Little(data, body);
        channels.learn(channel, data, body + 4);
        return target(of("set-target", data, body), channel);
    }

    private static Rendering update(byte[] data, int body) {
        float rate = Float.intBitsToFloat(Wire.i32Little(data, body + 4));
        return of("update-channel", data, body).number("hashrate", (long) rate);
    }

    private Rendering submit(int type, byte[] data, int body) {
        String kind = type == SUBMIT_STANDARD ? "submit-standard" : "submit-extended";
        Rendering frame =
                of(kind, data, body)
                        .number("sequence", Wire.u32Little(data, body + 4))
                        .number("job", Wire.u32Little(data, body + 8))
                        .hex("nonce", data, body + 12, body + 16)
                        .number("time", Wire.u32Little(data, body + 16))
                        .hex("version", data, body + 20, body + 24);
        return target(frame, Wire.i32Little(data, body));
    }

    private Rendering accepted(byte[] data, int body) {
        long shares = Math.min(MAX_SHARES, Wire.u32Little(data, body + 8));
        Rendering frame =
                of("accepted", data, body)
                        .number("sequence", Wire.u32Little(data, body + 4))
                        .number("shares", shares);
        return target(frame, Wire.i32Little(data, body));
    }

    private static Rendering refused(byte[] data, int body, int end) {
        Rendering frame =
                of("refused", data, body).number("sequence", Wire.u32Little(data, body + 4));
        text(frame, "code", data, body + 8, end);
        return frame;
    }

    @Override
    public void release() {
        channels.release();
    }
}
