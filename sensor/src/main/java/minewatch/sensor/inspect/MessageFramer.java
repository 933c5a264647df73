package minewatch.sensor.inspect;

import org.jspecify.annotations.Nullable;

/// Cuts the bytes of one direction into JSON texts. Wherever something may start it offers the
/// bytes to its [StreamReader]s, and the one that takes them reads until it is at a boundary again.
///
/// It starts at any byte. What no reader takes is skipped to the next line end or segment, so a
/// flow that began long ago is read from its next message on.
///
/// - **Memory:** at most [#MAX_MESSAGE_BYTES] held back a direction, out of the worker's
///   [BufferBudget], besides what a reader holds. A longer text is skipped and counted.
/// - **Thread:** the worker's own.
final class MessageFramer implements SegmentOrder.Handler {
    static final int MAX_MESSAGE_BYTES = 64 << 10;
    private static final int FIRST_CARRY_BYTES = 1 << 10;
    private static final byte[] EMPTY = {};

    /// Receives whole JSON texts: `data[start, end)`, from bracket to bracket, valid only during
    /// the call.
    interface Handler {
        /// A text of a JSON stream or a WebSocket message, or a frame rendered as a text.
        void onText(byte[] data, int start, int end, long timeNanos);

        /// What begins with a JSON text: where that is whole and valid it is read at once, without
        /// a search for its end.
        ///
        /// @return index after the text; −1 if it has not been read, and comes to [#onText] when
        ///   its end is known
        default int onFirstText(byte[] data, int start, int end, long timeNanos) {
            return -1;
        }

        /// The head of an HTTP message, rendered. It says how things are carried, and is a message
        /// only where a dialect knows it.
        default void onHead(byte[] data, int start, int end, long timeNanos) {}

        /// A text in the body of an HTTP message.
        default void onBody(byte[] data, int start, int end, long timeNanos) {}

        /// What comes now goes through a proxy.
        default void onTunnel(Tunnel tunnel) {}
    }

    private final BufferBudget budget;
    private final StreamReader first; // of `readers`: what most flows need, one reference nearer
    private final StreamReader[] readers;
    private @Nullable StreamReader reader;
    private boolean lost;
    private byte[] carry = EMPTY;
    private int carried;
    private int segmentAt; // where the latest segment starts in what is being read

    /// For one direction of a TCP connection that is seen by itself.
    MessageFramer(BufferBudget budget, Handler handler) {
        this(budget, new Exchange(budget, true).streamReaders(handler));
    }

    /// @param readers of those that can read what is offered the first has it
    MessageFramer(BufferBudget budget, StreamReader... readers) {
        this.budget = budget;
        this.first = readers[0];
        this.readers = readers;
    }

    /// See [Session#touch(boolean, int)].
    int touch(int step) {
        return switch (step) {
            case 0 -> carried;
            case 1 -> first.isAtBoundary() ? 1 : 0;
            default -> 0;
        };
    }

    @Override
    public void onBytes(byte[] data, int start, int end, long timeNanos) {
        lost = false; // the start of a segment is as good a place as a line's
        segmentAt = carried == 0 ? start : carried;
        if (carried == 0) {
            int used = consume(data, start, end, timeNanos);
            if (used < end) {
                keep(data, used, end);
            }
        } else if (keep(data, start, end)) {
            drop(consume(carry, 0, carried, timeNanos));
        }
    }

    @Override
    public void onGap() {
        drop(carried);
        lost = true;
        StreamReader current = reader;
        if (current != null) {
            current.onGap();
            leaveAtBoundary(current);
        }
    }

    /// Gives the memory back; the framer is not used again.
    void release() {
        drop(carried);
        for (StreamReader each : readers) {
            each.release();
        }
    }

    /// Reads what can be read of `data[from, to)`.
    ///
    /// @return index of the first byte that must be kept for later; `to` if none
    private int consume(byte[] data, int from, int to, long timeNanos) {
        int at = from;
        while (at < to) {
            StreamReader current = reader;
            int next;
            if (current != null) {
                next = current.consume(data, at, to, timeNanos);
                leaveAtBoundary(current);
            } else if (lost) {
                next = skipLine(data, at, to);
            } else {
                next = choose(data, at, to);
            }
            if (next < 0) {
                return at;
            }
            at = next;
        }
        return at;
    }

    private void leaveAtBoundary(StreamReader current) {
        if (current.isAtBoundary()) {
            reader = null;
        }
    }

    private int choose(byte[] data, int at, int to) {
        if (first.starts(data, at, to) == StreamReader.Start.YES) {
            reader = first;
            return at;
        }
        boolean maybe = false;
        for (StreamReader each : readers) {
            switch (each.starts(data, at, to)) {
                case YES -> {
                    reader = each;
                    return at;
                }
                case MAYBE -> maybe = true;
                case NO -> {}
            }
        }
        if (maybe) {
            return -1;
        }
        lost = !isBlank(data[at]);
        return lost ? at : at + 1;
    }

    /// To the next line end, or to where the latest segment starts: what was kept of those before
    /// turned out to be nothing.
    private int skipLine(byte[] data, int at, int to) {
        int end = at < segmentAt ? segmentAt : to;
        for (int i = at; i < end; i++) {
            if (data[i] == '\n') {
                lost = false;
                return i + 1;
            }
        }
        lost = end == to;
        return end;
    }

    private boolean keep(byte[] data, int from, int to) {
        int length = to - from;
        boolean tooLong = carried + length > MAX_MESSAGE_BYTES;
        if (tooLong) {
            budget.countTooLong();
        }
        if (tooLong || !reserve(carried + length)) {
            onGap();
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
        if (carried == 0) {
            budget.release(carry.length);
            carry = EMPTY;
        } else if (used > 0) {
            System.arraycopy(carry, used, carry, 0, carried);
        }
    }

    private static boolean isBlank(byte b) {
        return b == '\n' || b == '\r' || b == ' ' || b == '\t' || b == 0;
    }
}
