package minewatch.sensor.spool;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;
import minewatch.feed.v1.Batch;
import org.jspecify.annotations.Nullable;

/// Goes through a spool's batches in order of their number, bad bytes notwithstanding. Each batch
/// carries the gaps between it and the one before. Not thread-safe.
public final class SpoolReader implements AutoCloseable {
    private final Spool spool;
    private final boolean skipsAcked;
    private long after; // the last number that is done with
    private long segment; // number of its first batch; 0: none
    private @Nullable FileChannel file;
    private long offset; // of the next frame
    private long placedAt; // removals of files when the segment was opened

    /// @param skipsAcked whether what the collector holds is passed over
    SpoolReader(Spool spool, long afterSeq, boolean skipsAcked) {
        this.spool = spool;
        this.skipsAcked = skipsAcked;
        this.after = afterSeq;
    }

    /// The next batch, or empty if there is none yet.
    public Optional<Batch> next() throws IOException {
        spool.lock.lock();
        try {
            if (skipsAcked) {
                after = Math.max(after, spool.ackedSeq());
            }
            Batch batch = null;
            while (batch == null && !spool.isClosed() && after < spool.lastSeq() && isPlaced()) {
                var frame = nextFrame();
                if (frame != null) {
                    batch = batch(frame);
                } else if (!toNextSegment()) {
                    break;
                }
            }
            return Optional.ofNullable(batch);
        } finally {
            spool.lock.unlock();
        }
    }

    /// Opens the segment that holds the next batch, unless it is open. After a removal the open
    /// file may be gone, or another of the same name be there.
    private boolean isPlaced() throws IOException {
        if (file != null && placedAt == spool.removals()) {
            return true;
        }
        Long holding = spool.segmentHolding(after + 1);
        if (holding == null) {
            return false;
        }
        open(holding);
        return true;
    }

    private boolean toNextSegment() throws IOException {
        Optional<Long> next = spool.segmentAfter(segment);
        if (next.isPresent()) {
            open(next.get());
        }
        return next.isPresent();
    }

    private void open(long firstSeq) throws IOException {
        close();
        file = spool.openSegment(firstSeq);
        segment = firstSeq;
        placedAt = spool.removals();
        offset = Frames.SEGMENT_HEADER;
    }

    /// The next sound frame of the open segment; what lies before it is set aside.
    private SegmentScan.@Nullable Frame nextFrame() throws IOException {
        FileChannel from = file;
        if (from == null) {
            return null;
        }
        var scan = spool.scan(segment, from);
        var frame = scan.next(offset);
        long sound = frame == null ? scan.end() : frame.start();
        if (sound > offset) {
            spool.setAside(segment, from, offset, sound);
        }
        offset = frame == null ? Math.max(offset, scan.end()) : frame.end();
        return frame;
    }

    private @Nullable Batch batch(SegmentScan.Frame frame) {
        if (frame.seq() <= after) {
            return null;
        }
        try {
            Batch stored = Batch.parseFrom(frame.payload());
            var gaps = spool.gapsBetween(after, frame.seq());
            after = frame.seq();
            return stored.toBuilder().setSeq(frame.seq()).addAllGaps(gaps).build();
        } catch (InvalidProtocolBufferException e) {
            return null; // a sound checksum over no batch: passed over, and so a gap
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
