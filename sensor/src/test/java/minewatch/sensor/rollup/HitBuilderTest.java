package minewatch.sensor.rollup;

import static minewatch.sensor.rollup.Findings.SECOND;
import static minewatch.sensor.rollup.Findings.evidence;
import static minewatch.sensor.rollup.Findings.finding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import minewatch.feed.Addresses;
import minewatch.feed.HitRules;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Flow;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.sensor.inspect.Verdict;
import minewatch.signatures.work.PowerTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HitBuilderTest {
    private static final HitBuilder BUILDER =
            new HitBuilder("s-1", null, Privacy.OPEN, PowerTable.builtIn());
    private static final long MINER = 0xFFFFL << 32 | 0x0A000001; // 10.0.0.1

    private final SourceState state = new SourceState(0, MINER);

    @Test
    void whatWasNotSeenIsLeftOut() {
        add(finding().onlyMinerSeen().dialect("cryptonote", null));
        Hit hit = build();
        assertThat(hit.hasFile()).isFalse();
        assertThat(hit.getShares().hasSubmitted()).isTrue();
        assertThat(hit.getShares().hasAccepted()).isFalse();
        assertThat(hit.getShares().hasRejected()).isFalse();
        assertThat(hit.getAlgorithmsList()).isEmpty();
        assertThat(hit.getHashrateMap()).isEmpty();
        assertThat(hit.hasPowerWatts()).isFalse();
        assertThat(hit.getVisibility().getOriginator()).isTrue();
        assertThat(hit.getVisibility().getResponder()).isFalse();
    }

    @Test
    void halvesOfDifferentConnectionsAddUp() {
        add(finding().onlyMinerSeen().shares(4, 1).onlyMinerSeen());
        add(finding().onlyPoolSeen());
        Hit hit = build();
        assertThat(hit.getShares().getSubmitted()).isEqualTo(4);
        assertThat(hit.getShares().getAccepted()).isEqualTo(10);
        assertThat(hit.getVisibility().getOriginator()).isTrue();
        assertThat(hit.getVisibility().getResponder()).isTrue();
    }

    @Test
    void verdictIsThatOfTheStrongestConnection() {
        add(finding().verdict(Verdict.POSSIBLE, 0.6));
        add(finding().verdict(Verdict.MINER, 0.995));
        add(finding().verdict(Verdict.PROBABLE, 0.999));
        Hit hit = build();
        assertThat(hit.getVerdict()).isEqualTo(minewatch.feed.v1.Verdict.MINER);
        assertThat(hit.getConfidence()).isEqualTo(0.995);
    }

    @Test
    void timeSpansAllConnections() {
        add(finding().seconds(20, 30));
        add(finding().seconds(10, 15));
        Hit hit = build();
        assertThat(hit.getFirstSeenNanos()).isEqualTo(10 * SECOND);
        assertThat(hit.getLastSeenNanos()).isEqualTo(30 * SECOND);
    }

    @Test
    void rigsAtOneTimeAddUpAndReconnectsDoNot() {
        add(finding().seconds(0, 100));
        add(finding().seconds(0, 100));
        assertThat(rate("sha256d").getBest()).isCloseTo(20 * 0x1p32 / 100, within(1.0));

        add(finding().seconds(100, 200));
        add(finding().seconds(200, 300));
        assertThat(rate("sha256d").getBest()).isCloseTo(40 * 0x1p32 / 300, within(1.0));
        assertThat(rate("sha256d").getShares()).isEqualTo(40);
        assertThat(rate("sha256d").getSeconds()).isEqualTo(300);
    }

    @Test
    void algorithmsAreEstimatedApartAndTheirPowerAddsUp() {
        add(finding().shares(10, 0x1p50)); // 113 TH/s
        Hit alone = build();
        add(finding().dialect("zcash-stratum", "equihash-200-9").shares(10, 0x1p20));
        Hit both = build();
        assertThat(both.getAlgorithmsList()).containsExactly("sha256d", "equihash-200-9");
        assertThat(both.getHashrateMap()).containsOnlyKeys("sha256d", "equihash-200-9");
        assertThat(both.getHashrateOrThrow("sha256d").getUnit()).isEqualTo("H/s");
        assertThat(both.getHashrateOrThrow("equihash-200-9").getUnit()).isEqualTo("Sol/s");
        assertThat(both.getHashrateOrThrow("sha256d"))
                .isEqualTo(alone.getHashrateOrThrow("sha256d"));
        assertThat(both.getPowerWatts().getBest()).isGreaterThan(alone.getPowerWatts().getBest());
        assertThat(both.getPowerWatts().getBasis())
                .startsWith("equihash-200-9-")
                .contains(" " + alone.getPowerWatts().getBasis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256d", "x11"}) // of known hardware, and of none
    void rateThatNoConnectionCanPowerIsLeftOut(String algorithm) {
        add(finding().dialect("stratum-v1", algorithm).shares(10, 0x1p90).states(1e30));
        assertThat(build().getHashrateMap()).isEmpty();
        assertThat(build().hasPowerWatts()).isFalse();
        assertThat(build().getShares().getAccepted()).isEqualTo(10);
    }

    /// Whoever mines for itself hands in nothing but blocks, seldom; one of Bitcoin takes some 2^79
    /// hashes.
    @Test
    void blockOfALuckyMinerStillCounts() {
        add(finding().shares(1, 0x1p79).seconds(0, 600));
        assertThat(rate("sha256d").getShares()).isEqualTo(1);
    }

    /// Else a miner could hide what it does behind one connection to a pool of its own that lies.
    @Test
    void impossibleConnectionDoesNotHideTheOthers() {
        add(finding().shares(10, 0x1p50).states(1e14));
        Hashrate honest = rate("sha256d");
        add(finding().shares(10, 0x1p90).states(1e30));
        assertThat(rate("sha256d")).isEqualTo(honest);
    }

    @Test
    void evidenceOfOneShapeAddsUpAndTheFirstMessageStays() {
        add(finding().evidence(evidence("a.submit", 3, 50), evidence("a.login", 1, 40)));
        add(finding().evidence(evidence("a.submit", 4, 20)));
        List<Evidence> evidence = build().getEvidenceList();
        assertThat(evidence)
                .extracting(Evidence::getSignature)
                .containsExactly("a.submit", "a.login");
        assertThat(evidence.getFirst().getCount()).isEqualTo(7);
        assertThat(evidence.getFirst().getAtNanos()).isEqualTo(20);
        assertThat(evidence.getFirst().getExcerpt()).isEqualTo("{at 20}");
    }

    @Test
    void connectionsToOnePoolNameItOnce() {
        add(finding().minerPort(1).pool("203.0.113.9"));
        add(finding().minerPort(2).pool("203.0.113.9"));
        add(finding().minerPort(3).pool("2001:db8::9"));
        Hit hit = build();
        assertThat(hit.getPoolsList())
                .extracting(pool -> Addresses.text(pool.getIp()), Pool::getPort)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("203.0.113.9", 3333),
                        org.assertj.core.groups.Tuple.tuple("2001:db8::9", 3333));
        assertThat(hit.getFlowsList()).extracting(Flow::getSourcePort).containsExactly(1, 2, 3);
        assertThat(hit.getFlowsList()).extracting(Flow::getCommunityId).doesNotHaveDuplicates();
    }

    @Test
    void flowsAndNamesAreBoundedAndSessionsAreCountedAll() {
        for (int i = 0; i < 100; i++) {
            int first = i * 10;
            add(
                    finding()
                            .minerPort(1 + i)
                            .workers(
                                    IntStream.range(first, first + 10)
                                            .mapToObj("w%d"::formatted)
                                            .toList()));
        }
        Hit hit = build();
        assertThat(hit.getSessions()).isEqualTo(100);
        assertThat(hit.getFlowsCount()).isEqualTo(SourceState.MAX_FLOWS);
        assertThat(hit.getWorkersCount()).isEqualTo(256);
        assertThat(hit.getShares().getAccepted()).isEqualTo(1000);
    }

    @Test
    void ipv4IsFourBytesAndIpv6Sixteen() {
        add(finding().agents("cgminer/4.12.0"));
        assertThat(Addresses.text(build().getSourceIp())).isEqualTo("10.0.0.1");
        SourceState other = new SourceState(0x20010DB8L << 32, 1);
        other.add(finding().build());
        Hit hit = BUILDER.build(other, false);
        assertThat(hit.getSourceIp().size()).isEqualTo(16);
        assertThat(Addresses.text(hit.getSourceIp())).isEqualTo("2001:db8::1");
    }

    @Test
    void everyHitSatisfiesTheRulesOfTheFeed() {
        add(finding().agents("cgminer/4.12.0").accounts(List.of("farm01")));
        add(finding().onlyPoolSeen().dialect("zcash-stratum", "equihash-200-9"));
        assertThat(HitRules.problem(build())).isEmpty();
        assertThat(HitRules.problem(BUILDER.build(state, true))).isEmpty();
    }

    private void add(Findings finding) {
        state.add(finding.build());
    }

    private Hit build() {
        return BUILDER.build(state, false);
    }

    private Hashrate rate(String algorithm) {
        return build().getHashrateOrThrow(algorithm);
    }
}
