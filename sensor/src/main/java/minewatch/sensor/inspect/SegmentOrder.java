package minewatch.sensor.inspect;

import org.jspecify.annotations.Nullable;

/// Puts the TCP segments of one direction in order (RFC 9293 §3.4): what was seen twice is passed
/// once, what came early waits its turn, and what never comes becomes a gap.
///
/// The first byte to arrive for a sequence number wins, as most receivers do. A hole is given up as
/// soon as the other side acknowledges past it (the receiver has it, the tap missed it), when it
/// has stood for [#HOLE_NANOS], or when more waits behind it than [#MAX_WAITING_BYTES].
///
/// - **Thread:** the worker's own.
final class SegmentOrder {
    static final int MAX_WAITING_SEGMENTS = 16;
    static final int MAX_WAITING_BYTES = 32 << 10;
    static final long HOLE_NANOS = 3_000_000_000L;

    /// Receives the bytes of one direction in order.
    interface Handler {
        /// `data[start, end)`; valid only during the call.
        void onBytes(byte[] data, int start, int end, long timeNanos);

        /// Bytes are missing before the next call of [#onBytes].
        void onGap();
    }

    private final BufferBudget budget;
    private final Handler handler;
    private boolean started;
    private int next;
    private @Nullable Waiting waiting;
    private int waitingBytes;
    private int waitingSegments;

    /// A segment that came before its turn; a list sorted by sequence number.
    private static final class Waiting {
        final int sequence;
        final byte[] data;
        final int wireLength;
        final long timeNanos;
        @Nullable Waiting after;

        Waiting(int sequence, byte[] data, int wireLength, long timeNanos) {
            this.sequence = sequence;
            this.data = data;
            this.wireLength = wireLength;
            this.timeNanos = timeNanos;
        }
    }

    SegmentOrder(BufferBudget budget, Handler handler) {
        this.budget = budget;
        this.handler = handler;
    }

    /// See [Session#touch(boolean, int)].
    int touch() {
        return next;
    }

    /// @param sequence sequence number of the first payload byte (after a SYN, of the byte that
    ///   follows it)
    /// @param data payload, `data[0, length)`
    /// @param wireLength payload octets on the wire; more than `length` where the capture was cut
    ///   short
    void onSegment(int sequence, byte[] data, int length, int wireLength, long timeNanos) {
        if (!started) {
            started = true;
            next = sequence;
        }
        if (wireLength == 0) {
            return;
        }
        if (sequence - next > 0) {
            hold(sequence, data, length, wireLength, timeNanos);
            giveUpOldHoles(timeNanos);
            return;
        }
        pass(sequence, data, length, wireLength, timeNanos);
        passWaiting();
    }

    /// The other side has everything before `acknowledged`: a hole before it will not be filled on
    /// this tap.
    void onAcknowledged(int acknowledged) {
        while (waiting != null && acknowledged - waiting.sequence >= 0) {
            skipHole();
        }
    }

    /// The flow is over: whatever waits is passed on, with the holes as gaps.
    void finish() {
        while (waiting != null) {
            skipHole();
        }
    }

    /// Lets go of whatever waits, unread.
    void discard() {
        budget.release(waitingBytes);
        waiting = null;
        waitingBytes = 0;
        waitingSegments = 0;
    }

    /// Begins anew at whatever comes next: segments were not shown to it.
    void restart() {
        discard();
        started = false;
        handler.onGap();
    }

    private void pass(int sequence, byte[] data, int length, int wireLength, long timeNanos) {
        int seen = next - sequence;
        if (seen < 0 || seen >= wireLength) { // < 0: 2^31 away, neither before nor after
            return;
        }
        next = sequence + wireLength;
        if (seen < length) {
            handler.onBytes(data, seen, length, timeNanos);
        }
        if (length < wireLength) {
            budget.countCut();
            handler.onGap();
        }
    }

    private void hold(int sequence, byte[] data, int length, int wireLength, long timeNanos) {
        if (waits(sequence, wireLength)) {
            return;
        }
        while (waiting != null
                && (waitingSegments >= MAX_WAITING_SEGMENTS
                        || waitingBytes + length > MAX_WAITING_BYTES)) {
            skipHole();
        }
        if (sequence - next <= 0) {
            pass(sequence, data, length, wireLength, timeNanos);
            passWaiting();
            return;
        }
        if (!budget.reserve(length)) {
            finish();
            if (sequence - next > 0) {
                next = sequence;
                handler.onGap();
            }
            pass(sequence, data, length, wireLength, timeNanos);
            return;
        }
        byte[] copy = new byte[length];
        System.arraycopy(data, 0, copy, 0, length);
        insert(new Waiting(sequence, copy, wireLength, timeNanos));
    }

    /// Whether a segment that starts there and is no shorter waits already: a retransmission adds
    /// nothing.
    private boolean waits(int sequence, int wireLength) {
        for (Waiting at = waiting; at != null; at = at.after) {
            if (at.sequence == sequence && at.wireLength >= wireLength) {
                return true;
            }
        }
        return false;
    }

    private void insert(Waiting segment) {
        waitingBytes += segment.data.length;
        waitingSegments++;
        Waiting before = null;
        Waiting at = waiting;
        while (at != null && at.sequence - segment.sequence <= 0) {
            before = at;
            at = at.after;
        }
        segment.after = at;
        if (before == null) {
            waiting = segment;
        } else {
            before.after = segment;
        }
    }

    private void giveUpOldHoles(long nowNanos) {
        while (waiting != null && nowNanos - waiting.timeNanos > HOLE_NANOS) {
            skipHole();
        }
    }

    private void skipHole() {
        if (waiting != null) {
            if (waiting.sequence - next > 0) {
                next = waiting.sequence;
                budget.countLost();
                handler.onGap();
            }
            passWaiting();
        }
    }

    private void passWaiting() {
        while (waiting != null && waiting.sequence - next <= 0) {
            Waiting segment = waiting;
            waiting = segment.after;
            waitingSegments--;
            waitingBytes -= segment.data.length;
            budget.release(segment.data.length);
            pass(
                    segment.sequence,
                    segment.data,
                    segment.data.length,
                    segment.wireLength,
                    segment.timeNanos);
        }
    }
}
