package minewatch.sensor.inspect;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

class MessageFramerFuzzTest {
    /// Whatever comes in whatever pieces: no exception, bounded memory, all of it given back.
    @FuzzTest(maxDuration = "10s")
    void anyBytesInAnyPieces(FuzzedDataProvider data) {
        BufferBudget budget = new BufferBudget(1 << 20);
        MessageFramer framer =
                new MessageFramer(
                        budget,
                        (bytes, start, end, _) -> {
                            if (start < 0 || end > bytes.length || start >= end) {
                                throw new AssertionError(
                                        "text at " + start + " to " + end + " of " + bytes.length);
                            }
                        });
        SegmentOrder order = new SegmentOrder(budget, framer);
        int sequence = 0;
        while (data.remainingBytes() > 0) {
            byte[] piece = data.consumeBytes(data.consumeInt(1, 200));
            int at = data.consumeBoolean() ? sequence : sequence + data.consumeInt(-300, 300);
            int wire = piece.length + (data.consumeBoolean() ? 0 : data.consumeInt(0, 50));
            order.onSegment(at, piece, piece.length, wire, data.consumeInt());
            sequence = at + wire;
        }
        order.finish();
        order.discard();
        framer.release();
        if (budget.usedBytes() != 0) {
            throw new AssertionError(budget.usedBytes() + " bytes were not given back");
        }
    }
}
