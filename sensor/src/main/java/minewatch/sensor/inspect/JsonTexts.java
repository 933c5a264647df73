package minewatch.sensor.inspect;

import java.util.Arrays;

/// Finds the JSON texts in bytes that come in pieces, as the bodies of HTTP and the messages of
/// WebSocket do once chunks, masks and compression are off. What does not start like a text is
/// passed over to the end of the body.
///
/// - **Memory:** the unfinished text, at most [MessageFramer#MAX_MESSAGE_BYTES], out of the
///   worker's [BufferBudget].
/// - **Thread:** the worker's own.
final class JsonTexts {
    private static final byte[] EMPTY = {};
    private static final int FIRST_BYTES = 1 << 10;

    private final BufferBudget budget;
    private final MessageFramer.Handler handler;
    private final JsonBoundary boundary = new JsonBoundary();
    private byte[] held = EMPTY;
    private int length;
    private boolean inText;
    private boolean skipping;

    JsonTexts(BufferBudget budget, MessageFramer.Handler handler) {
        this.budget = budget;
        this.handler = handler;
    }

    void add(byte[] data, int from, int to, long timeNanos) {
        int at = from;
        while (at < to && !skipping) {
            if (inText) {
                at = text(data, at, to, timeNanos);
            } else if (isBlank(data[at])) {
                at++;
            } else {
                inText = JsonReader.startsText(data[at]);
                skipping = !inText;
            }
        }
    }

    /// The body is over: what is unfinished is nothing, and the next bytes begin anew.
    void end() {
        drop();
        skipping = false;
    }

    void release() {
        drop();
    }

    private int text(byte[] data, int at, int to, long timeNanos) {
        int end = boundary.scan(data, at, to);
        if (end < 0) {
            hold(data, at, to);
            return to;
        }
        if (length == 0) {
            handler.onText(data, at, end, timeNanos);
        } else if (hold(data, at, end)) {
            handler.onText(held, 0, length, timeNanos);
        }
        drop();
        return end;
    }

    private boolean hold(byte[] data, int from, int to) {
        int wanted = length + to - from;
        boolean tooLong = wanted > MessageFramer.MAX_MESSAGE_BYTES;
        if (tooLong) {
            budget.countTooLong();
        }
        if (tooLong || !reserve(wanted)) {
            drop();
            skipping = true;
            return false;
        }
        System.arraycopy(data, from, held, length, to - from);
        length = wanted;
        return true;
    }

    private boolean reserve(int wanted) {
        if (wanted <= held.length) {
            return true;
        }
        int size = Math.max(FIRST_BYTES, Integer.highestOneBit(wanted - 1) << 1);
        if (!budget.reserve(size - held.length)) {
            return false;
        }
        held = Arrays.copyOf(held, size);
        return true;
    }

    private void drop() {
        budget.release(held.length);
        held = EMPTY;
        length = 0;
        inText = false;
        boundary.reset();
    }

    private static boolean isBlank(byte b) {
        return b == '\n' || b == '\r' || b == ' ' || b == '\t' || b == 0;
    }
}
