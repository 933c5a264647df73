package minewatch.sensor.inspect;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates the compressed bytes of one direction (RFC 1951) into [JsonTexts], within bounds: a
/// flow that unfolds into more than [#FREE_BYTES] and [#MAX_RATIO] times what it sent is a bomb,
/// and is inflated no further.
///
/// - **Memory:** [#MEMORY_BYTES] from the first byte on, out of the worker's [BufferBudget].
/// - **Thread:** the worker's own.
final class Inflation {
    /// The window of 32 KiB and zlib's state (zlib's `zconf.h`: 44 KiB), and the buffer here.
    static final int MEMORY_BYTES = 48 << 10;

    static final int FREE_BYTES = 256 << 10;

    /// JSON of hexadecimal digits folds to a half, a job that differs little from the last to a
    /// tenth; DEFLATE reaches 1032.
    static final int MAX_RATIO = 32;

    private static final int PIECE_BYTES = 4 << 10;
    private static final byte[] EMPTY = {};

    private final BufferBudget budget;
    private final JsonTexts texts;
    private @Nullable Inflater inflater;
    private byte[] piece = EMPTY;
    private long takenBytes;
    private long givenBytes;
    private boolean bomb;
    private boolean broken;
    private boolean ended;

    Inflation(BufferBudget budget, JsonTexts texts) {
        this.budget = budget;
        this.texts = texts;
    }

    /// Whether nothing more can be read of this stream.
    boolean isBroken() {
        return broken || bomb;
    }

    /// Whether the stream has come to its own end.
    boolean isEnded() {
        return ended;
    }

    /// A new stream begins.
    void restart() {
        broken = false;
        ended = false;
        if (inflater != null) {
            inflater.reset();
        }
    }

    /// @return index of the first byte that is not the stream's: `to`, unless it ended before
    int add(byte[] data, int from, int to, long timeNanos) {
        Inflater current = isBroken() || ended ? null : inflater();
        if (current == null) {
            return to;
        }
        current.setInput(data, from, to - from);
        takenBytes += to - from;
        try {
            inflate(current, timeNanos);
        } catch (DataFormatException e) { // foreign bytes: counted
            broken = true;
            budget.countUnreadable();
        }
        return ended ? to - current.getRemaining() : to;
    }

    void release() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
            piece = EMPTY;
            budget.release(MEMORY_BYTES);
        }
    }

    private void inflate(Inflater current, long timeNanos) throws DataFormatException {
        while (true) {
            int count = current.inflate(piece);
            givenBytes += count;
            texts.add(piece, 0, count, timeNanos);
            if (givenBytes > FREE_BYTES && givenBytes > MAX_RATIO * takenBytes) {
                bomb = true;
                budget.countBomb();
                return;
            }
            if (current.finished()) {
                ended = true;
                return;
            }
            if (current.needsDictionary()) {
                throw new DataFormatException("preset dictionary");
            }
            if (count == 0) {
                return; // all input is used
            }
        }
    }

    private @Nullable Inflater inflater() {
        if (inflater == null) {
            if (!budget.reserve(MEMORY_BYTES)) {
                broken = true;
                return null;
            }
            inflater = new Inflater(true);
            piece = new byte[PIECE_BYTES];
        }
        return inflater;
    }
}
