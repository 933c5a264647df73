package minewatch.collector.accept;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import minewatch.collector.accept.CheckedBatch.HitGap;
import minewatch.collector.ledger.Hits;
import minewatch.feed.v1.Batch;
import minewatch.feed.v1.Gap;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.ReceivedBatch;
import minewatch.feed.v1.ReceivedMessage;
import minewatch.feed.v1.SensorMessage;
import org.junit.jupiter.api.Test;

class BatchCheckTest {
    private final List<String> fields = new ArrayList<>();
    private final BatchCheck check = new BatchCheck("tap-1", fields::add);

    private CheckedBatch checked(Hit.Builder... hits) {
        Batch.Builder batch = Batch.newBuilder().setSeq(7);
        for (Hit.Builder hit : hits) {
            batch.addHits(hit);
        }
        return check.check(Hits.received(batch.build()), List.of());
    }

    /// The detail of the gap that takes the changed hit's place.
    private String refusal(UnaryOperator<Hit.Builder> change) {
        CheckedBatch batch = checked(change.apply(Hits.hit("10.0.0.1")));
        assertThat(batch.hits()).isEmpty();
        assertThat(batch.gaps()).hasSize(1);
        HitGap gap = batch.gaps().getFirst();
        assertThat(gap.reason()).isEqualTo(CheckedBatch.REJECTED);
        assertThat(List.of(gap.firstSeq(), gap.lastSeq(), gap.hits())).containsExactly(7L, 7L, 1L);
        return gap.detail();
    }

    private void assertTaken(UnaryOperator<Hit.Builder> change) {
        CheckedBatch batch = checked(change.apply(Hits.hit("10.0.0.1")));
        assertThat(batch.gaps()).isEmpty();
        assertThat(batch.hits()).hasSize(1);
    }

    @Test
    void whatIsNoHitIsToldToBeMissing() {
        ReceivedBatch batch =
                ReceivedBatch.newBuilder()
                        .setSeq(7)
                        .addHits(ByteString.copyFromUtf8("no hit"))
                        .addHits(Hits.hit("10.0.0.1").build().toByteString())
                        .build();
        CheckedBatch checked = check.check(batch, List.of());
        assertThat(checked.hits()).hasSize(1);
        assertThat(checked.gaps())
                .containsExactly(
                        new HitGap(
                                CheckedBatch.REJECTED,
                                "record: unreadable (expected: a hit)",
                                7,
                                7,
                                1));
        assertThat(fields).containsExactly("record");
    }

    /// What a newer sensor tells and this collector does not know stays in the ledger.
    @Test
    void recordsAreWhatWasSentToTheByte() {
        ByteString sent =
                Hits.hit("10.0.0.1")
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                9000,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(1)
                                                        .build())
                                        .build())
                        .build()
                        .toByteString();
        sent = sent.concat(Hits.hit("10.0.0.1").build().toByteString()); // allowed by protobuf
        CheckedBatch checked =
                check.check(ReceivedBatch.newBuilder().setSeq(7).addHits(sent).build(), List.of());
        assertThat(checked.records()).containsExactly(sent.toByteArray());
    }

    @Test
    void aBatchAsReceivedIsTheSameOnTheWire() {
        assertThat(fields(ReceivedBatch.getDescriptor())).isEqualTo(fields(Batch.getDescriptor()));
        assertThat(fields(ReceivedMessage.getDescriptor()))
                .isEqualTo(fields(SensorMessage.getDescriptor()));
    }

    /// Messages and bytes are the same wire type.
    private static List<String> fields(Descriptor message) {
        return message.getFields().stream()
                .map(field ->
                        field.getNumber()
                                + " "
                                + field.getName()
                                + " "
                                + field.getLiteType().getWireType()
                                + " "
                                + field.isRepeated()
                                + " "
                                + field.hasPresence())
                .toList();
    }

    @Test
    void possibleHitsStayAsTheyWereAndInOrder() {
        Hit.Builder first = Hits.hit("10.0.0.1");
        Hit.Builder second = Hits.hit("2001:db8::1");
        CheckedBatch batch = checked(first, second);
        assertThat(batch.hits()).containsExactly(first.build(), second.build());
        assertThat(batch.gaps()).isEmpty();
        assertThat(batch.seq()).isEqualTo(7);
        assertThat(fields).isEmpty();
    }

    @Test
    void figuresAtTheLimitAreTakenAndBeyondItRefused() {
        assertTaken(hit -> hit.putHashrate("sha256d", Hits.rate(0.5e26).build()));
        assertThat(refusal(hit -> hit.putHashrate("sha256d", Hits.rate(0.6e26).build())))
                .startsWith("hashrate: ");
        assertTaken(hit -> hit.setPowerWatts(Hits.power(0.5e12)));
        assertThat(refusal(hit -> hit.setPowerWatts(Hits.power(0.6e12))))
                .startsWith("power_watts: ");
        assertTaken(hit -> hit.setSessions(10_000_000));
        assertThat(refusal(hit -> hit.setSessions(10_000_001))).startsWith("sessions: ");
        assertTaken(hit -> hit.setFirstSeenNanos(0));
        assertThat(refusal(hit -> hit.setFirstSeenNanos(-1))).startsWith("first_seen: ");
    }

    @Test
    void moreSharesThanCanBeAreRefusedByThatName() {
        long most = 1_000_000_000_000L;
        assertTaken(hit -> hit.putHashrate("sha256d", Hits.rate(1).setShares(most).build()));
        assertThat(refusal(hit -> hit.putHashrate("x", Hits.rate(1).setShares(most + 1).build())))
                .isEqualTo("hashrate: 1000000000001 shares (expected: at most 10^12)");
    }

    @Test
    void figureThatIsNoNumberIsRefused() {
        for (double odd : List.of(Double.NaN, Double.POSITIVE_INFINITY, -1.0)) {
            assertThat(refusal(hit -> hit.setConfidence(odd))).startsWith("confidence: ");
            assertThat(refusal(hit -> hit.putHashrate("x", Hits.rate(odd).build())))
                    .startsWith("hashrate.x");
        }
    }

    @Test
    void namesAreFewShortAndPrintable() {
        assertTaken(hit -> hit.addCoins("c".repeat(64)));
        assertThat(refusal(hit -> hit.addCoins("c".repeat(65)))).startsWith("coins: ");
        assertThat(refusal(hit -> hit.addCoins(""))).startsWith("coins: ");
        assertThat(refusal(hit -> hit.addAlgorithms("two words"))).startsWith("algorithms: ");
        assertThat(refusal(hit -> hit.addProtocols("链"))).startsWith("protocols: ");
        assertThat(refusal(hit -> hit.addAllCoins(java.util.Collections.nCopies(65, "BTC"))))
                .isEqualTo("coins: 65 names (expected: at most 64)");
    }

    @Test
    void anotherSensorsHitIsRefused() {
        assertThat(refusal(hit -> hit.setSensor("tap-2")))
                .isEqualTo("sensor: tap-2 (expected: tap-1)");
    }

    @Test
    void reportedFieldIsOneOfAFixedSetWhateverTheSenderWrites() {
        refusal(hit -> hit.putHashrate("a.b:c", Hits.rate(Double.NaN).build()));
        refusal(hit -> hit.setSensor("x.y:z"));
        refusal(hit -> hit.setSourceIp(ByteString.copyFrom(new byte[5])));
        assertThat(fields).containsExactly("hashrate", "sensor", "source_ip");
    }

    @Test
    void detailIsOneShortLineOfWholeCharacters() {
        String line = refusal(hit -> hit.setSensor("a\nb\u0000c"));
        assertThat(line).doesNotContain("\n", "\u0000").contains("a\uFFFDb\uFFFDc");
        // Two offsets: one of them has a surrogate pair across the cut.
        for (String before : List.of("", "x")) {
            String detail = refusal(hit -> hit.setSensor(before + "\uD83D\uDE00".repeat(400)));
            assertThat(detail.length()).isBetween(290, 300);
            assertThat(Character.isHighSurrogate(detail.charAt(detail.length() - 1))).isFalse();
        }
    }

    @Test
    void gapsOfTheSensorFollowTheHolesAndKeepTheirNumbers() {
        var hole = new HitGap("not-held", "", 3, 6, 0);
        Gap.Builder told = Gap.newBuilder().setReason("spool-full").setFirstSeq(4).setLastSeq(5);
        Batch batch = Batch.newBuilder().setSeq(7).addGaps(told.setHits(12)).build();
        assertThat(check.check(Hits.received(batch), List.of(hole)).gaps())
                .containsExactly(hole, new HitGap("spool-full", "", 4, 5, 12));
    }

    @Test
    void numberBeyondALongIsTheLargestThereIs() {
        Gap gap = Gap.newBuilder().setFirstSeq(-1).setLastSeq(-2).setHits(-3).build();
        Batch batch = Batch.newBuilder().setSeq(7).addGaps(gap).setCreatedNanos(-4).build();
        CheckedBatch checked = check.check(Hits.received(batch), List.of());
        assertThat(checked.gaps())
                .containsExactly(
                        new HitGap("", "", Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(checked.createdNanos()).isZero();
    }

    @Test
    void digestTellsAReplayFromAnotherBatchOfTheSameNumber() {
        Batch batch = Batch.newBuilder().setSeq(7).addHits(Hits.hit("10.0.0.1")).build();
        Batch toldAgain = batch.toBuilder().addGaps(Gap.newBuilder().setReason("torn")).build();
        Batch other = batch.toBuilder().setHits(0, Hits.hit("10.0.0.2")).build();
        ByteString digest = check.check(Hits.received(batch), List.of()).digest();
        assertThat(check.check(Hits.received(toldAgain), List.of()).digest()).isEqualTo(digest);
        assertThat(check.check(Hits.received(other), List.of()).digest()).isNotEqualTo(digest);
    }
}
