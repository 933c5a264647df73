package minewatch.collector.accept;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.PublicKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import minewatch.feed.release.ReleaseException;
import minewatch.feed.release.ReleaseFile;
import minewatch.feed.release.ReleaseKeys;
import minewatch.feed.v1.Release;
import minewatch.feed.v1.ReleaseOffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The releases that sensors may fetch, from a folder that is looked through again and again. They
/// are held in memory, at most [#MAX_FILES] and [#MAX_TOTAL_BYTES].
///
/// A file is read once two looks found it the same, so that one that is being copied is left alone;
/// what is wrong with it is said once for each change of it.
///
/// - **Thread:** [#refresh] by one; any may ask.
public final class ReleaseFolder {
    /// Bytes of a part; with what is around it less than a sensor takes in one message.
    static final int PART_BYTES = 48 << 10;

    static final int MAX_FILES = 256;
    static final long MAX_TOTAL_BYTES = 64 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(ReleaseFolder.class);

    private final @Nullable Path folder;
    private final List<PublicKey> keys;
    private final Counter unusable;
    private final Counter offered;
    private final Counter fetched;
    private Map<Path, Seen> seen = new HashMap<>();
    private String trouble = "";
    private volatile List<Held> held = List.of(); // the newest first

    private record Stamp(FileTime modified, long bytes, @Nullable Object key) {}

    /// @param read whether it was, with or without success
    private record Seen(Stamp stamp, boolean read, @Nullable Held held) {}

    private record Held(ReleaseOffer offer, Set<String> sensors, ByteString bytes) {
        boolean isFor(String sensor) {
            return sensors.isEmpty() || sensors.contains(sensor);
        }
    }

    /// @param folder none: there are no releases
    ReleaseFolder(@Nullable Path folder, Collection<PublicKey> keys, MeterRegistry registry) {
        this.folder = folder;
        this.keys = List.copyOf(keys);
        String name = "minewatch.collector.accept.releases";
        this.unusable = registry.counter(name, "result", "unusable");
        this.offered = registry.counter(name, "result", "offered");
        this.fetched = registry.counter(name, "result", "fetched");
    }

    /// @throws IOException in words for the user, if a key cannot be read
    public static ReleaseFolder of(ReleasesConfig config, MeterRegistry registry)
            throws IOException {
        try {
            return new ReleaseFolder(
                    config.directory(), ReleaseKeys.publicKeys(config.keys()), registry);
        } catch (IOException e) {
            throw new IOException("releases.keys: " + e.getMessage(), e);
        }
    }

    /// The newest release for a sensor.
    Optional<ReleaseOffer> newest(String sensor) {
        return held.stream().filter(one -> one.isFor(sensor)).map(Held::offer).findFirst();
    }

    /// The sensor was told of one.
    void told() {
        offered.increment();
    }

    /// Bytes of a release; none behind its end, and empty if there is none with this digest for
    /// this sensor any more.
    Optional<ByteString> part(String sensor, ByteString digest, int offset) {
        return held.stream()
                .filter(one -> one.isFor(sensor) && one.offer().getDigest().equals(digest))
                .map(Held::bytes)
                .findFirst()
                .map(bytes -> {
                    int from = Math.clamp(offset, 0, bytes.size());
                    int to = Math.min(from + PART_BYTES, bytes.size());
                    if (to == bytes.size() && from < to) {
                        fetched.increment();
                    }
                    return bytes.substring(from, to);
                });
    }

    /// Looks what has changed.
    void refresh() {
        if (folder == null) {
            return;
        }
        try {
            lookThrough(folder);
            trouble = "";
        } catch (IOException | UncheckedIOException e) {
            warnOnce("cannot read the folder of releases " + folder + ": " + e);
        }
    }

    private void lookThrough(Path place) throws IOException {
        Map<Path, Seen> now = new HashMap<>();
        for (Path file : files(place)) {
            Stamp stamp = stamp(file);
            Seen before = seen.get(file);
            if (before == null || !before.stamp().equals(stamp)) {
                Held old = before == null ? null : before.held(); // until the new one is read
                now.put(file, new Seen(stamp, false, old));
            } else {
                now.put(file, before.read() ? before : read(file, stamp, bytes(now)));
            }
        }
        seen = now;
        List<Held> next =
                now.values().stream()
                        .map(Seen::held)
                        .filter(Objects::nonNull)
                        .sorted(
                                Comparator.comparingLong((Held one) -> one.offer().getNumber())
                                        .reversed())
                        .toList();
        if (!next.equals(held)) {
            held = next;
        }
    }

    private List<Path> files(Path place) throws IOException {
        try (Stream<Path> all = Files.list(place)) {
            List<Path> found =
                    all.filter(file -> file.toString().endsWith(ReleaseFile.SUFFIX))
                            .filter(Files::isRegularFile)
                            .sorted(Comparator.reverseOrder())
                            .limit(MAX_FILES + 1)
                            .toList();
            if (found.size() > MAX_FILES) {
                throw new IOException("more than " + MAX_FILES + " releases; move old ones away");
            }
            return found;
        }
    }

    private static Stamp stamp(Path file) throws IOException {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }

    private static long bytes(Map<Path, Seen> all) {
        return all.values().stream()
                .map(Seen::held)
                .filter(Objects::nonNull)
                .mapToLong(one -> one.bytes().size())
                .sum();
    }

    /// @param used bytes of the others
    private Seen read(Path file, Stamp stamp, long used) {
        try {
            byte[] bytes = ReleaseFile.bytes(file);
            Release release =
                    keys.isEmpty()
                            ? ReleaseFile.readUnverified(bytes)
                            : ReleaseFile.verify(bytes, keys);
            requireRoom(used + bytes.length);
            LOG.info(
                    "release {} ({}, {} bytes, signature {}) is offered to {}",
                    release.getNumber(),
                    file,
                    bytes.length,
                    keys.isEmpty() ? "not checked here" : "verified",
                    release.getSensorsCount() == 0
                            ? "all sensors"
                            : release.getSensorsCount() + " sensors");
            return new Seen(stamp, true, held(release, bytes));
        } catch (ReleaseException e) {
            return unusable(file, stamp, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return unusable(file, stamp, "cannot be read: " + e);
        }
    }

    private static Held held(Release release, byte[] bytes) {
        ReleaseOffer offer =
                ReleaseOffer.newBuilder()
                        .setNumber(release.getNumber())
                        .setDigest(ReleaseFile.digest(bytes))
                        .setSize(bytes.length)
                        .build();
        return new Held(offer, Set.copyOf(release.getSensorsList()), ByteString.copyFrom(bytes));
    }

    private static void requireRoom(long bytes) throws IOException {
        if (bytes > MAX_TOTAL_BYTES) {
            throw new IOException(
                    "more than " + MAX_TOTAL_BYTES + " bytes of releases; move old ones away");
        }
    }

    private Seen unusable(Path file, Stamp stamp, String why) {
        unusable.increment();
        LOG.warn("release {} {}; it is not offered to sensors", file, why);
        return new Seen(stamp, true, null);
    }

    private void warnOnce(String message) {
        if (!message.equals(trouble)) {
            trouble = message;
            LOG.warn("{}; sensors are offered what was read before", message);
        }
    }
}
