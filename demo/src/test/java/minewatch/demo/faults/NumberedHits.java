package minewatch.demo.faults;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.stream.LongStream;
import minewatch.feed.v1.Direction;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.feed.v1.Visibility;

/// Hits that carry their number as the name of a worker.
final class NumberedHits {
    private static final long START_NANOS = 1_767_225_600_000_000_000L; // 2026-01-01
    private static final int SOURCES = 64;
    private static final int PREFIXES = 5;

    private NumberedHits() {}

    static List<Hit> range(String sensor, long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(n -> hit(sensor, n)).toList();
    }

    /// One of a few, of a few source prefixes.
    private static ByteString source(long number) {
        return ByteString.copyFrom(
                new byte[] {10, (byte) (number % PREFIXES), 0, (byte) (number % SOURCES)});
    }

    private static Hit hit(String sensor, long number) {
        long at = START_NANOS + number * 1_000_000L;
        return Hit.newBuilder()
                .setSensor(sensor)
                .setSourceIp(source(number))
                .setFirstSeenNanos(at)
                .setLastSeenNanos(at + 1)
                .setVerdict(Verdict.MINER)
                .setConfidence(0.999)
                .addProtocols("stratum-v1")
                .addWorkers(String.valueOf(number))
                .setSessions(1)
                .setVisibility(Visibility.newBuilder().setOriginator(true).setResponder(true))
                .addEvidence(
                        Evidence.newBuilder()
                                .setSignature("stratum-v1.submit")
                                .setRevision(1)
                                .setWeight(7)
                                .setCount(1)
                                .setAtNanos(at)
                                .setDirection(Direction.ORIGINATOR))
                .build();
    }
}
