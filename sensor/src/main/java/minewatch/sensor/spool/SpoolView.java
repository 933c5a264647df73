package minewatch.sensor.spool;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.stream.Stream;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Gap;
import org.jspecify.annotations.Nullable;

/// A spool directory as it is found, also while a sensor works in it: nothing is locked, changed or
/// repaired. What the sensor does meanwhile may or may not be seen.
///
/// @param directory that was looked at
/// @param inUse whether a sensor has it open; empty if this user may not tell
/// @param state what the `state` file says; empty if it is absent or damaged
/// @param bootId of the state, or else of the first segment that tells
/// @param segments in order of their number
/// @param missing numbers that are neither acknowledged, nor there, nor in a gap of the state, as
///   `first-last`
/// @param quarantinedFiles pieces that were set aside
public record SpoolView(
        Path directory,
        Optional<Boolean> inUse,
        Optional<SpoolState> state,
        Optional<UUID> bootId,
        List<Segment> segments,
        List<Range> missing,
        int quarantinedFiles,
        long quarantinedBytes) {

    /// Numbers, or bytes of a file; both ends belong to it.
    public record Range(long first, long last) {
        @Override
        public String toString() {
            return first == last ? String.valueOf(first) : first + "-" + last;
        }
    }

    /// @param firstSeq the number in its name
    /// @param batches that can be read
    /// @param lastSeq of the last of these; one less than `firstSeq` if there is none
    /// @param headerSound whether its header is what it must be
    /// @param damaged bytes that are no batch
    /// @param unfinished bytes at the end of the last file that are no batch: being written now, or
    ///   cut off by a crash
    public record Segment(
            Path file,
            long firstSeq,
            long lastSeq,
            long bytes,
            long batches,
            long hits,
            boolean headerSound,
            List<Range> damaged,
            Optional<Range> unfinished) {}

    /// Is given every batch that can be read, in order.
    @FunctionalInterface
    public interface BatchHandler {
        void onBatch(Batch batch) throws IOException;
    }

    /// Looks at a directory.
    ///
    /// @param handler is given the batches
    /// @throws IOException if it is no spool, or cannot be read
    public static SpoolView of(Path directory, BatchHandler handler) throws IOException {
        return new Reading(directory, handler).read();
    }

    /// The last number that is acknowledged; 0 if none, or not known.
    public long acked() {
        return state.map(SpoolState::acked).orElse(0L);
    }

    /// By the name of an output beside the collector, the last number it is done with.
    public SortedMap<String, Long> followed() {
        return state.map(SpoolState::followed).orElse(Collections.emptySortedMap());
    }

    /// Gaps the collector has not acknowledged.
    public List<Gap> gaps() {
        return state.map(SpoolState::gaps).orElse(List.of());
    }

    /// The last number given out, as far as can be seen; 0 if none.
    public long lastSeq() {
        long last = acked();
        for (Gap gap : gaps()) {
            last = Math.max(last, gap.getLastSeq());
        }
        return segments.isEmpty() ? last : Math.max(last, segments.getLast().lastSeq());
    }

    /// Whether every byte is as a sensor writes it. The end of the last segment may be unfinished
    /// while a sensor is at work.
    public boolean isSound() {
        boolean atWork = inUse.orElse(true);
        return state.isPresent()
                && missing.isEmpty()
                && segments.stream()
                        .allMatch(segment ->
                                segment.headerSound()
                                        && segment.damaged().isEmpty()
                                        && (atWork || segment.unfinished().isEmpty()));
    }

    /// One look.
    private static final class Reading {
        private final SpoolDirectory directory;
        private final BatchHandler handler;
        private final List<Segment> segments = new ArrayList<>();
        private final List<Range> present = new ArrayList<>(); // runs of numbers

        Reading(Path directory, BatchHandler handler) {
            this.directory = SpoolDirectory.unlocked(directory);
            this.handler = handler;
        }

        SpoolView read() throws IOException {
            Optional<SpoolState> before = directory.readState();
            Optional<SpoolState> state = before;
            List<Long> numbers = directory.segments();
            if (state.isEmpty() && numbers.isEmpty()) {
                throw new IOException(
                        "cannot read spool "
                                + directory.path()
                                + ": neither a state nor a segment file is there; name the"
                                + " directory of the sensor's setting spool.directory");
            }
            Optional<UUID> bootId = bootId(state, numbers);
            for (int i = 0; i < numbers.size(); i++) {
                long limit = i + 1 < numbers.size() ? numbers.get(i + 1) - 1 : Long.MAX_VALUE;
                segment(numbers.get(i), limit, bootId);
            }
            // What was acknowledged meanwhile may be deleted, and is not missing.
            state = directory.readState().or(() -> before);
            List<Path> aside = quarantined();
            long bytes = 0;
            for (Path file : aside) {
                bytes += Files.size(file);
            }
            return new SpoolView(
                    directory.path(),
                    inUse(),
                    state,
                    bootId,
                    segments,
                    missing(state),
                    aside.size(),
                    bytes);
        }

        private Optional<UUID> bootId(Optional<SpoolState> state, List<Long> numbers)
                throws IOException {
            if (state.isPresent()) {
                return Optional.of(state.get().bootId());
            }
            for (long firstSeq : numbers) {
                Optional<UUID> told = SpoolRecovery.bootId(directory, firstSeq);
                if (told.isPresent()) {
                    return told;
                }
            }
            return Optional.empty();
        }

        private Optional<Boolean> inUse() throws IOException {
            try {
                return Optional.of(SpoolDirectory.isInUse(directory.path()));
            } catch (AccessDeniedException notOurs) {
                return Optional.empty();
            }
        }

        private List<Path> quarantined() throws IOException {
            Path aside = directory.path().resolve("quarantine");
            if (!Files.isDirectory(aside)) {
                return List.of();
            }
            try (Stream<Path> files = Files.list(aside)) {
                return files.toList();
            }
        }

        private void segment(long firstSeq, long limit, Optional<UUID> bootId) throws IOException {
            Path path = directory.segment(firstSeq);
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
                boolean sound =
                        bootId.isPresent()
                                && SpoolRecovery.bootId(directory, firstSeq).equals(bootId);
                UUID id = bootId.orElse(new UUID(0, 0));
                segments.add(segment(path, file, sound, id, firstSeq, limit));
            } catch (NoSuchFileException acknowledgedMeanwhile) {
                // the sensor has deleted it since it was listed
            }
        }

        private Segment segment(
                Path path, FileChannel file, boolean sound, UUID bootId, long firstSeq, long limit)
                throws IOException {
            long bytes = file.size();
            var scan = new SegmentScan(file, bytes, bootId, firstSeq, limit);
            var damaged = new ArrayList<Range>();
            long at = Frames.SEGMENT_HEADER;
            long batches = 0;
            long hits = 0;
            long last = firstSeq - 1;
            for (var frame = scan.next(at); frame != null; frame = scan.next(at)) {
                if (frame.start() > at) {
                    damaged.add(new Range(at, frame.start() - 1));
                }
                Batch batch = parsed(frame);
                if (batch == null) {
                    damaged.add(new Range(frame.start(), frame.end() - 1));
                } else if (frame.seq() > last) {
                    present(frame.seq());
                    handler.onBatch(batch);
                    batches++;
                    hits += batch.getHitsCount();
                    last = frame.seq();
                }
                at = frame.end();
            }
            Optional<Range> unfinished = Optional.empty();
            if (bytes > at && limit == Long.MAX_VALUE) {
                unfinished = Optional.of(new Range(at, bytes - 1));
            } else if (bytes > at) {
                damaged.add(new Range(at, bytes - 1));
            }
            return new Segment(
                    path, firstSeq, last, bytes, batches, hits, sound, damaged, unfinished);
        }

        private static @Nullable Batch parsed(SegmentScan.Frame frame) {
            try {
                return Batch.parseFrom(frame.payload()).toBuilder().setSeq(frame.seq()).build();
            } catch (InvalidProtocolBufferException e) {
                return null;
            }
        }

        private void present(long seq) {
            Range run = present.isEmpty() ? null : present.getLast();
            if (run != null && run.last() + 1 == seq) {
                present.set(present.size() - 1, new Range(run.first(), seq));
            } else {
                present.add(new Range(seq, seq));
            }
        }

        /// What lies between runs, and is neither acknowledged nor in a gap.
        private List<Range> missing(Optional<SpoolState> state) {
            List<Gap> gaps = state.map(SpoolState::gaps).orElse(List.of());
            boolean isBeginKnown = state.isPresent() || present.isEmpty();
            long seen =
                    isBeginKnown
                            ? state.map(SpoolState::acked).orElse(0L)
                            : present.getFirst().first() - 1;
            var missing = new ArrayList<Range>();
            for (Range run : present) {
                long next = seen + 1;
                for (Gap gap : gaps) {
                    if (gap.getFirstSeq() <= next && gap.getLastSeq() >= next) {
                        next = gap.getLastSeq() + 1;
                    }
                }
                if (next < run.first()) {
                    missing.add(new Range(next, run.first() - 1));
                }
                seen = Math.max(seen, run.last());
            }
            return missing;
        }
    }
}
