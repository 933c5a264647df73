package minewatch.sensor.inspect;

/// Reads gzip members (RFC 1952) and passes on the JSON texts in them: the body of an HTTP message,
/// or each message of a stream that has switched to gzip (EIP-1571, `encoding`).
///
/// ```
///  1F 8B 08 flags(1) time(4) extra(1) os(1)   [length(2) extra] [name 0] [comment 0] [crc(2)]   DEFLATE   crc(4) size(4)
/// ```
final class GzipReader implements StreamReader {
    private static final int MAGIC_1 = 0x1F;
    private static final int MAGIC_2 = 0x8B;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;
    private static final int FIXED_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int MAX_SKIPPED_BYTES = 1 << 10; // of an optional part

    private enum Part {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CRC,
        DATA,
        TRAILER
    }

    private final JsonTexts texts;
    private final Inflation inflation;
    private Part part = Part.FIXED;
    private int done; // bytes of the part
    private int extraLength;
    private int flags;

    GzipReader(BufferBudget budget, MessageFramer.Handler handler) {
        texts = new JsonTexts(budget, handler);
        inflation = new Inflation(budget, texts);
    }

    @Override
    public Start starts(byte[] data, int at, int to) {
        int known = Math.min(4, to - at);
        for (int i = 0; i < known; i++) {
            if (!isHeader(i, data[at + i] & 0xFF)) {
                return Start.NO;
            }
        }
        return known == 4 ? Start.YES : Start.MAYBE;
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        if (part == Part.DATA) {
            int next = inflation.add(data, at, to, timeNanos);
            if (inflation.isEnded()) {
                enter(Part.TRAILER);
            } else if (inflation.isBroken()) {
                onGap();
            }
            return next;
        }
        if (!header(data[at] & 0xFF)) {
            onGap();
            return to;
        }
        return at + 1;
    }

    /// Between members, and after what cannot be read.
    @Override
    public boolean isAtBoundary() {
        return part == Part.FIXED && done == 0;
    }

    @Override
    public void onGap() {
        texts.end();
        inflation.restart();
        enter(Part.FIXED);
    }

    @Override
    public void release() {
        texts.release();
        inflation.release();
    }

    /// One byte of what stands around the data.
    ///
    /// @return false if this is no gzip
    private boolean header(int value) {
        done++;
        switch (part) {
            case FIXED -> {
                if (!isHeader(done - 1, value)) {
                    return false;
                }
                flags = done == 4 ? value : flags;
                if (done == FIXED_BYTES) {
                    enter(after(Part.FIXED));
                }
            }
            case EXTRA_LENGTH -> {
                extraLength = done == 1 ? value : extraLength | value << 8;
                if (done == 2) {
                    enter(extraLength == 0 ? after(Part.EXTRA) : Part.EXTRA);
                }
            }
            case EXTRA -> {
                if (done == extraLength) {
                    enter(after(Part.EXTRA));
                }
            }
            case NAME, COMMENT -> {
                if (value == 0) {
                    enter(after(part));
                }
            }
            case CRC -> {
                if (done == 2) {
                    enter(Part.DATA);
                }
            }
            case TRAILER -> {
                if (done == TRAILER_BYTES) {
                    onGap();
                }
            }
            case DATA -> {}
        }
        return done <= MAX_SKIPPED_BYTES;
    }

    private Part after(Part before) {
        if (before == Part.FIXED && (flags & EXTRA) != 0) {
            return Part.EXTRA_LENGTH;
        }
        if (before.compareTo(Part.NAME) < 0 && (flags & NAME) != 0) {
            return Part.NAME;
        }
        if (before.compareTo(Part.COMMENT) < 0 && (flags & COMMENT) != 0) {
            return Part.COMMENT;
        }
        return (flags & HEADER_CRC) != 0 ? Part.CRC : Part.DATA;
    }

    private void enter(Part next) {
        if (next == Part.DATA) {
            inflation.restart();
        }
        part = next;
        done = 0;
    }

    private static boolean isHeader(int index, int value) {
        return switch (index) {
            case 0 -> value == MAGIC_1;
            case 1 -> value == MAGIC_2;
            case 2 -> value == DEFLATE;
            case 3 -> (value & RESERVED) == 0;
            default -> true;
        };
    }
}
