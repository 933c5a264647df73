package minewatch.sensor.inspect;

import java.util.Arrays;

/// Reads WebSocket frames of one direction (RFC 6455 §5.2), masked or not, and passes on the JSON
/// texts in their messages. A compressed message (RFC 7692) is skipped and counted.
///
/// ```
///  byte 0: FIN RSV1-3 opcode(4)   byte 1: MASK length(7)   then 0, 2 or 8 bytes of length, 0 or 4 of mask, payload
/// ```
///
/// - **Memory:** one message of at most [MessageFramer#MAX_MESSAGE_BYTES], out of the worker's
///   [BufferBudget].
/// - **Thread:** the worker's own.
final class WebSocketReader implements StreamReader {
    private static final byte[] EMPTY = {};
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PONG = 10;

    private final BufferBudget budget;
    private final MessageFramer.Handler handler;
    private byte[] message = EMPTY;
    private int length;
    private boolean skipping;
    private boolean compressed;
    private boolean lost;
    private long toSkip;

    WebSocketReader(BufferBudget budget, MessageFramer.Handler handler) {
        this.budget = budget;
        this.handler = handler;
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
        int mask = (data[at + 1] & 0x80) != 0 ? data[at + header - 4] : 0;
        return JsonReader.startsText((byte) (data[at + header] ^ mask)) ? Start.YES : Start.NO;
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
        if (toSkip > 0) {
            int skipped = (int) Math.min(toSkip, to - at);
            toSkip -= skipped;
            return at + skipped;
        }
        if (lost) {
            if (starts(data, at, to) != Start.YES) {
                return to;
            }
            lost = false;
        }
        int header = headerLength(data, at, to);
        if (header < 0) {
            return -1;
        }
        long payload = payloadLength(data, at);
        if (payload > MessageFramer.MAX_MESSAGE_BYTES) {
            budget.countTooLong();
            skip();
            toSkip = payload;
            return at + header;
        }
        if (to - at - header < payload) {
            return -1;
        }
        onFrame(data, at, at + header, (int) payload, timeNanos);
        return at + header + (int) payload;
    }

    @Override
    public void onGap() {
        lost = true;
        toSkip = 0;
        release();
    }

    @Override
    public void release() {
        budget.release(message.length);
        message = EMPTY;
        length = 0;
    }

    private void onFrame(byte[] data, int at, int payloadAt, int payload, long timeNanos) {
        int opcode = data[at] & 0x0F;
        if (opcode >= CLOSE && opcode <= PONG) {
            return;
        }
        if (opcode > BINARY) {
            lost = true;
            return;
        }
        if (opcode != CONTINUATION) {
            length = 0;
            skipping = false;
            compressed = (data[at] & 0x40) != 0;
        }
        if (!skipping && !append(data, at, payloadAt, payload)) {
            skip();
        }
        boolean last = (data[at] & 0x80) != 0;
        if (last && !skipping && (opcode == TEXT || opcode == BINARY || opcode == CONTINUATION)) {
            deliver(timeNanos);
        }
    }

    /// The rest of the message is passed over, and what is held of it given back.
    private void skip() {
        skipping = true;
        release();
    }

    private void deliver(long timeNanos) {
        if (compressed) {
            budget.countCompressed();
        } else if (length > 1 && JsonReader.startsText(message[0])) {
            handler.onText(message, 0, length, timeNanos);
        }
        release();
    }

    private boolean append(byte[] data, int at, int payloadAt, int payload) {
        if (length + payload > MessageFramer.MAX_MESSAGE_BYTES) {
            budget.countTooLong();
            return false;
        }
        if (length + payload > message.length) {
            int size = Math.max(256, Integer.highestOneBit(Math.max(1, length + payload - 1)) << 1);
            if (!budget.reserve(size - message.length)) {
                return false;
            }
            message = Arrays.copyOf(message, size);
        }
        boolean masked = (data[at + 1] & 0x80) != 0;
        for (int i = 0; i < payload; i++) {
            byte mask = masked ? data[payloadAt - 4 + (i & 3)] : 0;
            message[length + i] = (byte) (data[payloadAt + i] ^ mask);
        }
        length += payload;
        return true;
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
