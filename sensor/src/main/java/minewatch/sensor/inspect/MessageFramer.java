package minewatch.sensor.inspect;

/// Cuts the bytes of one direction into JSON texts: bare ones one after the other (with or without
/// line ends), or those in WebSocket messages after an HTTP upgrade (RFC 6455), also when the
/// upgrade was not seen.
///
/// It starts at any byte. What is not the start of a text is skipped to the next line end, or to
/// the next segment after a gap, so a flow that began long ago is read from its next message on.
///
/// - **Memory:** at most [#MAX_MESSAGE_BYTES] held back a direction, out of the worker's
///   [BufferBudget]. A longer text is skipped and counted.
/// - **Thread:** the worker's own.
final class MessageFramer implements SegmentOrder.Handler {
    static final int MAX_MESSAGE_BYTES = 64 << 10;
    private static final int MAX_HEAD_BYTES = 8 << 10;
    private static final int FIRST_CARRY_BYTES = 1 << 10;
    private static final byte[] EMPTY = {};

    /// Receives whole JSON texts.
    interface Handler {
        /// `data[start, end)`, from bracket to bracket; valid only during the call.
        void onText(byte[] data, int start, int end, long timeNanos);
    }

    private enum State {
        /// At a place where a text, an HTTP head or a WebSocket frame may start.
        START,
        /// Inside a JSON text.
        TEXT,
        /// Inside an HTTP head, up to the empty line.
        HTTP_HEAD,
        /// WebSocket frames.
        WEBSOCKET,
        /// Lost: skip to the next line end or segment.
        LOST
    }

    private final BufferBudget budget;
    private final Handler handler;
    private final JsonBoundary boundary = new JsonBoundary();
    private State state = State.START;
    private byte[] carry = EMPTY;
    private int carried;
    private int scanned;
    private final WebSocketReader webSocket;

    MessageFramer(BufferBudget budget, Handler handler) {
        this.budget = budget;
        this.handler = handler;
        this.webSocket = new WebSocketReader(budget, handler);
    }

    @Override
    public void onBytes(byte[] data, int start, int end, long timeNanos) {
        if (state == State.LOST && startsText(data[start])) {
            state = State.START;
        }
        if (carried == 0) {
            int used = consume(data, start, end, timeNanos);
            if (used < end) {
                keep(data, used, end);
            }
            return;
        }
        if (!keep(data, start, end)) {
            return;
        }
        int used = consume(carry, 0, carried, timeNanos);
        drop(used);
    }

    @Override
    public void onGap() {
        drop(carried);
        boundary.reset();
        if (state == State.WEBSOCKET) {
            webSocket.onGap();
        } else {
            state = State.LOST;
        }
    }

    /// Gives the memory back; the framer is not used again.
    void release() {
        drop(carried);
        webSocket.release();
    }

    /// Reads what can be read of `data[from, to)`.
    ///
    /// @return index of the first byte that must be kept for later; `to` if none
    private int consume(byte[] data, int from, int to, long timeNanos) {
        int at = from;
        while (at < to) {
            int next =
                    switch (state) {
                        case START -> start(data, at, to);
                        case TEXT -> text(data, at, to, timeNanos);
                        case HTTP_HEAD -> httpHead(data, at, to);
                        case WEBSOCKET -> webSocket.consume(data, at, to, timeNanos);
                        case LOST -> skipLine(data, at, to);
                    };
            if (next < 0) {
                return at;
            }
            at = next;
        }
        return at;
    }

    private int start(byte[] data, int at, int to) {
        int i = at;
        while (i < to && isBlank(data[i])) {
            i++;
        }
        if (i == to) {
            return to;
        }
        byte first = data[i];
        if (startsText(first)) {
            state = State.TEXT;
            scanned = 0;
            boundary.reset();
            return i;
        }
        if (startsHttp(data, i, to)) {
            state = State.HTTP_HEAD;
            return i;
        }
        if (WebSocketReader.startsFrame(data, i, to)) {
            state = State.WEBSOCKET;
            return i;
        }
        if (mayStart(data, i, to)) {
            return -1;
        }
        state = State.LOST;
        return i;
    }

    private int text(byte[] data, int at, int to, long timeNanos) {
        int end = boundary.scan(data, at + scanned, to);
        if (end < 0) {
            scanned = to - at;
            return -1;
        }
        scanned = 0;
        state = State.START;
        handler.onText(data, at, end, timeNanos);
        return end;
    }

    /// Only the head of an upgrade matters; what follows any other head is skipped like an unknown
    /// line.
    private int httpHead(byte[] data, int at, int to) {
        for (int i = at; i + 3 < to; i++) {
            if (data[i] == '\r'
                    && data[i + 1] == '\n'
                    && data[i + 2] == '\r'
                    && data[i + 3] == '\n') {
                state = isUpgrade(data, at, i) ? State.WEBSOCKET : State.START;
                return i + 4;
            }
        }
        if (to - at > MAX_HEAD_BYTES) {
            state = State.LOST;
            return to;
        }
        return -1;
    }

    private int skipLine(byte[] data, int at, int to) {
        for (int i = at; i < to; i++) {
            if (data[i] == '\n') {
                state = State.START;
                return i + 1;
            }
        }
        return to;
    }

    private boolean keep(byte[] data, int from, int to) {
        int length = to - from;
        boolean tooLong = carried + length > MAX_MESSAGE_BYTES;
        if (tooLong) {
            budget.countTooLong();
        }
        if (tooLong || !reserve(carried + length)) {
            drop(carried);
            state = State.LOST;
            return false;
        }
        System.arraycopy(data, from, carry, carried, length);
        carried += length;
        return true;
    }

    private boolean reserve(int wanted) {
        if (wanted <= carry.length) {
            return true;
        }
        int size = Math.max(carry.length, FIRST_CARRY_BYTES);
        while (size < wanted) {
            size <<= 1;
        }
        if (!budget.reserve(size - carry.length)) {
            return false;
        }
        byte[] larger = new byte[size];
        System.arraycopy(carry, 0, larger, 0, carried);
        carry = larger;
        return true;
    }

    private void drop(int used) {
        carried -= used;
        if (carried > 0) {
            System.arraycopy(carry, used, carry, 0, carried);
        } else {
            budget.release(carry.length);
            carry = EMPTY;
        }
    }

    private static boolean startsText(byte b) {
        return b == '{' || b == '[';
    }

    private static boolean isBlank(byte b) {
        return b == '\n' || b == '\r' || b == ' ' || b == '\t' || b == 0;
    }

    private static boolean startsHttp(byte[] data, int at, int to) {
        return Bytes.startsWith(data, at, to, "GET ") || Bytes.startsWith(data, at, to, "HTTP/1.");
    }

    /// Too few bytes to tell, and so far they could be the start of a head or of a frame.
    private static boolean mayStart(byte[] data, int at, int to) {
        return Bytes.isPrefix(data, at, to, "GET ")
                || Bytes.isPrefix(data, at, to, "HTTP/1.")
                || WebSocketReader.mayStartFrame(data, at, to);
    }

    /// A head that asks for, or grants, a WebSocket (RFC 6455 §4.1, §4.2.2).
    private static boolean isUpgrade(byte[] data, int at, int to) {
        return Bytes.containsIgnoreCase(data, at, to, "\nsec-websocket-");
    }
}
