package minewatch.sensor.rollup;

import static minewatch.sensor.rollup.Findings.finding;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Verdict;
import minewatch.signatures.work.PowerTable;
import org.junit.jupiter.api.Test;

class RollupTest {
    private static final List<String> WORKERS =
            IntStream.range(0, 60).mapToObj(i -> "%0100d".formatted(i)).toList();

    private final List<List<Hit>> portions = new ArrayList<>();
    private final Rollup rollup =
            new Rollup(
                    new HitBuilder("s-1", null, Privacy.OPEN, PowerTable.builtIn()), portions::add);

    @Test
    void sourceGivesOneHitAnIntervalWhateverItsConnections() {
        find(finding().miner("10.0.0.2").minerPort(1));
        find(finding().miner("10.0.0.1"));
        find(finding().miner("10.0.0.2").minerPort(2));
        rollup.endInterval();

        assertThat(sources(hits())).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(hits()).extracting(Hit::getSessions).containsExactly(1, 2);
        assertThat(hits().get(1).getShares().getAccepted()).isEqualTo(20);
    }

    @Test
    void nextIntervalStartsFromNothing() {
        find(finding().miner("10.0.0.1"));
        rollup.endInterval();
        rollup.endInterval();
        find(finding().miner("10.0.0.1"));
        rollup.endInterval();

        assertThat(portions).extracting(List::size).containsExactly(1, 0, 1);
        assertThat(hits()).extracting(Hit::getSessions).containsExactly(1, 1);
        assertThat(rollup.hits()).isEqualTo(2);
    }

    @Test
    void sourceThatMinesAndIsMinedAtIsARelay() {
        find(finding().miner("10.0.0.7").pool("203.0.113.9"));
        find(finding().miner("10.0.0.1").pool("10.0.0.7"));
        rollup.endInterval();

        assertThat(sources(hits())).containsExactly("10.0.0.1", "10.0.0.7");
        assertThat(hits())
                .extracting(Hit::getVerdict)
                .containsExactly(Verdict.MINER, Verdict.RELAY);
    }

    @Test
    void weakIndicationMakesNoRelay() {
        find(finding().miner("10.0.0.7").verdict(minewatch.sensor.inspect.Verdict.POSSIBLE, 0.5));
        find(finding().miner("10.0.0.1").pool("10.0.0.7"));
        rollup.endInterval();

        assertThat(hits())
                .extracting(Hit::getVerdict)
                .containsExactly(Verdict.MINER, Verdict.POSSIBLE);
    }

    @Test
    void relayOfOneIntervalIsJudgedAnewInTheNext() {
        find(finding().miner("10.0.0.1").pool("10.0.0.7"));
        rollup.endInterval();
        find(finding().miner("10.0.0.7"));
        rollup.endInterval();

        assertThat(hits()).extracting(Hit::getVerdict).containsOnly(Verdict.MINER);
    }

    @Test
    void busySourceLeavesEarlyAndLosesNothing() {
        int held = Math.ceilDiv(Rollup.MAX_BYTES_OF_SOURCE, (int) talkative().build().bytes());
        int findings = held + 5;
        for (int i = 0; i < findings; i++) {
            find(talkative().miner("10.0.0.1").minerPort(1024 + i));
        }
        rollup.endInterval();

        assertThat(hits()).extracting(Hit::getSessions).containsExactly(held, 5);
        assertThat(accepted(hits())).isEqualTo(10L * findings);
    }

    @Test
    void moreThanIsHeldLeavesInPortionsAndNoneIsLost() {
        int held = Rollup.MAX_BYTES / (int) talkative().build().bytes();
        int sources = held + 5 * Rollup.PORTION;
        for (int i = 0; i < sources; i++) {
            find(talkative().miner("10.%d.%d.1".formatted(i >> 8, i & 0xFF)));
        }
        assertThat(hits()).hasSizeGreaterThanOrEqualTo(4 * Rollup.PORTION);
        assertThat(sources - hits().size()).isBetween(held / 2, held + Rollup.PORTION);
        rollup.endInterval();

        assertThat(sources(hits())).hasSize(sources).doesNotHaveDuplicates();
        assertThat(portions).allSatisfy(p -> assertThat(p).hasSizeLessThanOrEqualTo(1000));
        assertThat(rollup.hits()).isEqualTo(sources);
    }

    @Test
    void hitsGoOnInPortions() {
        for (int i = 0; i < 2 * Rollup.PORTION + 500; i++) {
            find(finding().miner("10.0.%d.%d".formatted(i >> 8, i & 0xFF)));
        }
        rollup.endInterval();

        assertThat(portions)
                .extracting(List::size)
                .containsExactly(Rollup.PORTION, Rollup.PORTION, 500);
    }

    /// Whoever makes names up makes the findings large, not many.
    @Test
    void portionsOfLargeHitsAreSmaller() {
        for (int i = 0; i < Rollup.PORTION; i++) {
            find(talkative().miner("10.0.%d.%d".formatted(i >> 8, i & 0xFF)));
        }
        rollup.endInterval();

        assertThat(hits()).hasSize(Rollup.PORTION);
        assertThat(portions).hasSizeGreaterThan(1);
        assertThat(portions)
                .allSatisfy(p ->
                        assertThat(bytes(p.subList(0, p.size() - 1)))
                                .isLessThan(Rollup.PORTION_BYTES));
    }

    @Test
    void busySourcesUnderPressureAreCountedOnce() {
        Random random = new Random(7);
        int findings = 10_000;
        for (int i = 0; i < findings; i++) {
            int source = Math.min(random.nextInt(60), random.nextInt(90));
            find(talkative().miner("10.0.0." + source).minerPort(1 + random.nextInt(60_000)));
        }
        rollup.endInterval();

        assertThat(hits().stream().mapToLong(Hit::getSessions).sum()).isEqualTo(findings);
    }

    @Test
    void sourcePushedOutByTheVeryFindingThatFillsItIsToldOnce() {
        find(finding().miner("10.0.0.1"));
        find(finding().miner("10.0.0.2").workers(List.of("w".repeat(Rollup.MAX_BYTES / 2))));
        rollup.endInterval();

        assertThat(sources(hits())).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
    }

    /// 60 workers with long names: some 16 kB.
    private static Findings talkative() {
        return finding().workers(WORKERS);
    }

    private void find(Findings finding) {
        rollup.onFinding(finding.build());
    }

    private List<Hit> hits() {
        return portions.stream().flatMap(List::stream).toList();
    }

    private static List<String> sources(List<Hit> hits) {
        return hits.stream().map(hit -> Addresses.text(hit.getSourceIp())).toList();
    }

    private static long accepted(List<Hit> hits) {
        return hits.stream().mapToLong(hit -> hit.getShares().getAccepted()).sum();
    }

    private static int bytes(List<Hit> hits) {
        return hits.stream().mapToInt(Hit::getSerializedSize).sum();
    }
}
