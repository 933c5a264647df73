package minewatch.sensor.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Shares;
import minewatch.feed.v1.Verdict;
import minewatch.sensor.workbench.Judgement.Count;
import minewatch.sensor.workbench.Judgement.Outcome;
import minewatch.sensor.workbench.Judgement.Pair;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Label MINER =
            new Label("a", "10.0.0.1", Set.of("miner"), "stratum-v1", "sha256d", 60L, 1000.0);
    private static final Label NOBODY = new Label("a", "", Set.of("none"), "", null, null, null);

    private final Judge judge = new Judge(0.05);

    @Test
    void hitAsLabelledIsRightAndFound() {
        Judgement judgement = judge.judge("a", List.of(MINER), List.of(hit(Verdict.MINER, 61)));
        assertThat(judgement.problems()).isEmpty();
        assertThat(judgement.counts()).containsExactly(new Count("stratum-v1", Outcome.FOUND));
        assertThat(judgement.confusion()).containsExactly(new Pair("stratum-v1", "stratum-v1"));
    }

    @Test
    void missedMinerIsAProblemAndAMiss() {
        Judgement judgement = judge.judge("a", List.of(MINER), List.of());
        assertThat(judgement.problems()).containsExactly("0 hits for 10.0.0.1 (expected: 1)");
        assertThat(judgement.counts()).containsExactly(new Count("stratum-v1", Outcome.MISSED));
        assertThat(judgement.confusion()).containsExactly(new Pair("stratum-v1", "none"));
    }

    @Test
    void oneProtocolTakenForAnotherIsAMissAndAFalseAlarm() {
        Hit other = hit(Verdict.MINER, 60).toBuilder().setProtocols(0, "grin").build();
        Judgement judgement = judge.judge("a", List.of(MINER), List.of(other));
        assertThat(judgement.problems())
                .containsExactly("10.0.0.1: protocols [grin] (expected: stratum-v1)");
        assertThat(judgement.counts())
                .containsExactly(
                        new Count("stratum-v1", Outcome.MISSED), new Count("grin", Outcome.FALSE));
        assertThat(judgement.confusion()).containsExactly(new Pair("stratum-v1", "grin"));
    }

    @Test
    void accusedInnocentIsAProblem() {
        for (Verdict verdict : List.of(Verdict.MINER, Verdict.PROBABLE, Verdict.RELAY)) {
            Judgement judgement = judge.judge("a", List.of(NOBODY), List.of(hit(verdict, 0)));
            assertThat(judgement.problems()).hasSize(1);
            assertThat(judgement.counts()).containsExactly(new Count("stratum-v1", Outcome.FALSE));
        }
    }

    @Test
    void weakHitInAHarmlessCaptureIsTolerated() {
        for (Verdict verdict : List.of(Verdict.POSSIBLE, Verdict.NODE)) {
            Judgement judgement = judge.judge("a", List.of(NOBODY), List.of(hit(verdict, 0)));
            assertThat(judgement.problems()).isEmpty();
            assertThat(judgement.confusion()).containsExactly(new Pair("none", "none"));
        }
    }

    @Test
    void sharesMayDifferByOneOrTheTolerance() {
        assertThat(problems(judge, 63)).isEmpty();
        assertThat(problems(judge, 64))
                .containsExactly("10.0.0.1: 64 shares accepted (expected: 60 within 3)");
        assertThat(problems(new Judge(0), 61)).isEmpty();
        assertThat(problems(new Judge(0), 62)).hasSize(1);
    }

    @Test
    void hashrateMustLieWithinTheBounds() {
        Hashrate rate = Hashrate.newBuilder().setLow(2000).setHigh(3000).setUnit("H/s").build();
        Hit hit = hit(Verdict.MINER, 60).toBuilder().putHashrate("sha256d", rate).build();
        assertThat(judge.judge("a", List.of(MINER), List.of(hit)).problems())
                .containsExactly(
                        "10.0.0.1: hashrate 2000 to 3000 H/s (expected: bounds around 1000.0)");
    }

    @Test
    void stretchIsCountedAndNeverAProblem() {
        Label tls = new Label("a", "10.0.0.1", Set.of("stretch"), "tls", null, 60L, null);
        Judgement missed = judge.judge("a", List.of(tls), List.of());
        Judgement found = judge.judge("a", List.of(tls), List.of(hit(Verdict.POSSIBLE, 0)));
        assertThat(missed.problems()).isEmpty();
        assertThat(found.problems()).isEmpty();
        assertThat(List.of(missed.stretchFound(), found.stretchFound())).containsExactly(0, 1);
        assertThat(missed.counts()).isEmpty();
    }

    private static List<String> problems(Judge judge, long shares) {
        return judge.judge("a", List.of(MINER), List.of(hit(Verdict.MINER, shares))).problems();
    }

    private static Hit hit(Verdict verdict, long shares) {
        return Hit.newBuilder()
                .setSourceIp(Addresses.parse("10.0.0.1"))
                .setVerdict(verdict)
                .addProtocols("stratum-v1")
                .addAlgorithms("sha256d")
                .setShares(Shares.newBuilder().setAccepted(shares))
                .putHashrate(
                        "sha256d",
                        Hashrate.newBuilder().setLow(500).setHigh(2000).setUnit("H/s").build())
                .build();
    }
}
