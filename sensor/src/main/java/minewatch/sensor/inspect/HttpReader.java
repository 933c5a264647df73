package minewatch.sensor.inspect;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads HTTP/1 messages one after the other (RFC 9112): each head is rendered as a text, and the
/// JSON texts in bodies, by length or in chunks, are passed on. A body without either, and whatever
/// follows a `CONNECT`, is offered to the readers; after the head that asks for a WebSocket, or
/// grants it, the rest is the [WebSocketReader]'s.
///
/// - **Memory:** a head of at most [#MAX_HEAD_BYTES] in the framer's carry, and what [HttpBody]
///   holds.
/// - **Thread:** the worker's own.
final class HttpReader implements StreamReader {
    static final int MAX_HEAD_BYTES = 8 << 10;
    private static final int MAX_CHUNK_LINE_BYTES = 256;
    private static final String[] FIRST_WORDS = {
        "GET ", "POST ", "HTTP/1.", "CONNECT ", "HEAD ", "PUT ", "OPTIONS "
    };

    private enum Part {
        NONE,
        HEAD,
        BODY,
        CHUNK_LINE,
        CHUNK,
        TRAILER,
        UPGRADED
    }

    private final MessageFramer.Handler handler;
    private final WebSocketReader webSocket;
    private final HttpBody body;
    private Part part = Part.NONE;
    private int scanned;
    private long toRead;
    private boolean atBodyStart;

    HttpReader(BufferBudget budget, MessageFramer.Handler handler, WebSocketReader webSocket) {
        this.handler = handler;
        this.webSocket = webSocket;
        this.body = new HttpBody(budget, handler::onBody);
    }

    @Override
    public Start starts(byte[] data, int at, int to) {
        boolean maybe = false;
        for (String word : FIRST_WORDS) {
            if (Bytes.startsWith(data, at, to, word)) {
                return Start.YES;
            }
            maybe |= Bytes.isPrefix(data, at, to, word);
        }
        return maybe ? Start.MAYBE : Start.NO;
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        return switch (part) {
            case NONE, HEAD -> head(data, at, to, timeNanos);
            case BODY, CHUNK -> body(data, at, to, timeNanos);
            case CHUNK_LINE -> chunkLine(data, at, to);
            case TRAILER -> trailer(data, at, to);
            case UPGRADED -> webSocket.consume(data, at, to, timeNanos);
        };
    }

    @Override
    public boolean isAtBoundary() {
        return part == Part.NONE;
    }

    @Override
    public void onGap() {
        if (part == Part.UPGRADED) {
            webSocket.onGap();
        } else {
            leave();
        }
    }

    @Override
    public void release() {
        body.release();
        webSocket.release();
    }

    private int head(byte[] data, int at, int to, long timeNanos) {
        part = Part.HEAD;
        for (int i = at + scanned; i + 3 < to; i++) {
            if (data[i] == '\r' && Bytes.startsWith(data, i, to, "\r\n\r\n")) {
                onHead(HttpHead.of(data, at, i), timeNanos);
                return i + 4;
            }
        }
        if (to - at > MAX_HEAD_BYTES) {
            leave();
            return to;
        }
        scanned = Math.max(0, to - at - 3);
        return -1;
    }

    private void onHead(@Nullable HttpHead head, long timeNanos) {
        leave();
        if (head == null) {
            return;
        }
        Tunnel tunnel = head.tunnel();
        if (tunnel != null) {
            handler.onTunnel(tunnel);
        }
        head.rendering().deliver(handler::onHead, timeNanos);
        if (head.isUpgrade()) {
            part = Part.UPGRADED;
        } else if (!head.isBodiless()) {
            enterBody(head);
        }
    }

    private void enterBody(HttpHead head) {
        body.begin(head.contentCoding());
        atBodyStart = !head.isRequest();
        if (head.isChunked()) {
            part = Part.CHUNK_LINE;
        } else if (head.contentLength() > 0) {
            part = Part.BODY;
            toRead = head.contentLength();
        }
    }

    private int body(byte[] data, int at, int to, long timeNanos) {
        if (atBodyStart && Bytes.startsWith(data, at, to, "HTTP/1.")) { // it answered a HEAD
            leave();
            return at;
        }
        atBodyStart = false;
        int length = (int) Math.min(toRead, to - at);
        body.add(data, at, at + length, timeNanos);
        toRead -= length;
        if (toRead == 0) {
            if (part == Part.CHUNK) {
                part = Part.CHUNK_LINE;
            } else {
                leave();
            }
        }
        return at + length;
    }

    /// `size [; extension] CR LF`, or the line end after a chunk (RFC 9112 §7.1).
    private int chunkLine(byte[] data, int at, int to) {
        int end = lineEnd(data, at, to);
        if (end < 0) {
            return needLine(at, to, MAX_CHUNK_LINE_BYTES);
        }
        String line = new String(data, at, end - at, StandardCharsets.ISO_8859_1).trim();
        int semicolon = line.indexOf(';');
        String size = semicolon < 0 ? line : line.substring(0, semicolon).trim();
        if (line.isEmpty()) {
            return end;
        }
        if (!size.matches("[0-9A-Fa-f]{1,15}")) {
            leave();
            return at;
        }
        toRead = Long.parseLong(size, 16);
        part = toRead == 0 ? Part.TRAILER : Part.CHUNK;
        return end;
    }

    private int trailer(byte[] data, int at, int to) {
        int end = lineEnd(data, at, to);
        if (end < 0) {
            return needLine(at, to, MAX_HEAD_BYTES);
        }
        if (end - at <= 2) {
            leave();
        }
        return end;
    }

    private int needLine(int at, int to, int most) {
        if (to - at > most) {
            leave();
            return to;
        }
        return -1;
    }

    /// Index after the line feed; −1 if there is none.
    private static int lineEnd(byte[] data, int at, int to) {
        for (int i = at; i < to; i++) {
            if (data[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private void leave() {
        part = Part.NONE;
        scanned = 0;
        atBodyStart = false;
        body.end();
    }
}
