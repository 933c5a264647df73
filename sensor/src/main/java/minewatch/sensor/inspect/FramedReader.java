package minewatch.sensor.inspect;

import org.jspecify.annotations.Nullable;

/// Reads frames that say their own length, of whichever [FrameFormat] takes the first bytes, frame
/// by frame: after each anything may start.
///
/// - **Memory:** nothing of a frame is held here; what a format needs to see of it, at most
///   [#MAX_NEEDED], is kept by the framer.
final class FramedReader implements StreamReader {
    static final int MAX_NEEDED = 4 << 10;

    private final FrameFormat[] formats;
    private @Nullable FrameFormat format;
    private long toSkip;

    FramedReader(FrameFormat... formats) {
        this.formats = formats;
    }

    @Override
    public Start starts(byte[] data, int at, int to) {
        boolean maybe = false;
        for (FrameFormat each : formats) {
            long length = each.measure(data, at, to);
            if (length > 0) {
                format = each;
                return Start.YES;
            }
            maybe |= length == FrameFormat.MORE;
        }
        return maybe ? Start.MAYBE : Start.NO;
    }

    @Override
    public int consume(byte[] data, int at, int to, long timeNanos) {
        if (toSkip > 0) {
            return skip(at, to);
        }
        FrameFormat current = format;
        long length = current == null ? FrameFormat.NONE : current.measure(data, at, to);
        if (current == null || length <= 0) {
            format = null; // not what it was taken for: the framer offers it anew, or skips it
            return at;
        }
        int needed = current.needed(data, at, length);
        if (to - at < needed) {
            return -1;
        }
        format = null;
        current.render(data, at, at + needed, timeNanos);
        toSkip = length;
        return skip(at, to);
    }

    private int skip(int at, int to) {
        int skipped = (int) Math.min(toSkip, to - at);
        toSkip -= skipped;
        return at + skipped;
    }

    @Override
    public boolean isAtBoundary() {
        return toSkip == 0 && format == null;
    }

    @Override
    public void onGap() {
        toSkip = 0;
        format = null;
        for (FrameFormat each : formats) {
            each.onGap();
        }
    }

    @Override
    public void release() {
        for (FrameFormat each : formats) {
            each.release();
        }
    }
}
