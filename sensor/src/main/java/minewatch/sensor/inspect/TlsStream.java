package minewatch.sensor.inspect;

import java.util.Arrays;

/// Cuts one direction of a TLS connection into records (RFC 8446 §5.1). Hands on the lengths of
/// those that carry data, and the handshake messages that are in the clear: everything before the
/// first change of cipher or the first data.
///
/// It starts at any record; after a gap it goes on at the next segment that begins like one.
///
/// - **Memory:** [#MAX_HANDSHAKE] bytes of handshake, out of the worker's [BufferBudget], until it
///   is over.
/// - **Thread:** the worker's own.
final class TlsStream implements SegmentOrder.Handler {
    static final int MAX_HANDSHAKE = 16 << 10;
    private static final int HEADER = 5; // bytes
    private static final int MESSAGE_HEADER = 4;
    private static final int FIRST_BUFFER = 1 << 10;
    private static final int MAX_RECORD = (16 << 10) + 2048;
    private static final int CHANGE_CIPHER = 20;
    private static final int HANDSHAKE = 22;
    private static final int DATA = 23;
    private static final byte[] EMPTY = {};

    /// Receives what the direction shows.
    interface Handler {
        /// A handshake message, or its beginning where it is longer than is kept.
        ///
        /// @param data body, `data[start, end)`
        void onHandshake(int type, byte[] data, int start, int end);

        /// A record of application data.
        void onData(int length, long timeNanos);
    }

    private final BufferBudget budget;
    private final Handler handler;
    private final byte[] header = new byte[HEADER];
    private int headed;
    private int type;
    private int length;
    private int remaining;
    private long headNanos;
    private boolean lost;
    private boolean clear = true;
    private byte[] buffer = EMPTY;
    private int buffered;

    TlsStream(BufferBudget budget, Handler handler) {
        this.budget = budget;
        this.handler = handler;
    }

    /// Whether `data[start, end)` begins like a record.
    static boolean startsRecord(byte[] data, int start, int end) {
        if (end - start < HEADER) {
            return false;
        }
        int size = (data[start + 3] & 0xFF) << 8 | data[start + 4] & 0xFF;
        return data[start] >= CHANGE_CIPHER
                && data[start] <= DATA
                && data[start + 1] == 3
                && data[start + 2] >= 0
                && data[start + 2] <= 4
                && size > 0
                && size <= MAX_RECORD;
    }

    @Override
    public void onBytes(byte[] data, int start, int end, long timeNanos) {
        if (lost && !startsRecord(data, start, end)) {
            return;
        }
        lost = false;
        int at = start;
        while (at < end && !lost) {
            at = remaining > 0 ? content(data, at, end, timeNanos) : head(data, at, end, timeNanos);
        }
    }

    @Override
    public void onGap() {
        if (remaining > 0 && type == DATA) {
            handler.onData(length, headNanos); // its length was said, whatever is missing
        }
        headed = 0;
        remaining = 0;
        lost = true;
        endHandshake();
    }

    /// Gives the memory back.
    void release() {
        endHandshake();
    }

    private int head(byte[] data, int at, int end, long timeNanos) {
        int taken = Math.min(HEADER - headed, end - at);
        System.arraycopy(data, at, header, headed, taken);
        headed += taken;
        if (headed == HEADER) {
            headed = 0;
            headNanos = timeNanos;
            lost = !startsRecord(header, 0, HEADER);
            type = header[0];
            length = (header[3] & 0xFF) << 8 | header[4] & 0xFF;
            remaining = lost ? 0 : length;
            if (type == CHANGE_CIPHER || type == DATA) {
                endHandshake();
            }
        }
        return at + taken;
    }

    private int content(byte[] data, int at, int end, long timeNanos) {
        int taken = Math.min(remaining, end - at);
        if (type == HANDSHAKE && clear) {
            keep(data, at, taken);
        }
        remaining -= taken;
        if (remaining == 0) {
            if (type == DATA) {
                handler.onData(length, timeNanos);
            } else if (type == HANDSHAKE && clear) {
                messages(false);
            }
        }
        return at + taken;
    }

    private void keep(byte[] data, int at, int taken) {
        int room = Math.min(taken, MAX_HANDSHAKE - buffered);
        if (buffered + room > buffer.length) {
            int size = Math.max(FIRST_BUFFER, buffer.length);
            while (size < buffered + room) {
                size <<= 1;
            }
            if (!budget.reserve(size - buffer.length)) {
                endHandshake();
                return;
            }
            buffer = Arrays.copyOf(buffer, size);
        }
        System.arraycopy(data, at, buffer, buffered, room);
        buffered += room;
        if (buffered == MAX_HANDSHAKE) {
            messages(true);
            endHandshake();
        }
    }

    /// Hands on the messages that are whole; the last as far as it goes where no more is kept.
    private void messages(boolean full) {
        int at = 0;
        while (at + MESSAGE_HEADER <= buffered) {
            int size =
                    (buffer[at + 1] & 0xFF) << 16
                            | (buffer[at + 2] & 0xFF) << 8
                            | buffer[at + 3] & 0xFF;
            int end = at + MESSAGE_HEADER + size;
            if (end > buffered && !full) {
                break;
            }
            handler.onHandshake(buffer[at], buffer, at + MESSAGE_HEADER, Math.min(end, buffered));
            at = Math.min(end, buffered);
        }
        if (at > 0) {
            buffered -= at;
            System.arraycopy(buffer, at, buffer, 0, buffered);
        }
    }

    private void endHandshake() {
        clear = false;
        budget.release(buffer.length);
        buffer = EMPTY;
        buffered = 0;
    }
}
