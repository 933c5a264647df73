package minewatch.sensor.spool;

import com.google.protobuf.InvalidProtocolBufferException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Gap;
import minewatch.feed.v1.Hit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// The disk queue between rollup and collector: hits in, numbered batches out until they are
/// acknowledged. The package description says what it promises and how its files look.
///
/// A batch keeps its number and its hits for ever. Every number up to [#lastSeq] is a batch on
/// disk, acknowledged, or in a gap.
public final class Spool implements AutoCloseable {
    /// Why batches are missing, as gap records name it.
    static final String FULL = "spool-full";

    static final String QUARANTINED = "quarantined";
    static final String TORN = "torn";
    static final String NOT_WRITTEN = "not-written";
    static final String OVERSIZED = "oversized";

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NOT_KNOWN = -1;
    private static final long FULL_BELOW = 1 << 20; // bytes left on the disk

    final ReentrantLock lock = new ReentrantLock();

    private final SpoolConfig config;
    private final SpoolDirectory directory;
    private final SpoolMetrics metrics;
    private final String sensor;
    private final UUID bootId;
    private final Gaps gaps;
    private final SortedMap<String, Long> followed = new TreeMap<>(); // output → last number done
    private final QuietLog trouble = new QuietLog(LOG);
    private final WallClock clock = new WallClock();

    /// Bytes of every segment file by the number of its first batch.
    private final NavigableMap<Long, Long> segments = new TreeMap<>();

    private @Nullable FileChannel active; // the last segment, if it can take more
    private long usedBytes;
    private long removals;
    private long ackedSeq;
    private long lastSeq;
    private long issuedHits; // in all numbers given out; NOT_KNOWN if it cannot be told
    private volatile boolean bySourcePrefix;
    private boolean closed;
    private boolean unsaved; // the state on disk is not the one in memory
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    private Spool(
            SpoolConfig config,
            SpoolDirectory directory,
            SpoolState state,
            Set<String> outputs,
            SpoolMetrics metrics) {
        this.config = config;
        this.directory = directory;
        this.metrics = metrics;
        this.sensor = state.sensor();
        this.bootId = state.bootId();
        this.gaps = new Gaps(state.gaps());
        this.ackedSeq = state.acked();
        for (String output : outputs) {
            followed.put(output, state.followed().getOrDefault(output, ackedSeq));
        }
        this.lastSeq = state.gaps().stream().mapToLong(Gap::getLastSeq).max().orElse(0);
    }

    /// Whether a sensor has this spool open now; if none, its lock is held for a moment.
    ///
    /// @throws IOException if it cannot be told, since this user may not write there
    public static boolean isInUse(Path directory) throws IOException {
        return SpoolDirectory.isInUse(directory);
    }

    /// Opens the directory, making it if absent, and recovers what a crash left.
    ///
    /// @param sensor its id; a directory belongs to one sensor
    /// @param outputs names of those that read beside the collector and keep batches here until
    ///   [#followed]; a new one begins at what the collector does not hold
    /// @throws SpoolException if the directory cannot be used, or is another's
    public static Spool open(
            SpoolConfig config, String sensor, Set<String> outputs, MeterRegistry registry)
            throws SpoolException {
        var directory = SpoolDirectory.open(config.directory());
        try {
            SpoolState state = SpoolRecovery.state(directory, sensor);
            var spool = new Spool(config, directory, state, outputs, new SpoolMetrics(registry));
            spool.recover();
            spool.metrics.watch(spool);
            return spool;
        } catch (IOException e) {
            closeQuietly(directory);
            throw e instanceof SpoolException known
                    ? known
                    : new SpoolException(
                            "cannot open spool "
                                    + config.directory()
                                    + ": "
                                    + Reasons.of(e)
                                    + "; free disk space or repair the file system",
                            e);
        }
    }

    /// Makes the hits durable, in as many batches as they need. Does not throw: what cannot be
    /// stored becomes a gap, is logged and counted.
    ///
    /// @return whether all hits are durable
    public boolean append(List<Hit> hits) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("spool is closed");
            }
            boolean complete = true;
            List<Hit> fitting = fitting(hits);
            for (List<Hit> batch :
                    bySourcePrefix
                            ? BatchCutter.cutBySourcePrefix(fitting)
                            : BatchCutter.cut(fitting)) {
                complete &= store(batch);
            }
            long oversized = hits.stream().filter(Spool::isOversized).count();
            if (oversized > 0) {
                lose(OVERSIZED, ++lastSeq, lastSeq, oversized);
                issued(oversized);
                complete = false;
            }
            return complete;
        } finally {
            lock.unlock();
            listeners.forEach(Runnable::run);
        }
    }

    /// Appends an empty batch if the last numbers given out are lost, so that the collector hears
    /// of the loss before there are new hits.
    ///
    /// @return whether there is such a batch now
    public boolean reportLosses() {
        lock.lock();
        try {
            boolean lost = !closed && gaps.lastSeq() == lastSeq && lastSeq > ackedSeq;
            if (!lost || write(lastSeq + 1, frame(lastSeq + 1, List.of())) != null) {
                return false;
            }
            lastSeq++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// From now on no batch has hits of two source prefixes ([minewatch.feed.SourcePrefix]).
    public void cutBySourcePrefix() {
        bySourcePrefix = true;
    }

    /// The collector holds every batch up to this number. Segment files that hold no other are
    /// deleted.
    ///
    /// @throws IllegalArgumentException if there never was such a batch
    public void ack(long throughSeq) {
        lock.lock();
        try {
            if (throughSeq > lastSeq) {
                throw new IllegalArgumentException(
                        "ack: " + throughSeq + " (expected: at most " + lastSeq + ")");
            }
            if (closed || throughSeq <= ackedSeq) {
                return;
            }
            ackedSeq = throughSeq;
            gaps.acknowledged(throughSeq);
            persist();
            deleteReleased();
        } finally {
            lock.unlock();
            listeners.forEach(Runnable::run);
        }
    }

    /// An output is done with every batch up to this number. Unlike an acknowledgement it may be
    /// forgotten in a crash: the batches since the last that was written down come again.
    ///
    /// @param output one of those named at [#open]
    public void followed(String output, long throughSeq) {
        lock.lock();
        try {
            if (closed || throughSeq <= followed(output)) {
                return;
            }
            followed.put(output, throughSeq);
            unsaved = true;
            if (isFirstReleased()) {
                persist();
                deleteReleased();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The last number an output is done with; 0 if none.
    public long followed(String output) {
        lock.lock();
        try {
            Long seq = followed.get(output);
            if (seq == null) {
                throw new IllegalArgumentException(
                        output + ": not named when the spool was opened");
            }
            return seq;
        } finally {
            lock.unlock();
        }
    }

    /// Reads from the first batch after this number on that the collector does not hold. Any number
    /// of readers may be used.
    public SpoolReader reader(long afterSeq) {
        return new SpoolReader(this, afterSeq, true);
    }

    /// Reads what an output is not done with. A batch that was given up for room is missing in the
    /// row of numbers.
    public SpoolReader follower(String output) {
        return new SpoolReader(this, followed(output), false);
    }

    /// Called after each append and acknowledgement, by its thread.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    public String sensor() {
        return sensor;
    }

    /// Chosen when the directory was empty, the same as long as it lives.
    public UUID bootId() {
        return bootId;
    }

    /// The last batch the collector holds; 0 if none.
    public long ackedSeq() {
        lock.lock();
        try {
            return ackedSeq;
        } finally {
            lock.unlock();
        }
    }

    /// The last number given out; 0 if none.
    public long lastSeq() {
        lock.lock();
        try {
            return lastSeq;
        } finally {
            lock.unlock();
        }
    }

    /// Batches not acknowledged.
    public long waitingBatches() {
        lock.lock();
        try {
            return lastSeq - ackedSeq;
        } finally {
            lock.unlock();
        }
    }

    /// Bytes of all segment files.
    public long usedBytes() {
        lock.lock();
        try {
            return usedBytes;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                seal();
                if (unsaved) {
                    persist();
                }
                closeQuietly(directory);
            }
        } finally {
            lock.unlock();
        }
    }

    private void recover() throws IOException {
        for (long firstSeq : directory.segments()) {
            long bytes = Files.size(directory.segment(firstSeq));
            segments.put(firstSeq, bytes);
            usedBytes += bytes;
        }
        lastSeq = Math.max(lastSeq, ackedSeq);
        issuedHits = lastSeq == 0 ? 0 : NOT_KNOWN;
        if (!segments.isEmpty()) {
            recoverLast(segments.lastKey());
        }
        finishDrops();
        boolean empty = segments.isEmpty() && lastSeq == 0;
        if (empty) {
            directory.writeState(state()); // without it the boot id would not last
        }
        deleteReleased();
        persist();
    }

    /// What follows the last sound frame of the last file was being written when the sensor died,
    /// and is cut off. Nobody was told it is durable; but were it a batch gone bad since, its
    /// number could be known to the collector, so the number is not given out again.
    private void recoverLast(long firstSeq) throws IOException {
        long bytes = segmentBytes(firstSeq);
        FileChannel file = openSegment(firstSeq);
        var scan = scan(firstSeq, file, firstSeq + bytes);
        long end = Frames.SEGMENT_HEADER;
        long last = firstSeq - 1;
        for (var frame = scan.next(end); frame != null; frame = scan.next(end)) {
            last = Math.max(last, frame.seq());
            end = frame.end();
            issuedHits = issuedWith(frame);
        }
        if (last >= firstSeq) {
            gaps.between(last, Long.MAX_VALUE).forEach(gap -> issued(gap.getHits()));
        }
        lastSeq = Math.max(lastSeq, last);
        if (bytes > end) {
            setAside(firstSeq, file, end, bytes);
            lose(TORN, lastSeq + 1, lastSeq + 1, 0);
            lastSeq++;
        }
        if (bytes < end || last < firstSeq) {
            file.close(); // not even one frame: begun anew when needed
            remove(firstSeq);
        } else {
            file.truncate(end).force(true);
            resize(firstSeq, end);
            active = file;
        }
    }

    /// Removes segments that were given up when the sensor died: their gap is on disk before they
    /// go, and what is told lost must not come all the same.
    private void finishDrops() throws IOException {
        for (long firstSeq : List.copyOf(segments.keySet())) {
            long first = Math.max(firstSeq, ackedSeq + 1);
            long last = lastOf(firstSeq);
            if (first <= last && gaps.covers(FULL, first, last)) {
                if (segments.higherKey(firstSeq) == null) {
                    seal();
                }
                remove(firstSeq);
            }
        }
    }

    /// The last number a segment can hold.
    private long lastOf(long firstSeq) {
        Long next = segments.higherKey(firstSeq);
        return next == null ? lastSeq : next - 1;
    }

    private static long issuedWith(SegmentScan.Frame frame) {
        try {
            Batch batch = Batch.parseFrom(frame.payload());
            return batch.hasHitsBefore() ? batch.getHitsBefore() + batch.getHitsCount() : NOT_KNOWN;
        } catch (InvalidProtocolBufferException e) {
            return NOT_KNOWN;
        }
    }

    private static List<Hit> fitting(List<Hit> hits) {
        return hits.stream().filter(hit -> !isOversized(hit)).toList();
    }

    private static boolean isOversized(Hit hit) {
        return hit.getSerializedSize() > BatchCutter.MAX_HIT;
    }

    private boolean store(List<Hit> hits) {
        long seq = lastSeq + 1;
        ByteBuffer frame = frame(seq, hits);
        int frameBytes = frame.remaining();
        String reason = write(seq, frame);
        lastSeq = seq;
        issued(hits.size());
        if (reason == null) {
            metrics.appended(hits.size(), frameBytes);
            if (unsaved) {
                persist();
            }
            return true;
        }
        lose(reason, seq, seq, hits.size());
        persist();
        return false;
    }

    private ByteBuffer frame(long seq, List<Hit> hits) {
        WallClock.Reading now = clock.read();
        if (now.jumpNanos() != 0) {
            LOG.warn(
                    "the clock was set by {} s; batch {} carries this mark",
                    now.jumpNanos() / NANOS_PER_SECOND,
                    seq);
        }
        Batch.Builder batch =
                Batch.newBuilder()
                        .setSeq(seq)
                        .setCreatedNanos(now.wallNanos())
                        .setClockJumpNanos(now.jumpNanos())
                        .addAllHits(hits);
        if (issuedHits != NOT_KNOWN) {
            batch.setHitsBefore(issuedHits);
        }
        return Frames.frame(bootId, seq, batch.build().toByteArray());
    }

    private void issued(long hits) {
        if (issuedHits != NOT_KNOWN) {
            issuedHits += hits;
        }
    }

    /// @return null if the frame is on disk, else why not
    private @Nullable String write(long seq, ByteBuffer frame) {
        if (!makeRoom(frame.remaining() + Frames.SEGMENT_HEADER)) {
            return FULL;
        }
        if (tryWrite(seq, frame.duplicate())) {
            return null;
        }
        boolean again = isDiskFull(frame.remaining()) && dropOldest();
        return again && tryWrite(seq, frame.duplicate()) ? null : NOT_WRITTEN;
    }

    private boolean tryWrite(long seq, ByteBuffer frame) {
        try {
            FileChannel file = segmentFor(seq, frame.remaining());
            long firstSeq = segments.lastKey();
            long end = segmentBytes(firstSeq) + frame.remaining();
            file.position(segmentBytes(firstSeq));
            SpoolDirectory.writeAll(file, frame);
            file.force(false);
            resize(firstSeq, end);
            return true;
        } catch (IOException e) {
            metrics.failed();
            trouble.log(
                    Level.ERROR,
                    "cannot write to spool "
                            + directory.path()
                            + ": "
                            + Reasons.of(e)
                            + "; free disk space or repair the file system; "
                            + (lastSeq - ackedSeq)
                            + " batches wait");
            abandon();
            return false;
        }
    }

    private FileChannel segmentFor(long seq, int frameBytes) throws IOException {
        FileChannel file = active;
        if (file != null
                && segmentBytes(segments.lastKey()) + frameBytes <= config.segmentBytes()) {
            return file;
        }
        seal();
        file = directory.createSegment(seq, bootId);
        segments.put(seq, 0L);
        resize(seq, Frames.SEGMENT_HEADER);
        active = file;
        return file;
    }

    /// Ends the active segment after a failed write. What the disk holds of the frame is uncertain,
    /// so nothing is ever written after it.
    private void abandon() {
        FileChannel file = active;
        if (file == null) {
            return;
        }
        long firstSeq = segments.lastKey();
        long sound = segmentBytes(firstSeq);
        try {
            file.truncate(sound);
        } catch (IOException e) {
            LOG.debug("the partial frame stays; readers pass over it", e);
        }
        seal();
        if (sound <= Frames.SEGMENT_HEADER) {
            tryRemove(firstSeq);
        }
    }

    private void seal() {
        FileChannel file = active;
        active = null;
        if (file != null) {
            closeQuietly(file);
        }
    }

    private boolean makeRoom(long bytes) {
        if (bytes > config.maxBytes()) {
            return false;
        }
        while (usedBytes + bytes > config.maxBytes()) {
            if (segments.isEmpty()) {
                return false;
            }
            if (segments.size() == 1) {
                seal();
            }
            drop(segments.firstKey());
        }
        return true;
    }

    private boolean isDiskFull(long bytes) {
        try {
            return Files.getFileStore(directory.path()).getUsableSpace() < bytes + FULL_BELOW;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean dropOldest() {
        if (segments.isEmpty()) {
            return false;
        }
        drop(segments.firstKey());
        return true;
    }

    /// Gives a segment up for room. The gap is on disk before the file goes, where the disk
    /// permits.
    private void drop(long firstSeq) {
        long last = lastOf(firstSeq);
        long first = Math.max(firstSeq, ackedSeq + 1);
        if (first <= last) {
            lose(FULL, first, last, countHits(firstSeq, first));
        }
        boolean known = persist();
        tryRemove(firstSeq);
        if (!known) {
            persist();
        }
    }

    /// 0 (unknown) if not every batch of the segment can be read.
    private long countHits(long firstSeq, long fromSeq) {
        try (FileChannel file = openSegment(firstSeq)) {
            var scan = scan(firstSeq, file, lastSeq);
            long hits = 0;
            long at = Frames.SEGMENT_HEADER;
            for (var frame = scan.at(at); frame != null; frame = scan.at(at)) {
                hits += frame.seq() < fromSeq ? 0 : Batch.parseFrom(frame.payload()).getHitsCount();
                at = frame.end();
            }
            return at == scan.end() ? hits : 0;
        } catch (InvalidProtocolBufferException e) {
            return 0;
        } catch (IOException e) {
            trouble.log(Level.WARN, "cannot read spool segment " + firstSeq + ": " + Reasons.of(e));
            return 0;
        }
    }

    private void deleteReleased() {
        while (isFirstReleased()) {
            tryRemove(segments.firstKey());
        }
    }

    /// Whether nobody needs the first segment. The last one stays: its frames prove which numbers
    /// were given out.
    private boolean isFirstReleased() {
        Long second = segments.isEmpty() ? null : segments.higherKey(segments.firstKey());
        return second != null
                && second - 1 <= ackedSeq
                && followed.values().stream().allMatch(seq -> second - 1 <= seq);
    }

    private void tryRemove(long firstSeq) {
        try {
            remove(firstSeq);
        } catch (IOException e) {
            metrics.failed();
            trouble.log(
                    Level.WARN, "cannot delete spool segment " + firstSeq + ": " + Reasons.of(e));
        }
    }

    private void remove(long firstSeq) throws IOException {
        Long bytes = segments.remove(firstSeq);
        usedBytes -= bytes == null ? 0 : bytes;
        removals++;
        directory.deleteSegment(firstSeq);
    }

    private void resize(long firstSeq, long bytes) {
        usedBytes += bytes - segmentBytes(firstSeq);
        segments.put(firstSeq, bytes);
    }

    private void lose(String reason, long first, long last, long hits) {
        long batches = gaps.add(reason, first, last, hits);
        if (batches > 0) {
            metrics.gap(reason, batches, hits);
            String count = hits == 0 ? "an unknown number of" : String.valueOf(hits);
            trouble.log(
                    Level.ERROR,
                    "lost batches " + first + " to " + last + " (" + count + " hits): " + reason);
        }
    }

    private boolean persist() {
        try {
            directory.writeState(state());
            directory.fillReserve();
            unsaved = false;
            return true;
        } catch (IOException e) {
            unsaved = true;
            metrics.failed();
            trouble.log(
                    Level.ERROR,
                    "cannot write the state of spool "
                            + directory.path()
                            + ": "
                            + Reasons.of(e)
                            + "; free disk space");
            return false;
        }
    }

    private SpoolState state() {
        return new SpoolState(sensor, bootId, ackedSeq, followed, gaps.all());
    }

    // What SpoolReader asks; always under the lock.

    boolean isClosed() {
        return closed;
    }

    /// The number of the first batch of the segment that would hold this one; null if there is
    /// none.
    @Nullable Long segmentHolding(long seq) {
        Long floor = segments.floorKey(seq);
        return floor != null ? floor : segments.higherKey(seq);
    }

    Optional<Long> segmentAfter(long firstSeq) {
        return Optional.ofNullable(segments.higherKey(firstSeq));
    }

    /// Segment files removed so far.
    long removals() {
        return removals;
    }

    FileChannel openSegment(long firstSeq) throws IOException {
        return FileChannel.open(
                directory.segment(firstSeq), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    SegmentScan scan(long firstSeq, FileChannel file) {
        return scan(firstSeq, file, lastSeq);
    }

    private SegmentScan scan(long firstSeq, FileChannel file, long greatest) {
        Long next = segments.higherKey(firstSeq);
        long maxSeq = next == null ? greatest : next - 1;
        return new SegmentScan(file, segmentBytes(firstSeq), bootId, firstSeq, maxSeq);
    }

    /// Bytes that are no frame: counted, said, and kept aside within limits.
    void setAside(long firstSeq, FileChannel file, long from, long end) {
        metrics.quarantined(end - from);
        trouble.log(
                Level.WARN,
                "spool segment "
                        + directory.segment(firstSeq)
                        + ": bytes "
                        + from
                        + " to "
                        + end
                        + " are no batch; set aside in quarantine/");
        try {
            directory.quarantine(firstSeq, file, from, end, config.segmentBytes());
        } catch (IOException e) {
            trouble.log(Level.WARN, "cannot set aside bad bytes: " + Reasons.of(e));
        }
    }

    /// The gaps the collector must hear of between two batches; what is missing without a known
    /// reason was lost to bad bytes.
    List<Gap> gapsBetween(long from, long before) {
        long after = Math.max(from, ackedSeq); // what an output missed is nothing to the collector
        if (before <= after) {
            return List.of();
        }
        if (after + 1 < before) {
            lose(QUARANTINED, after + 1, before - 1, 0);
        }
        return gaps.between(after, before);
    }

    private long segmentBytes(long firstSeq) {
        return segments.getOrDefault(firstSeq, 0L);
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.debug("closing", e);
        }
    }
}
