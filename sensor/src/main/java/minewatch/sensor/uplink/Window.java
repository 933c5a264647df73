package minewatch.sensor.uplink;

import java.util.ArrayDeque;
import java.util.Deque;

/// The batches sent and not yet acknowledged. Not thread-safe.
final class Window {
    static final int MAX_BATCHES = 64;
    static final long MAX_BYTES = 16 << 20;

    private final Deque<Sent> sent = new ArrayDeque<>();
    private long bytes;
    private int limit = MAX_BATCHES;
    private long sentSeq;
    private long ackedSeq;
    private long narrowedAtSeq;

    private record Sent(long seq, int bytes) {}

    /// Whether one more may be sent; always if none is under way, however large.
    boolean hasRoom() {
        return sent.isEmpty() || (sent.size() < limit && bytes < MAX_BYTES);
    }

    void sent(long seq, int size) {
        sent.addLast(new Sent(seq, size));
        bytes += size;
        sentSeq = seq;
    }

    /// @return how many batches this acknowledges
    int acked(long throughSeq) {
        int count = 0;
        ackedSeq = Math.max(ackedSeq, throughSeq);
        for (Sent first = sent.peekFirst();
                first != null && first.seq() <= throughSeq;
                first = sent.peekFirst()) {
            bytes -= first.bytes();
            sent.removeFirst();
            count++;
        }
        return count;
    }

    /// The collector is busy: half as many from now on, and half again only once what was under way
    /// is acknowledged. What is not under way waits in the spool, where it takes no memory.
    void narrow() {
        if (ackedSeq >= narrowedAtSeq) {
            limit = Math.max(1, limit / 2);
            narrowedAtSeq = sentSeq;
        }
    }

    /// The collector keeps up: one more.
    void widen() {
        limit = Math.min(MAX_BATCHES, limit + 1);
    }

    int limit() {
        return limit;
    }

    int size() {
        return sent.size();
    }

    /// The number of the last batch sent; 0 if none is under way.
    long lastSeq() {
        Sent last = sent.peekLast();
        return last == null ? 0 : last.seq();
    }
}
