package minewatch.sensor.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import minewatch.feed.v1.Gap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out whose a spool directory is and how far it was acknowledged, also when the `state` file
/// is lost.
final class SpoolRecovery {
    private static final SortedMap<String, Long> NOT_FOLLOWED = Collections.emptySortedMap();
    private static final Logger LOG = LoggerFactory.getLogger(SpoolRecovery.class);

    private SpoolRecovery() {}

    /// @throws SpoolException if the directory is another sensor's
    static SpoolState state(SpoolDirectory directory, String sensor) throws IOException {
        Optional<SpoolState> known = directory.readState();
        if (known.isEmpty()) {
            return rebuilt(directory, sensor);
        }
        if (!known.get().sensor().equals(sensor)) {
            throw new SpoolException(
                    "cannot open spool "
                            + directory.path()
                            + ": it holds hits of sensor "
                            + known.get().sensor()
                            + " (this one is "
                            + sensor
                            + "); set spool.directory, or let the other deliver them first");
        }
        return known.get();
    }

    private static SpoolState rebuilt(SpoolDirectory directory, String sensor) throws IOException {
        List<Long> segments = directory.segments();
        if (segments.isEmpty()) {
            return new SpoolState(sensor, UUID.randomUUID(), 0, NOT_FOLLOWED, List.of());
        }
        for (long firstSeq : segments) {
            Optional<UUID> bootId = bootId(directory, firstSeq);
            if (bootId.isPresent()) {
                LOG.warn("spool {}: its state was lost; rebuilt from segments", directory.path());
                return new SpoolState(
                        sensor, bootId.get(), segments.getFirst() - 1, NOT_FOLLOWED, List.of());
            }
        }
        return afresh(directory, sensor, segments);
    }

    /// Nothing says whose the segments are: they are kept aside, and the first number of the new
    /// boot id tells the collector that something was lost.
    private static SpoolState afresh(SpoolDirectory directory, String sensor, List<Long> segments)
            throws IOException {
        LOG.error(
                "spool {}: neither its state nor a segment header can be read; {} segments set"
                        + " aside in quarantine/",
                directory.path(),
                segments.size());
        for (long firstSeq : segments) {
            directory.quarantine(firstSeq);
        }
        Gap lost =
                Gap.newBuilder().setReason(Spool.QUARANTINED).setFirstSeq(1).setLastSeq(1).build();
        return new SpoolState(sensor, UUID.randomUUID(), 0, NOT_FOLLOWED, List.of(lost));
    }

    /// Of a segment whose header is sound.
    static Optional<UUID> bootId(SpoolDirectory directory, long firstSeq) throws IOException {
        byte[] bytes;
        try (var in = Files.newInputStream(directory.segment(firstSeq))) {
            bytes = in.readNBytes(Frames.SEGMENT_HEADER);
        }
        if (bytes.length < Frames.SEGMENT_HEADER) {
            return Optional.empty();
        }
        var header = ByteBuffer.wrap(bytes);
        var bootId = new UUID(header.getLong(12), header.getLong(20));
        boolean sound = header.equals(Frames.segmentHeader(bootId, firstSeq));
        return sound ? Optional.of(bootId) : Optional.empty();
    }
}
