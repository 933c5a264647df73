package minewatch.sensor.uplink;

import java.util.ArrayDeque;
import java.util.Deque;

/// The batches sent and not yet acknowledged. Not thread-safe.
final class Window {
    static final int MAX_BATCHES = 64;
    static final long MAX_BYTES = 16 << 20;

    private final Deque<Sent> sent = new ArrayDeque<>();
    private long bytes;

    private record Sent(long seq, int bytes) {}

    /// Whether one more may be sent; always if none is under way, however large.
    boolean hasRoom() {
        return sent.isEmpty() || (sent.size() < MAX_BATCHES && bytes < MAX_BYTES);
    }

    void sent(long seq, int size) {
        sent.addLast(new Sent(seq, size));
        bytes += size;
    }

    /// @return how many batches this acknowledges
    int acked(long throughSeq) {
        int count = 0;
        for (Sent first = sent.peekFirst();
                first != null && first.seq() <= throughSeq;
                first = sent.peekFirst()) {
            bytes -= first.bytes();
            sent.removeFirst();
            count++;
        }
        return count;
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
