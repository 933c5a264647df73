package minewatch.bench.feed;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import minewatch.feed.HitJson;
import minewatch.feed.v1.Hit;

/// Hits as real scans make them, told of as many sensors and sources as a run wants: everything but
/// sensor, source and time is as a scan found it.
final class HitPatterns {
    private static final int OCTET = 256;

    private final List<Pattern> patterns;

    /// @param rest what is the same for every sensor and source, serialized
    private record Pattern(ByteString rest, long nanos) {
        static Pattern of(Hit hit) {
            ByteString rest =
                    hit.toBuilder()
                            .clearFile()
                            .clearSensor()
                            .clearSourceIp()
                            .clearFirstSeenNanos()
                            .clearLastSeenNanos()
                            .build()
                            .toByteString();
            return new Pattern(rest, hit.getLastSeenNanos() - hit.getFirstSeenNanos());
        }
    }

    private HitPatterns(List<Pattern> patterns) {
        this.patterns = patterns;
    }

    /// @param file what `minewatch scan --format ndjson` printed
    static HitPatterns read(Path file) throws IOException {
        List<Pattern> patterns =
                Files.readAllLines(file).stream()
                        .map(line -> Pattern.of(HitJson.parse(line)))
                        .toList();
        if (patterns.isEmpty()) {
            throw new IOException(file + ": no hit (expected: what `minewatch scan` printed)");
        }
        return new HitPatterns(patterns);
    }

    /// @param sensorNumber of 65,536; each has a /16 to itself
    /// @param first of the sources
    /// @param endNanos when their last packet passed
    /// @return serialized
    List<ByteString> hits(String sensor, int sensorNumber, int first, int count, long endNanos) {
        List<ByteString> hits = new ArrayList<>(count);
        for (int source = first; source < first + count; source++) {
            Pattern pattern = patterns.get(source % patterns.size());
            ByteString own =
                    Hit.newBuilder()
                            .setSensor(sensor)
                            .setSourceIp(address(sensorNumber, source))
                            .setFirstSeenNanos(endNanos - pattern.nanos())
                            .setLastSeenNanos(endNanos)
                            .build()
                            .toByteString();
            hits.add(own.concat(pattern.rest()));
        }
        return hits;
    }

    /// In 10.0.0.0/8 the first 256 sensors, the others above it.
    private static ByteString address(int sensorNumber, int source) {
        return ByteString.copyFrom(
                new byte[] {
                    (byte) (10 + sensorNumber / OCTET),
                    (byte) (sensorNumber % OCTET),
                    (byte) (source / OCTET),
                    (byte) (source % OCTET)
                });
    }

    /// A registry that names the enterprise of every second /26 of the sources.
    static String registry(int sensors, int sources) {
        var csv =
                new StringBuilder("start,end,enterprise,address,region_code,valid_from,valid_to\n");
        for (int sensor = 0; sensor < sensors; sensor++) {
            for (int first = 0; first < sources; first += 128) {
                String net =
                        "%d.%d.%d.".formatted(10 + sensor / OCTET, sensor % OCTET, first / OCTET);
                csv.append(net)
                        .append(first % OCTET)
                        .append(',')
                        .append(net)
                        .append(first % OCTET + 63)
                        .append(
                                ",Enterprise %d-%d,%d Sample Road,150602,2020-01-01,%n"
                                        .formatted(sensor, first, first));
            }
        }
        return csv.toString();
    }
}
