package minewatch.sensor;

import com.google.protobuf.ByteString;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minewatch.feed.v1.Hit;
import minewatch.sensor.decode.LinkType;
import minewatch.sensor.flow.FlowConfig;
import minewatch.sensor.inspect.Inspector;
import minewatch.sensor.rollup.HitBuilder;
import minewatch.sensor.rollup.Privacy;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.work.PowerTable;
import minewatch.testkit.Packets;

/// One TCP connection from 10.0.0.1 to 10.0.0.2, through a whole worker: what is said goes in as
/// segments, hits come out.
final class Conversation implements AutoCloseable {
    private static final long STEP_NANOS = Duration.ofMillis(100).toNanos();

    private final List<Hit> hits = new ArrayList<>();
    private final MemorySegment block = Arena.ofAuto().allocate(1 << 17);
    private final Worker worker;
    private int segmentBytes = 1400;
    private int originatorNext = 1000;
    private int responderNext = 9000;
    private long nanos = 1_800_000_000_000_000_000L;

    Conversation() {
        worker =
                new Worker(
                        new Worker.Settings(
                                FlowConfig.DEFAULT,
                                Inspector.Limits.fitting(1 << 28, 1),
                                Worker.NO_INTERVAL),
                        SignaturePacks.builtIn(),
                        new HitBuilder("test", null, Privacy.OPEN, PowerTable.builtIn()),
                        hits::addAll,
                        null);
    }

    /// How much of what is said goes into one segment, at most.
    Conversation segments(int bytes) {
        segmentBytes = bytes;
        return this;
    }

    Conversation originator(String latin1) {
        return originator(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    Conversation originator(byte[] bytes) {
        for (byte[] piece : pieces(bytes)) {
            send(true, originatorNext, piece);
            originatorNext += piece.length;
        }
        return this;
    }

    Conversation responder(String latin1) {
        return responder(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    Conversation responder(byte[] bytes) {
        for (byte[] piece : pieces(bytes)) {
            send(false, responderNext, piece);
            responderNext += piece.length;
        }
        return this;
    }

    /// Says it again in other words, `back` bytes after it was said.
    Conversation originatorAgain(String latin1, int back) {
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        send(true, originatorNext - back, bytes);
        return this;
    }

    /// The tap misses so many bytes of each side.
    Conversation lose(int bytes) {
        originatorNext += bytes;
        responderNext += bytes;
        return this;
    }

    List<Hit> hits() {
        worker.finish();
        return hits;
    }

    Hit hit() {
        hits();
        if (hits.size() != 1) {
            throw new AssertionError(hits.size() + " hits (expected: 1): " + hits);
        }
        return hits.getFirst();
    }

    Worker.Counters counters() {
        return worker.counters();
    }

    @Override
    public void close() {
        worker.close();
    }

    static ByteString miner() {
        return ByteString.copyFrom(new byte[] {10, 0, 0, 1});
    }

    private List<byte[]> pieces(byte[] bytes) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += segmentBytes) {
            pieces.add(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + segmentBytes)));
        }
        return pieces;
    }

    private void send(boolean byOriginator, int sequence, byte[] payload) {
        Packets packet =
                byOriginator
                        ? Packets.tcp("10.0.0.1", 40000, "10.0.0.2", 3333)
                        : Packets.tcp("10.0.0.2", 3333, "10.0.0.1", 40000);
        byte[] frame =
                packet.sequence(sequence)
                        .acknowledgement(byOriginator ? responderNext : originatorNext)
                        .payload(payload)
                        .ethernet();
        MemorySegment.copy(frame, 0, block, ValueLayout.JAVA_BYTE, 0, frame.length);
        nanos += STEP_NANOS;
        worker.onFrame(block, 0, frame.length, frame.length, nanos, LinkType.ETHERNET);
        worker.onBatchEnd();
    }
}
