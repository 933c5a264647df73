package minewatch.sensor.inspect;

/// Reads WebSocket frames of one direction (RFC 6455 §5.2), masked or not, whole or in fragments,
/// compressed or not (RFC 7692), and passes on the JSON texts in their messages.
///
/// Whether `permessage-deflate` keeps its window from one message to the next need not be known:
/// the window is kept, and a sender that begins anew does not refer to it. After a loss, or from
/// the middle of a flow, messages that refer to what was not seen cannot be read; they are counted.
///
/// ```
///  byte 0: FIN RSV1-3 opcode(4)   byte 1: MASK length(7)   then 0, 2 or 8 bytes of length, 0 or 4 of mask, payload
/// ```
///
/// - **Memory:** what [JsonTexts] and [Inflation] hold.
/// - **Thread:** the worker's own.
final class WebSocketReader implements StreamReader {
    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PONG = 10;
    private static final int COMPRESSED = 0x40; // RSV1
    private static final int PIECE_BYTES = 1 << 10;

    /// What a sender takes off the end of each compressed message (RFC 7692 §7.2.1).
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final JsonTexts texts;
    private final Inflation inflation;
    private final byte[] mask = new byte[4];
    private byte[] piece = {};
    private boolean lost;
    private boolean inMessage;
    private boolean compressed;

    // The frame in hand.
    private long toRead;
    private long done;
    private boolean masked;
    private boolean last;
    private boolean control;

    WebSocketReader(BufferBudget budget, MessageFramer.Handler handler) {
        texts = new JsonTexts(budget, handler);
        inflation = new Inflation(budget, texts);
    }

    /// Whether the bytes can be the start of a frame whose message is a JSON text: known opcode, no
    /// reserved bits, and a payload that, unmasked, starts like one.
    @Override
    public Start starts(byte[] data, int at, int to) {
        if (!startsMessage(data[at])) {
            return Start.NO;
        }
        int header = headerLength(data, at, to);
        if (header < 0 || at + header >= to) {
            return Start.MAYBE;
        }
        int key = (data[at + 1] & 0x80) != 0 ? data[at + header - 4] : 0;
        return JsonReader.startsText((byte) (data[at + header] ^ key)) ? Start.YES : Start.NO;
    }

    /// A WebSocket stays one.
    @Override
    public boolean isAtBoundary() {
        return false;
    }

    /// Text or binary, whole or the first part, uncompressed.
    private static boolean startsMessage(byte first) {
        return first == (byte) 0x81 || first == (byte) 0x82 || first == 0x01;
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        if (toRead > 0) {
            return payload(data, at, to, timeNanos);
        }
        if (lost && !isFrame(data, at, to)) {
            return to;
        }
        int header = headerLength(data, at, to);
        if (header < 0) {
            return -1;
        }
        if (!isFrame(data, at, to)) {
            onGap();
            return to;
        }
        lost = false;
        onHeader(data, at, header);
        if (toRead == 0) {
            onFrameEnd(timeNanos);
        }
        return at + header;
    }

    @Override
    public void onGap() {
        lost = true;
        toRead = 0;
        inMessage = false;
        texts.end();
        inflation.restart();
    }

    @Override
    public void release() {
        texts.release();
        inflation.release();
    }

    /// Whether what the first byte says may be said here: after a loss, only the start of a message
    /// or a control frame.
    private boolean isFrame(byte[] data, int at, int to) {
        int first = data[at] & 0xFF;
        int opcode = first & 0x0F;
        if ((first & 0x30) != 0 || (opcode > BINARY && (opcode < CLOSE || opcode > PONG))) {
            return false;
        }
        if (opcode >= CLOSE) {
            return (first & 0xC0) == 0x80 && (to - at < 2 || (data[at + 1] & 0x7F) < 126);
        }
        if (opcode == CONTINUATION) {
            return (first & COMPRESSED) == 0 && (inMessage || !lost);
        }
        return !lost || (first & COMPRESSED) != 0 || starts(data, at, to) != Start.NO;
    }

    private void onHeader(byte[] data, int at, int header) {
        int opcode = data[at] & 0x0F;
        last = (data[at] & 0x80) != 0;
        masked = (data[at + 1] & 0x80) != 0;
        control = opcode >= CLOSE;
        toRead = payloadLength(data, at);
        done = 0;
        if (masked) {
            System.arraycopy(data, at + header - 4, mask, 0, 4);
        }
        if (opcode == CONTINUATION || control) {
            return;
        }
        texts.end();
        inMessage = true;
        compressed = (data[at] & COMPRESSED) != 0;
        if (compressed && (inflation.isBroken() || inflation.isEnded())) {
            inflation.restart();
        }
    }

    private int payload(byte[] data, int at, int to, long timeNanos) {
        int length = (int) Math.min(toRead, to - at);
        if (!control && inMessage) {
            if (masked) {
                unmask(data, at, at + length, timeNanos);
            } else {
                pass(data, at, at + length, timeNanos);
            }
        }
        toRead -= length;
        done += length;
        if (toRead == 0) {
            onFrameEnd(timeNanos);
        }
        return at + length;
    }

    private void unmask(byte[] data, int from, int to, long timeNanos) {
        if (piece.length == 0) {
            piece = new byte[PIECE_BYTES];
        }
        for (int at = from; at < to; at += piece.length) {
            int length = Math.min(piece.length, to - at);
            for (int i = 0; i < length; i++) {
                piece[i] = (byte) (data[at + i] ^ mask[(int) (done + at - from + i) & 3]);
            }
            pass(piece, 0, length, timeNanos);
        }
    }

    private void pass(byte[] data, int from, int to, long timeNanos) {
        if (compressed) {
            inflation.add(data, from, to, timeNanos);
        } else {
            texts.add(data, from, to, timeNanos);
        }
    }

    private void onFrameEnd(long timeNanos) {
        if (!last || control) {
            return;
        }
        if (compressed && inMessage) {
            inflation.add(TAIL, 0, TAIL.length, timeNanos);
        }
        texts.end();
        inMessage = false;
    }

    private static int headerLength(byte[] data, int at, int to) {
        if (to - at < 2) {
            return -1;
        }
        int length = data[at + 1] & 0x7F;
        int header =
                2
                        + (length == 126 ? 2 : length == 127 ? 8 : 0)
                        + ((data[at + 1] & 0x80) != 0 ? 4 : 0);
        return to - at < header ? -1 : header;
    }

    private static long payloadLength(byte[] data, int at) {
        int length = data[at + 1] & 0x7F;
        if (length < 126) {
            return length;
        }
        long value = 0;
        for (int i = 0; i < (length == 126 ? 2 : 8); i++) {
            value = (value << 8) | (data[at + 2 + i] & 0xFF);
        }
        return value < 0 ? Long.MAX_VALUE : value;
    }
}
