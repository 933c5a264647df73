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

    private final List<Hit> patterns;

    private HitPatterns(List<Hit> patterns) {
        this.patterns = patterns;
    }

    /// @param file what `minewatch scan --format ndjson` printed
    static HitPatterns read(Path file) throws IOException {
        List<Hit> hits =
                Files.readAllLines(file).stream()
                        .map(line -> HitJson.parse(line).toBuilder().clearFile().build())
                        .toList();
        if (hits.isEmpty()) {
            throw new IOException(file + ": no hit (expected: what `minewatch scan` printed)");
        }
        return new HitPatterns(hits);
    }

    int count() {
        return patterns.size();
    }

    /// Mean length as protobuf, bytes.
    int meanBytes() {
        return (int) patterns.stream().mapToInt(Hit::getSerializedSize).average().orElseThrow();
    }

    /// @param sensorNumber of 65,536; each has a /16 to itself
    /// @param first of the sources
    /// @param endNanos when their last packet passed
    List<Hit> hits(String sensor, int sensorNumber, int first, int count, long endNanos) {
        List<Hit> hits = new ArrayList<>(count);
        for (int source = first; source < first + count; source++) {
            Hit pattern = patterns.get(source % patterns.size());
            long nanos = pattern.getLastSeenNanos() - pattern.getFirstSeenNanos();
            hits.add(
                    pattern.toBuilder()
                            .setSensor(sensor)
                            .setSourceIp(address(sensorNumber, source))
                            .setFirstSeenNanos(endNanos - nanos)
                            .setLastSeenNanos(endNanos)
                            .build());
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
