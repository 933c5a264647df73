package minewatch.sensor.inspect;

/// Reads JSON texts one after the other, with or without line ends between them. A line end that
/// comes with its text is read with it: alone it might be the first byte of a frame.
final class JsonReader implements StreamReader {
    private final MessageFramer.Handler handler;
    private final JsonBoundary boundary = new JsonBoundary();
    private int scanned;

    JsonReader(MessageFramer.Handler handler) {
        this.handler = handler;
    }

    static boolean startsText(byte b) {
        return b == '{' || b == '[';
    }

    @Override
    public Start starts(byte[] data, int at, int to) {
        return startsText(data[at]) ? Start.YES : Start.NO;
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        int end = scanned == 0 ? handler.onFirstText(data, at, to, timeNanos) : -1;
        if (end >= 0) {
            return afterLineEnd(data, end, to);
        }
        end = boundary.scan(data, at + scanned, to);
        if (end < 0) {
            scanned = to - at;
            return -1;
        }
        scanned = 0;
        handler.onText(data, at, end, timeNanos);
        return afterLineEnd(data, end, to);
    }

    private static int afterLineEnd(byte[] data, int at, int to) {
        int next = at;
        while (next < to && (data[next] == '\n' || data[next] == '\r')) {
            next++;
        }
        return next;
    }

    @Override
    public boolean isAtBoundary() {
        return scanned == 0;
    }

    @Override
    public void onGap() {
        boundary.reset();
        scanned = 0;
    }
}
