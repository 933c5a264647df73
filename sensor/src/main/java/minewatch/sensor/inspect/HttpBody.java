package minewatch.sensor.inspect;

import org.jspecify.annotations.Nullable;

/// The body of an HTTP message, its content coding taken off (RFC 9110 §8.4.1): `gzip`, `deflate`
/// or none. A body of another coding is passed over.
///
/// - **Thread:** the worker's own.
final class HttpBody {
    private enum Coding {
        IDENTITY,
        GZIP,
        DEFLATE,
        OTHER
    }

    private static final int ZLIB_HEADER_BYTES = 2;

    private final BufferBudget budget;
    private final MessageFramer.Handler handler;
    private final JsonTexts texts;
    private @Nullable GzipReader gzip;
    private @Nullable Inflation inflation;
    private Coding coding = Coding.IDENTITY;
    private int toSkip; // of a zlib header; −1: not known whether there is one
    private boolean over;

    HttpBody(BufferBudget budget, MessageFramer.Handler handler) {
        this.budget = budget;
        this.handler = handler;
        this.texts = new JsonTexts(budget, handler);
    }

    void begin(String contentCoding) {
        coding =
                switch (contentCoding) {
                    case "", "identity" -> Coding.IDENTITY;
                    case "gzip", "x-gzip" -> Coding.GZIP;
                    case "deflate" -> Coding.DEFLATE;
                    default -> Coding.OTHER;
                };
        toSkip = -1;
        over = false;
    }

    void add(byte[] data, int from, int to, long timeNanos) {
        switch (coding) {
            case IDENTITY -> texts.add(data, from, to, timeNanos);
            case GZIP -> addGzip(data, from, to, timeNanos);
            case DEFLATE -> addDeflate(data, from, to, timeNanos);
            case OTHER -> {}
        }
    }

    /// Forgets what is unfinished.
    void end() {
        texts.end();
        if (gzip != null) {
            gzip.onGap();
        }
        if (inflation != null) {
            inflation.restart();
        }
    }

    void release() {
        texts.release();
        if (gzip != null) {
            gzip.release();
        }
        if (inflation != null) {
            inflation.release();
        }
    }

    private void addGzip(byte[] data, int from, int to, long timeNanos) {
        GzipReader reader = gzip;
        if (reader == null) {
            reader = new GzipReader(budget, handler);
            gzip = reader;
        }
        for (int at = from; at < to && !over; ) {
            over = reader.isAtBoundary() && reader.starts(data, at, to) == StreamReader.Start.NO;
            if (!over) {
                at = reader.consume(data, at, to, timeNanos);
            }
        }
    }

    /// What is called `deflate` has a zlib header (RFC 1950) where the sender keeps to the
    /// standard. It cannot be taken for the first byte of bare DEFLATE that holds anything.
    private void addDeflate(byte[] data, int from, int to, long timeNanos) {
        if (toSkip < 0) {
            toSkip = (data[from] & 0x8F) == 0x08 ? ZLIB_HEADER_BYTES : 0;
        }
        int skipped = Math.min(toSkip, to - from);
        toSkip -= skipped;
        Inflation current = inflation;
        if (current == null) {
            current = new Inflation(budget, texts);
            inflation = current;
        }
        if (from + skipped < to) {
            current.add(data, from + skipped, to, timeNanos);
        }
    }
}
