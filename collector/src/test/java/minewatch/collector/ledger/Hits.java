package minewatch.collector.ledger;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import minewatch.collector.accept.CheckedBatch;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.PowerWatts;
import minewatch.feed.v1.ReceivedBatch;
import minewatch.feed.v1.Verdict;
import minewatch.feed.v1.Visibility;

/// Hits and batches for tests: plausible, and different only where a test says so.
public final class Hits {
    public static final Instant START = Instant.parse("2026-11-23T16:00:00.123456789Z");
    public static final UUID BOOT = UUID.fromString("6f9619ff-8b86-d011-b42d-00c04fc964ff");

    private Hits() {}

    /// A ten-minute `miner` hit that begins at [#START].
    public static Hit.Builder hit(String sourceIp) {
        return hit(sourceIp, START);
    }

    public static Hit.Builder hit(String sourceIp, Instant first) {
        return Hit.newBuilder()
                .setSensor("tap-1")
                .setSourceIp(ip(sourceIp))
                .setFirstSeenNanos(nanos(first))
                .setLastSeenNanos(nanos(first.plus(Duration.ofMinutes(10))))
                .setVerdict(Verdict.MINER)
                .setConfidence(0.99)
                .addProtocols("stratum-v1")
                .addAlgorithms("sha256d")
                .setSessions(1)
                .setVisibility(Visibility.newBuilder().setOriginator(true));
    }

    public static Hashrate.Builder rate(double best) {
        return Hashrate.newBuilder()
                .setLow(best / 2)
                .setBest(best)
                .setHigh(best * 2)
                .setUnit("H/s")
                .setShares(40)
                .setSeconds(600)
                .setBasis("shares");
    }

    public static PowerWatts.Builder power(double best) {
        return PowerWatts.newBuilder()
                .setLow(best / 2)
                .setBest(best)
                .setHigh(best * 2)
                .setBasis("sha256d-2020s");
    }

    public static CheckedBatch batch(long seq, Hit.Builder... hits) {
        List<Hit> built = java.util.Arrays.stream(hits).map(Hit.Builder::build).toList();
        byte[] digest = new byte[32];
        digest[0] = (byte) built.hashCode();
        digest[1] = (byte) seq;
        return new CheckedBatch(
                seq,
                nanos(START),
                0,
                OptionalLong.empty(),
                built.size(),
                ByteString.copyFrom(digest),
                built,
                built.stream().map(Hit::toByteArray).toList(),
                List.of());
    }

    /// As the collector reads it.
    public static ReceivedBatch received(Batch batch) {
        try {
            return ReceivedBatch.parseFrom(batch.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static ByteString ip(String address) {
        try {
            return ByteString.copyFrom(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
    }
}
