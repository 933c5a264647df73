package minewatch.sensor.inspect;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.util.function.BiFunction;

/// Feeds a framer with one reader whatever comes, in whatever pieces, with gaps: no exception,
/// bounded memory, all of it given back.
final class FramerFuzz {
    static final int BUDGET_BYTES = 1 << 20;

    private FramerFuzz() {}

    /// @param prefix what comes first, so that the reader is in the midst of things
    static void feed(
            FuzzedDataProvider data,
            byte[] prefix,
            BiFunction<BufferBudget, MessageFramer.Handler, StreamReader> reader) {
        BufferBudget budget = new BufferBudget(BUDGET_BYTES);
        MessageFramer framer =
                new MessageFramer(budget, new Guarded(reader.apply(budget, new Checked())));
        if (prefix.length > 0) {
            framer.onBytes(prefix, 0, prefix.length, 0);
        }
        while (data.remainingBytes() > 0) {
            byte[] piece = data.consumeBytes(data.consumeInt(1, 300));
            if (piece.length > 0) {
                framer.onBytes(piece, 0, piece.length, 0);
            }
            if (data.consumeInt(0, 9) == 0) {
                framer.onGap();
            }
        }
        framer.release();
        if (budget.usedBytes() != 0) {
            throw new AssertionError(budget.usedBytes() + " bytes were not given back");
        }
    }

    private static final class Checked implements MessageFramer.Handler {
        @Override
        public void onText(byte[] data, int start, int end, long timeNanos) {
            if (start < 0 || end > data.length || start >= end) {
                throw new AssertionError("text at " + start + " to " + end + " of " + data.length);
            }
        }

        @Override
        public void onHead(byte[] data, int start, int end, long timeNanos) {
            onText(data, start, end, timeNanos);
        }

        @Override
        public void onBody(byte[] data, int start, int end, long timeNanos) {
            onText(data, start, end, timeNanos);
        }

        @Override
        public void onTunnel(Tunnel tunnel) {
            if (tunnel.host().isEmpty() || tunnel.port() < 1 || tunnel.port() > 0xFFFF) {
                throw new AssertionError(tunnel);
            }
        }
    }

    /// Holds a reader to what it promises: to get on, or to ask for more, or to be at a boundary.
    private record Guarded(StreamReader reader) implements StreamReader {
        @Override
        public Start starts(byte[] data, int at, int to) {
            return reader.starts(data, at, to);
        }

        @Override
        public int consume(byte[] data, int at, int to, long timeNanos) {
            int next = reader.consume(data, at, to, timeNanos);
            if (next > to || (next >= 0 && next < at) || (next == at && !reader.isAtBoundary())) {
                throw new AssertionError("next is %d of %d to %d".formatted(next, at, to));
            }
            return next;
        }

        @Override
        public boolean isAtBoundary() {
            return reader.isAtBoundary();
        }

        @Override
        public void onGap() {
            reader.onGap();
        }

        @Override
        public void release() {
            reader.release();
        }
    }
}
