package minewatch.sensor.spool;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Gap;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;

/// A spool directory as tests see it: hits that name themselves, batches read back, files to spoil.
public final class SpoolFixture {
    public static final String SENSOR = "s-1";

    private SpoolFixture() {}

    public static Spool open(Path directory) throws SpoolException {
        return open(directory, 8 << 20, 64 << 10);
    }

    public static Spool open(Path directory, long maxBytes, long segmentBytes)
            throws SpoolException {
        return open(directory, maxBytes, segmentBytes, new SimpleMeterRegistry());
    }

    public static Spool open(
            Path directory, long maxBytes, long segmentBytes, MeterRegistry registry)
            throws SpoolException {
        return Spool.open(
                new SpoolConfig(directory, maxBytes, segmentBytes), SENSOR, Set.of(), registry);
    }

    /// A spool that this output follows.
    public static Spool open(Path directory, long maxBytes, String output) throws SpoolException {
        return Spool.open(
                new SpoolConfig(directory, maxBytes, 64 << 10),
                SENSOR,
                Set.of(output),
                new SimpleMeterRegistry());
    }

    /// A hit that carries its number, of about as many bytes.
    public static Hit hit(long number, int bytes) {
        return Hit.newBuilder()
                .setSensor(SENSOR)
                .setSourceIp(ByteString.copyFrom(new byte[] {10, 0, 0, 1}))
                .setVerdict(Verdict.MINER)
                .addWorkers("w" + number)
                .addAgents("x".repeat(bytes))
                .build();
    }

    public static long number(Hit hit) {
        return Long.parseLong(hit.getWorkers(0).substring(1));
    }

    /// Appends one batch a number.
    public static void append(Spool spool, long first, long last, int bytes) {
        LongStream.rangeClosed(first, last).forEach(n -> spool.append(List.of(hit(n, bytes))));
    }

    /// All batches after the number, as a collector would get them.
    public static List<Batch> read(Spool spool, long after) throws IOException {
        List<Batch> batches = new ArrayList<>();
        try (var reader = spool.reader(after)) {
            for (var batch = reader.next(); batch.isPresent(); batch = reader.next()) {
                batches.add(batch.get());
            }
        }
        return batches;
    }

    public static List<Long> hitNumbers(List<Batch> batches) {
        return batches.stream()
                .flatMap(b -> b.getHitsList().stream())
                .map(SpoolFixture::number)
                .toList();
    }

    static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    /// Gaps as `reason first-last hits`.
    static List<String> gaps(List<Batch> batches) {
        return batches.stream()
                .flatMap(b -> b.getGapsList().stream())
                .map(SpoolFixture::text)
                .toList();
    }

    static String text(Gap gap) {
        return gap.getReason()
                + " "
                + gap.getFirstSeq()
                + "-"
                + gap.getLastSeq()
                + " "
                + gap.getHits();
    }

    static List<Path> segments(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".segment")).sorted().toList();
        }
    }

    static List<Path> quarantined(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("quarantine"))) {
            return files.sorted().toList();
        }
    }

    /// Copies a closed spool directory.
    public static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.resolve("quarantine"));
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    static void flip(Path file, long byteAt, int bit) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) byteAt] ^= (byte) (1 << bit);
        Files.write(file, bytes);
    }

    /// Offsets of all bytes of the file.
    static IntStream offsets(Path file) throws IOException {
        return IntStream.range(0, (int) Files.size(file));
    }
}
