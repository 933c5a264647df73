package minewatch.sensor.inspect;

/// Reads HTTP/1 heads, and hands over to the [WebSocketReader] after one that asks for, or grants,
/// a WebSocket (RFC 6455 §4.1, §4.2.2). What follows any other head is offered to the readers
/// again.
final class HttpReader implements StreamReader {
    private static final int MAX_HEAD_BYTES = 8 << 10;

    private final WebSocketReader webSocket;
    private boolean inHead;
    private boolean upgraded;
    private int scanned;

    HttpReader(WebSocketReader webSocket) {
        this.webSocket = webSocket;
    }

    @Override
    public Start starts(byte[] data, int at, int to) {
        if (Bytes.startsWith(data, at, to, "GET ") || Bytes.startsWith(data, at, to, "HTTP/1.")) {
            return Start.YES;
        }
        return Bytes.isPrefix(data, at, to, "GET ") || Bytes.isPrefix(data, at, to, "HTTP/1.")
                ? Start.MAYBE
                : Start.NO;
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        if (upgraded) {
            return webSocket.consume(data, at, to, timeNanos);
        }
        inHead = true;
        for (int i = at + scanned; i + 3 < to; i++) {
            if (data[i] == '\r' && Bytes.startsWith(data, i, to, "\r\n\r\n")) {
                upgraded = Bytes.containsIgnoreCase(data, at, i, "\nsec-websocket-");
                inHead = false;
                scanned = 0;
                return i + 4;
            }
        }
        if (to - at > MAX_HEAD_BYTES) {
            onGap();
            return to;
        }
        scanned = Math.max(0, to - at - 3);
        return -1;
    }

    @Override
    public boolean isAtBoundary() {
        return !inHead && !upgraded;
    }

    @Override
    public void onGap() {
        inHead = false;
        scanned = 0;
        if (upgraded) {
            webSocket.onGap();
        }
    }
}
