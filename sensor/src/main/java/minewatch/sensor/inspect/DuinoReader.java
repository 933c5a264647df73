package minewatch.sensor.inspect;

/// Reads Duino-Coin's messages: values with commas between, with or without a line end. Without
/// one, a message ends where its segment does, and is told when the next has come.
///
/// ```
/// miner  JOB,user,difficulty[,key[,more]]      nonce,hashrate,software[,rig[,more]]
/// pool   hash(40 digits),hash(40 digits),difficulty      GOOD[,more]   BLOCK[,more]   BAD[,reason]
/// ```
///
/// Source: revoxhere/duino-coin, PC_Miner.py and ESP32_Code.ino.
final class DuinoReader implements StreamReader {
    private static final int MAX_LINE = 512;
    private static final int MAX_VALUES = 12;
    private static final int HASH = 40; // hexadecimal digits
    private static final int MAX_NUMBER = 12; // digits

    private enum Kind {
        JOB_REQUEST,
        JOB,
        RESULT,
        GOOD,
        BLOCK,
        BAD,
        NONE
    }

    private final MessageFramer.Handler handler;
    private final int[] starts = new int[MAX_VALUES + 1]; // of the values of one line; then its end
    private int values;
    private int pending; // bytes without a line end that came before the latest segment

    DuinoReader(MessageFramer.Handler handler) {
        this.handler = handler;
    }

    @Override
    public Start starts(byte[] data, int at, int to) {
        int end = endOfLine(data, at, to);
        if (end < to || to - at > MAX_LINE) {
            return kind(data, at, end) == Kind.NONE ? Start.NO : Start.YES;
        }
        return mayStart(data, at, to) ? Start.YES : Start.NO;
    }

    /// Whether an unfinished line begins as one of these: a word of theirs, or nothing but the
    /// digits, commas and points that a job or a result begins with.
    private static boolean mayStart(byte[] data, int at, int to) {
        if (begins(data, at, to, "JOB,")
                || begins(data, at, to, "GOOD")
                || begins(data, at, to, "BLOCK")
                || begins(data, at, to, "BAD")) {
            return true;
        }
        int i = at;
        while (i < to && isHex(data[i])) {
            i++;
        }
        boolean number = i - at <= MAX_NUMBER && isNumber(data, at, i);
        return i > at
                && (i == to
                        ? number || i - at <= HASH
                        : data[i] == ',' && (number || i - at == HASH));
    }

    private static boolean begins(byte[] data, int at, int to, String word) {
        return Bytes.startsWith(data, at, to, word) || Bytes.isPrefix(data, at, to, word);
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        int end = endOfLine(data, at, to);
        if (end == to) {
            return consumeUnended(data, at, to, timeNanos);
        }
        pending = 0;
        tell(data, at, end, timeNanos);
        return end + 1;
    }

    private int consumeUnended(byte[] data, int at, int to, long timeNanos) {
        int segment = at + pending;
        boolean two =
                pending > 0
                        && segment < to
                        && kind(data, at, segment) != Kind.NONE
                        && kind(data, segment, to) != Kind.NONE;
        if (two) {
            tell(data, at, segment, timeNanos);
            pending = 0;
            return segment;
        }
        if (to - at > MAX_LINE || !mayStart(data, at, to)) {
            pending = 0;
            return to;
        }
        pending = to - at;
        return -1;
    }

    private void tell(byte[] data, int at, int end, long timeNanos) {
        Kind kind = kind(data, at, end);
        if (kind == Kind.NONE) {
            return;
        }
        Rendering line =
                new Rendering(
                        "duino", kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        switch (kind) {
            case JOB_REQUEST -> add(line, data, 1, "user", "difficulty", "key");
            case JOB -> add(line, data, 0, "last", "expected", "difficulty");
            case RESULT -> add(line, data, 0, "nonce", "hashrate", "agent", "rig");
            case GOOD, BLOCK, BAD, NONE -> {}
        }
        line.deliver(handler, timeNanos);
    }

    private void add(Rendering line, byte[] data, int from, String... keys) {
        for (int i = 0; i < keys.length && from + i < values; i++) {
            int start = starts[from + i];
            int end = starts[from + i + 1] - 1;
            if (end > start) {
                line.text(keys[i], data, start, end);
            }
        }
    }

    /// What a line says; splits it into its values.
    private Kind kind(byte[] data, int at, int end) {
        int to = end > at && data[end - 1] == '\r' ? end - 1 : end;
        if (to - at > MAX_LINE || !split(data, at, to)) {
            return Kind.NONE;
        }
        if (is(data, 0, "JOB")) {
            return values >= 2 ? Kind.JOB_REQUEST : Kind.NONE;
        }
        if (is(data, 0, "GOOD")) {
            return Kind.GOOD;
        }
        if (is(data, 0, "BLOCK")) {
            return Kind.BLOCK;
        }
        if (is(data, 0, "BAD")) {
            return Kind.BAD;
        }
        if (values >= 3 && isHash(data, 0) && isHash(data, 1)) {
            return isNumber(data, starts[2], starts[3] - 1) ? Kind.JOB : Kind.NONE;
        }
        boolean result =
                values >= 3
                        && isNumber(data, starts[0], starts[1] - 1)
                        && isDecimal(data, starts[1], starts[2] - 1)
                        && starts[3] - 1 > starts[2];
        return result ? Kind.RESULT : Kind.NONE;
    }

    private boolean split(byte[] data, int at, int to) {
        values = 0;
        starts[0] = at;
        for (int i = at; i <= to; i++) {
            if (i < to && (data[i] < ' ' || data[i] == 0x7F)) {
                return false; // a control character, or beyond ASCII
            }
            if (i == to || data[i] == ',') {
                if (values == MAX_VALUES) {
                    return false;
                }
                starts[++values] = i + 1;
            }
        }
        return true;
    }

    private boolean is(byte[] data, int value, String word) {
        int length = starts[value + 1] - 1 - starts[value];
        return length == word.length()
                && Bytes.startsWith(data, starts[value], starts[value] + length, word);
    }

    private boolean isHash(byte[] data, int value) {
        int end = starts[value + 1] - 1;
        for (int i = starts[value]; i < end; i++) {
            if (!isHex(data[i])) {
                return false;
            }
        }
        return end - starts[value] == HASH;
    }

    private static boolean isNumber(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] < '0' || data[i] > '9') {
                return false;
            }
        }
        return to > from && to - from <= MAX_NUMBER;
    }

    private static boolean isDecimal(byte[] data, int from, int to) {
        int point = from;
        while (point < to && data[point] != '.') {
            point++;
        }
        return isNumber(data, from, point)
                && (point == to || to - point <= 20 && digitsOnly(data, point + 1, to));
    }

    private static boolean digitsOnly(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] < '0' || data[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f') || (b >= 'A' && b <= 'F');
    }

    private static int endOfLine(byte[] data, int at, int to) {
        int end = at;
        while (end < to && data[end] != '\n') {
            end++;
        }
        return end;
    }

    @Override
    public boolean isAtBoundary() {
        return pending == 0;
    }

    @Override
    public void onGap() {
        pending = 0;
    }
}
