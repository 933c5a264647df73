package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minewatch.collector.ledger.Hits;
import minewatch.feed.HitJson;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Gap;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.ReceivedBatch;
import minewatch.feed.v1.Verdict;

/// What a sensor sends is either possible, or a gap that says why not; the books balance.
class BatchCheckFuzzTest {
    /// The fields a refusal may name: a sender must not make up the values of a label.
    private static final Set<String> FIELDS =
            Set.of(
                    "record",
                    "sensor",
                    "file",
                    "source_ip",
                    "first_seen",
                    "last_seen",
                    "verdict",
                    "confidence",
                    "protocols",
                    "algorithms",
                    "coins",
                    "pools",
                    "agents",
                    "accounts",
                    "workers",
                    "sessions",
                    "shares",
                    "hashrate",
                    "power_watts",
                    "flows",
                    "evidence");

    @FuzzTest(maxDuration = "10s")
    void everyHitIsKeptOrAccountedFor(FuzzedDataProvider data) {
        long seq = data.consumeLong(1, Long.MAX_VALUE); // the stream refuses any other
        ReceivedBatch sent =
                data.consumeBoolean()
                        ? Hits.received(built(data))
                        : parsed(data.consumeRemainingAsBytes());
        ReceivedBatch batch = sent.toBuilder().setSeq(seq).build();
        var rejected = new ArrayList<String>();

        CheckedBatch checked = new BatchCheck("tap-1", rejected::add).check(batch, List.of());

        assertThat(checked.hits().size() + rejected.size()).isEqualTo(batch.getHitsCount());
        assertThat(checked.gaps()).hasSize(batch.getGapsCount() + rejected.size());
        assertThat(FIELDS).containsAll(rejected);
        assertThat(checked.createdNanos()).isNotNegative();
        for (Hit hit : checked.hits()) {
            assertThat(HitJson.write(hit)).doesNotContain("\n"); // throws if a rule is broken
        }
        for (CheckedBatch.HitGap gap : checked.gaps()) {
            assertThat(gap.reason() + gap.detail()).doesNotMatch("(?s).*\\p{Cntrl}.*");
            assertThat(gap.reason().length()).isLessThanOrEqualTo(64);
            assertThat(gap.detail().length()).isLessThanOrEqualTo(300);
            assertThat(Math.min(Math.min(gap.firstSeq(), gap.lastSeq()), gap.hits()))
                    .isNotNegative();
        }
    }

    private static ReceivedBatch parsed(byte[] bytes) {
        try {
            return ReceivedBatch.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return ReceivedBatch.getDefaultInstance(); // gRPC refuses it before it comes here
        }
    }

    /// Nearly possible, so that the deeper rules are reached as well.
    private static Batch built(FuzzedDataProvider data) {
        Batch.Builder batch = Batch.newBuilder().setCreatedNanos(data.consumeLong());
        while (data.remainingBytes() > 0 && batch.getHitsCount() < 8) {
            batch.addHits(
                    Hit.newBuilder()
                            .setSensor(data.consumeBoolean() ? "tap-1" : data.consumeString(20))
                            .setSourceIp(ByteString.copyFrom(data.consumeBytes(4)))
                            .setFirstSeenNanos(data.consumeLong())
                            .setLastSeenNanos(data.consumeLong())
                            .setVerdictValue(data.consumeInt(0, Verdict.values().length))
                            .setConfidence(data.consumeDouble())
                            .setSessions(data.consumeInt())
                            .addProtocols(data.consumeString(70))
                            .putHashrate(
                                    data.consumeString(12),
                                    Hashrate.newBuilder()
                                            .setLow(data.consumeDouble())
                                            .setBest(data.consumeDouble())
                                            .setHigh(data.consumeDouble())
                                            .setUnit(data.consumeString(5))
                                            .setShares(data.consumeLong())
                                            .build()));
            batch.addGaps(
                    Gap.newBuilder()
                            .setReason(data.consumeString(80))
                            .setFirstSeq(data.consumeLong())
                            .setLastSeq(data.consumeLong())
                            .setHits(data.consumeLong()));
        }
        return batch.build();
    }
}
