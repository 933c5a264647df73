package minewatch.collector.accept;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import minewatch.collector.accept.CheckedBatch.HitGap;
import minewatch.feed.BatchDigest;
import minewatch.feed.HitRules;
import minewatch.feed.v1.Gap;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.ReceivedBatch;
import org.jspecify.annotations.Nullable;

/// Separates a batch's hits into those that can be stored and those that cannot. An impossible hit
/// becomes a gap that names the field: sent again it would be as impossible, and must neither stop
/// the hits behind it nor vanish.
///
/// The limits are far beyond anything that exists (Bitcoin's whole network: 10^21 H/s), and keep
/// sums of many hits finite.
final class BatchCheck {
    private static final double MAX_RATE = 1e26; // H/s, Sol/s, g/s
    private static final double MAX_POWER = 1e12; // watts
    private static final long MAX_COUNT = 1_000_000_000_000L; // shares in one hit
    private static final int MAX_SESSIONS = 10_000_000;
    private static final int MAX_NAMES = 64; // protocols, algorithms, coins of one hit
    private static final int MAX_NAME = 64; // characters
    private static final int MAX_REASON = 64; // characters
    private static final int MAX_DETAIL = 300;

    private final String sensor;
    private final Consumer<String> rejected;

    /// @param sensor whose batches they are
    /// @param rejected told the field of each hit that is refused
    BatchCheck(String sensor, Consumer<String> rejected) {
        this.sensor = sensor;
        this.rejected = rejected;
    }

    /// @param batch its number is 1 to 2^63 - 1: the stream has refused any other
    /// @param holes gaps to put before the batch's own
    CheckedBatch check(ReceivedBatch batch, List<HitGap> holes) {
        var hits = new ArrayList<Hit>(batch.getHitsCount());
        var records = new ArrayList<byte[]>(batch.getHitsCount());
        List<byte[]> sent = new ArrayList<>(batch.getHitsCount());
        var gaps = new ArrayList<>(holes);
        for (Gap gap : batch.getGapsList()) {
            gaps.add(
                    new HitGap(
                            ForeignText.line(gap.getReason(), MAX_REASON),
                            "",
                            atMostLong(gap.getFirstSeq()),
                            atMostLong(gap.getLastSeq()),
                            atMostLong(gap.getHits())));
        }
        for (ByteString bytes : batch.getHitsList()) {
            byte[] record = bytes.toByteArray();
            sent.add(record);
            Hit hit = parsed(record);
            Optional<String> problem =
                    hit == null
                            ? Optional.of("record: unreadable (expected: a hit)")
                            : problem(hit);
            if (hit != null && problem.isEmpty()) {
                hits.add(hit);
                records.add(record);
            } else {
                gaps.add(rejected(problem.orElseThrow(), batch.getSeq()));
            }
        }
        return new CheckedBatch(
                batch.getSeq(),
                Math.max(0, batch.getCreatedNanos()),
                batch.getClockJumpNanos(),
                batch.hasHitsBefore() && batch.getHitsBefore() >= 0
                        ? OptionalLong.of(batch.getHitsBefore())
                        : OptionalLong.empty(),
                batch.getHitsCount(),
                BatchDigest.of(sent),
                hits,
                records,
                gaps);
    }

    private static @Nullable Hit parsed(byte[] record) {
        try {
            return Hit.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    private HitGap rejected(String problem, long seq) {
        rejected.accept(field(problem));
        return new HitGap(
                CheckedBatch.REJECTED, ForeignText.line(problem, MAX_DETAIL), seq, seq, 1);
    }

    private Optional<String> problem(Hit hit) {
        return HitRules.problem(hit).or(() -> ownProblem(hit));
    }

    private Optional<String> ownProblem(Hit hit) {
        if (!hit.getSensor().equals(sensor)) {
            return Optional.of("sensor: " + hit.getSensor() + " (expected: " + sensor + ")");
        }
        if (hit.getFirstSeenNanos() < 0) {
            return Optional.of(
                    "first_seen: " + hit.getFirstSeenNanos() + " ns (expected: 1970 or later)");
        }
        if (hit.getSessions() > MAX_SESSIONS) {
            return Optional.of("sessions: " + hit.getSessions() + " (expected: at most 10^7)");
        }
        if (hit.getPowerWatts().getHigh() > MAX_POWER) {
            return Optional.of(
                    "power_watts: " + hit.getPowerWatts().getHigh() + " (expected: at most 10^12)");
        }
        return names("protocols", hit.getProtocolsList())
                .or(() -> names("algorithms", hit.getAlgorithmsList()))
                .or(() -> names("coins", hit.getCoinsList()))
                .or(() -> names("hashrate", hit.getHashrateMap().keySet()))
                .or(() -> rates(hit));
    }

    private static Optional<String> names(String field, java.util.Collection<String> names) {
        if (names.size() > MAX_NAMES) {
            return Optional.of(field + ": " + names.size() + " names (expected: at most 64)");
        }
        return names.stream()
                .filter(name -> !isName(name))
                .findFirst()
                .map(name -> field + ": " + name + " (expected: 1 to 64 printable characters)");
    }

    /// Printable ASCII without spaces.
    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= MAX_NAME
                && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    private static Optional<String> rates(Hit hit) {
        for (Hashrate rate : hit.getHashrateMap().values()) {
            if (rate.getHigh() > MAX_RATE) {
                return Optional.of("hashrate: " + rate.getHigh() + " (expected: at most 10^26)");
            }
            if (rate.getShares() > MAX_COUNT) {
                return Optional.of(
                        "hashrate: " + rate.getShares() + " shares (expected: at most 10^12)");
            }
            if (!isName(rate.getUnit())) {
                return Optional.of("hashrate: " + rate.getUnit() + " (expected: a unit)");
            }
        }
        return Optional.empty();
    }

    /// The field a problem is about, without what follows its first dot: `hashrate.sha256d.low` is
    /// `hashrate`, so that no sender makes up the values of a label.
    private static String field(String problem) {
        return problem.split("[.:]", 2)[0];
    }

    /// Wire values are unsigned; what does not fit is as large as can be.
    private static long atMostLong(long unsigned) {
        return unsigned < 0 ? Long.MAX_VALUE : unsigned;
    }
}
