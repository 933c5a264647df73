package minewatch.sensor.inspect;

/// The binary frames that BTCAgent, a gateway for up to 65,536 rigs, and its pool mix into their
/// JSON lines. Integers are little-endian; the length counts the header.
///
/// ```
/// 7f type length(2)
///  agent → pool  01 session(2) agent 00 worker 00    02, 03, 12, 13 job(1) session(2) extranonce2(4) nonce(4) [time(4)] [version(4)]
///                04 session(2)
///  pool → agent  05 exponent(1) count(2) session(2)…  10 number(2) status(4)
/// ```
///
/// Source: btccom/btcagent, ExMessage.go and StratumStatus.go.
final class BtcAgentFormat implements FrameFormat {
    private static final int MAGIC = 0x7F;
    private static final int HEADER = 4;
    private static final int REGISTER = 0x01;
    private static final int SUBMIT = 0x02;
    private static final int SUBMIT_TIME = 0x03;
    private static final int UNREGISTER = 0x04;
    private static final int SET_DIFFICULTY = 0x05;
    private static final int RESPONSE = 0x10;
    private static final int SUBMIT_VERSION = 0x12;
    private static final int SUBMIT_TIME_VERSION = 0x13;
    private static final int MAX_REGISTER = 600; // bytes; names are short
    private static final int MAX_EXPONENT = 62;

    private static final int ACCEPT = 1798084231;
    private static final int ACCEPT_STALE = 950395421;
    private static final int SOLVED = 1422486894;
    private static final int SOLVED_STALE = 1713984938;

    private final MessageFramer.Handler handler;
    private final RigTable rigs;
    private boolean sendsShares;

    BtcAgentFormat(MessageFramer.Handler handler, RigTable rigs) {
        this.handler = handler;
        this.rigs = rigs;
    }

    @Override
    public long measure(byte[] data, int at, int to) {
        if (data[at] != MAGIC) {
            return NONE;
        }
        if (to - at < HEADER) {
            return to - at < 2 || isKnown(data[at + 1]) ? MORE : NONE;
        }
        int length = Wire.u16Little(data, at + 2);
        boolean fits =
                switch (data[at + 1]) {
                    case REGISTER -> length >= HEADER + 4 && length <= MAX_REGISTER;
                    case SUBMIT -> length == HEADER + 11;
                    case SUBMIT_TIME, SUBMIT_VERSION -> length == HEADER + 15;
                    case SUBMIT_TIME_VERSION -> length == HEADER + 19;
                    case UNREGISTER -> length == HEADER + 2;
                    case RESPONSE -> length == HEADER + 6;
                    case SET_DIFFICULTY -> length >= HEADER + 5 && length % 2 == 1;
                    default -> false;
                };
        if (!fits) {
            return NONE;
        }
        return data[at + 1] == SET_DIFFICULTY ? measureDifficulty(data, at, to, length) : length;
    }

    private static long measureDifficulty(byte[] data, int at, int to, int length) {
        if (to - at < HEADER + 3) {
            return MORE;
        }
        int count = Wire.u16Little(data, at + HEADER + 1);
        return Wire.u8(data, at + HEADER) <= MAX_EXPONENT && length == HEADER + 3 + 2 * count
                ? length
                : NONE;
    }

    private static boolean isKnown(byte type) {
        return switch (type) {
            case REGISTER,
                    SUBMIT,
                    SUBMIT_TIME,
                    UNREGISTER,
                    SET_DIFFICULTY,
                    RESPONSE,
                    SUBMIT_VERSION,
                    SUBMIT_TIME_VERSION ->
                    true;
            default -> false;
        };
    }

    @Override
    public int needed(byte[] data, int at, long length) {
        return (int) length; // at most 64 KiB: every rig's session id counts
    }

    @Override
    public void render(byte[] data, int at, int end, long timeNanos) {
        int body = at + HEADER;
        Rendering frame =
                switch (data[at + 1]) {
                    case REGISTER -> register(data, body, end);
                    case UNREGISTER -> unregister(data, body);
                    case SET_DIFFICULTY -> setDifficulty(data, body);
                    case RESPONSE -> response(data, body);
                    default -> submit(data, at, body);
                };
        frame.deliver(handler, timeNanos);
    }

    private static Rendering register(byte[] data, int body, int end) {
        int agentEnd = endOfText(data, body + 2, end);
        int worker = Math.min(agentEnd + 1, end);
        return new Rendering("btcagent", "register")
                .number("session", Wire.u16Little(data, body))
                .text("agent", data, body + 2, agentEnd)
                .text("worker", data, worker, endOfText(data, worker, end))
                .flag("whole", endOfText(data, worker, end) == end - 1);
    }

    private static int endOfText(byte[] data, int from, int end) {
        int at = from;
        while (at < end && data[at] != 0) {
            at++;
        }
        return at;
    }

    private Rendering unregister(byte[] data, int body) {
        int session = Wire.u16Little(data, body);
        rigs.forget(session);
        return new Rendering("btcagent", "unregister").number("session", session);
    }

    private Rendering setDifficulty(byte[] data, int body) {
        int exponent = Wire.u8(data, body);
        int count = Wire.u16Little(data, body + 1);
        for (int i = 0; i < count; i++) {
            rigs.learn(Wire.u16Little(data, body + 3 + 2 * i), exponent);
        }
        return difficulty(new Rendering("btcagent", "set-difficulty"), exponent)
                .number("sessions", count);
    }

    private Rendering submit(byte[] data, int at, int body) {
        int session = Wire.u16Little(data, body + 1);
        int exponent = rigs.exponent(session);
        rigs.onShare(exponent);
        sendsShares = true;
        int type = data[at + 1];
        int more = body + 11;
        Rendering frame =
                new Rendering("btcagent", "submit")
                        .number("job", Wire.u8(data, body))
                        .number("session", session)
                        .hex("extranonce2", data, body + 3, body + 7)
                        .hex("nonce", data, body + 7, body + 11);
        if (type == SUBMIT_TIME || type == SUBMIT_TIME_VERSION) {
            frame.number("time", Wire.u32Little(data, more));
            more += 4;
        }
        if (type == SUBMIT_VERSION || type == SUBMIT_TIME_VERSION) {
            frame.hex("version", data, more, more + 4);
        }
        return difficulty(frame, exponent);
    }

    private Rendering response(byte[] data, int body) {
        int number = Wire.u16Little(data, body);
        int status = Wire.i32Little(data, body + 2);
        boolean accepted =
                status == ACCEPT
                        || status == ACCEPT_STALE
                        || status == SOLVED
                        || status == SOLVED_STALE;
        Rendering frame =
                new Rendering("btcagent", accepted ? "accepted" : "refused")
                        .number("share", number)
                        .number("status", status);
        return difficulty(frame, rigs.exponentOfShare(number));
    }

    private static Rendering difficulty(Rendering frame, int exponent) {
        return exponent == RigTable.UNKNOWN ? frame : frame.number("difficulty", 1L << exponent);
    }

    @Override
    public void onGap() {
        if (sendsShares) {
            rigs.onGap();
        }
    }

    @Override
    public void release() {
        rigs.release();
    }
}
