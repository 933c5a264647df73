package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minewatch.signatures.Act;
import minewatch.signatures.Dialect;
import minewatch.signatures.Side;
import minewatch.signatures.Template;
import org.junit.jupiter.api.Test;

class ScoreTest {
    private static final int DIALECT = 3;

    private final List<Tally> tallies = new ArrayList<>();

    @Test
    void withoutEvidenceOnlyThePriorSpeaks() {
        Score score = Score.of(DIALECT, tallies, 0);
        assertThat(score.logOdds()).isEqualTo(Score.PRIOR);
        assertThat(score.verdict(Dialect.Claim.MINER)).isEqualTo(Verdict.NONE);
    }

    /// Thresholds of one message: log-odds −0.847 (0.3) and 2.197 (0.9).
    @Test
    void verdictOfOneMessageFollowsItsWeight() {
        assertThat(verdictOf(6.15)).isEqualTo(Verdict.NONE);
        assertThat(verdictOf(6.16)).isEqualTo(Verdict.POSSIBLE);
        assertThat(verdictOf(9.19)).isEqualTo(Verdict.POSSIBLE);
        assertThat(verdictOf(9.20)).isEqualTo(Verdict.PROBABLE);
        assertThat(verdictOf(40)).isEqualTo(Verdict.PROBABLE);
    }

    /// 0.99 is log-odds 4.595.
    @Test
    void proofNeedsItsThresholdAndTwoGroups() {
        tally(Side.MINER, "login", 5.79);
        tally(Side.MINER, "share", 5.8);
        assertThat(score().verdict(Dialect.Claim.MINER)).isEqualTo(Verdict.PROBABLE);

        tallies.clear();
        tally(Side.MINER, "login", 5.8);
        tally(Side.MINER, "share", 5.8);
        assertThat(score().verdict(Dialect.Claim.MINER)).isEqualTo(Verdict.MINER);
    }

    @Test
    void oneGroupInBothDirectionsIsProofToo() {
        tally(Side.MINER, "share", 12);
        assertThat(score().verdict(Dialect.Claim.MINER)).isEqualTo(Verdict.PROBABLE);
        assertThat(score().missing()).containsExactly("a second independent field or direction");

        tally(Side.POOL, "share", 1);
        assertThat(score().groups()).isEqualTo(1);
        assertThat(score().bothDirections()).isTrue();
        assertThat(score().verdict(Dialect.Claim.MINER)).isEqualTo(Verdict.MINER);
        assertThat(score().missing()).isEmpty();
    }

    @Test
    void proofOfADialectOfWebPagesNamesTheBrowser() {
        tally(Side.MINER, "login", 6);
        tally(Side.MINER, "share", 6);
        assertThat(score().verdict(Dialect.Claim.BROWSER)).isEqualTo(Verdict.BROWSER);
    }

    @Test
    void dialectThatProvesLessIsNeverCalledAMiner() {
        tally(Side.MINER, "login", 6);
        tally(Side.MINER, "share", 6);
        assertThat(score().verdict(Dialect.Claim.RELAY)).isEqualTo(Verdict.RELAY);
        assertThat(score().verdict(Dialect.Claim.PROBABLE)).isEqualTo(Verdict.PROBABLE);
        assertThat(score().verdict(Dialect.Claim.POSSIBLE)).isEqualTo(Verdict.POSSIBLE);
        assertThat(score().verdict(Dialect.Claim.NODE)).isEqualTo(Verdict.NODE);
    }

    @Test
    void coinsPeerShortOfProofIsNoSuspicionOfMining() {
        tally(Side.EITHER, "hello", 12);
        assertThat(score().verdict(Dialect.Claim.NODE)).isEqualTo(Verdict.NONE);
        assertThat(score().verdict(Dialect.Claim.MINER)).isEqualTo(Verdict.PROBABLE);
    }

    @Test
    void ofOneGroupOnlyTheStrongestCounts() {
        tally(Side.MINER, "share", 8);
        tally(Side.MINER, "share", 7);
        tally(Side.MINER, "share", 6);
        assertThat(score().logOdds()).isEqualTo(1);
        assertThat(score().groups()).isEqualTo(1);
    }

    @Test
    void repetitionAddsLittleAndNotForever() {
        Tally strong = tally(Side.MINER, "share", 8);
        assertThat(Score.weight(strong)).isEqualTo(8);
        strong.total = 2;
        assertThat(Score.weight(strong)).isEqualTo(8.3, within(1e-9));
        strong.total = 16;
        assertThat(Score.weight(strong)).isEqualTo(9.2, within(1e-9));
        strong.total = 1_000_000;
        assertThat(Score.weight(strong)).isEqualTo(9.2, within(1e-9));

        Tally weak = tally(Side.POOL, "reply", 1.5);
        weak.total = 1_000_000;
        assertThat(Score.weight(weak)).isEqualTo(1.5);
    }

    @Test
    void everySecondMessageForeignCostsTheMatchMostOfItsForce() {
        tally(Side.MINER, "login", 6).total = 1;
        tally(Side.MINER, "share", 6).total = 1;
        assertThat(Score.of(DIALECT, tallies, 2).logOdds()).isEqualTo(5);
        assertThat(Score.of(DIALECT, tallies, 4).logOdds()).isEqualTo(5 - 8 * 0.3, within(1e-9));
        assertThat(Score.of(DIALECT, tallies, 4).verdict(Dialect.Claim.MINER))
                .isEqualTo(Verdict.PROBABLE);
        assertThat(Score.of(DIALECT, tallies, 20).verdict(Dialect.Claim.MINER))
                .isEqualTo(Verdict.POSSIBLE);
        assertThat(Score.of(DIALECT, tallies, 2000).verdict(Dialect.Claim.MINER))
                .isEqualTo(Verdict.NONE);
    }

    @Test
    void fifthOfTheMessagesMayBeForeign() {
        tally(Side.MINER, "share", 8).total = 4;
        assertThat(Score.of(DIALECT, tallies, 5).logOdds())
                .isEqualTo(Score.of(DIALECT, tallies, 4).logOdds());
    }

    @Test
    void evidenceForAnotherDialectDoesNotCount() {
        tally(Side.MINER, "share", 8);
        assertThat(Score.of(DIALECT + 1, tallies, 1).messages()).isZero();
        assertThat(Score.of(DIALECT + 1, tallies, 1).logOdds()).isLessThanOrEqualTo(Score.PRIOR);
    }

    @Test
    void missingSaysHowFarTheThresholdIs() {
        tally(Side.MINER, "share", 8);
        assertThat(score().missing())
                .containsExactly(
                        "log-odds 1.0 (expected: at least 4.6)",
                        "a second independent field or direction");
    }

    private Verdict verdictOf(double weight) {
        tallies.clear();
        tally(Side.MINER, "share", weight);
        return score().verdict(Dialect.Claim.MINER);
    }

    private Score score() {
        return Score.of(DIALECT, tallies, tallies.size());
    }

    private Tally tally(Side from, String group, double weight) {
        Template template =
                new Template(
                        "d.m" + tallies.size(),
                        tallies.size(),
                        DIALECT,
                        from,
                        Act.OTHER,
                        weight,
                        group,
                        false,
                        Set.of(),
                        null,
                        Set.of());
        Tally tally = new Tally(template, from == Side.MINER, 0, new byte[0]);
        tally.increment();
        tallies.add(tally);
        return tally;
    }
}
