package minewatch.sensor.rollup;

import static minewatch.sensor.rollup.Findings.finding;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.feed.v1.Pool;
import minewatch.sensor.inspect.Verdict;
import minewatch.sensor.inspect.endpoint.KnownPool;
import minewatch.signatures.coinbase.PoolName;
import minewatch.signatures.work.PowerTable;
import org.junit.jupiter.api.Test;

/// Several dialogues of one source.
class MinersTest {
    private static final PoolName F2POOL = new PoolName("F2Pool", "coinbase-tag");

    private static Findings ethash(int from, int to) {
        return finding().dialect("ethproxy", "ethash").seconds(from, to).shares(5, 1e9);
    }

    private static Findings ethash(int from, int to, String worker) {
        return ethash(from, to).workers(List.of(worker));
    }

    private static Hit hit(Findings... findings) {
        SourceState state = new SourceState(0, 0xFFFF0A000001L);
        for (Findings one : findings) {
            state.add(one.build());
        }
        return new HitBuilder("s", null, Privacy.OPEN, PowerTable.builtIn()).build(state, false);
    }

    @Test
    void oneThatReconnectsIsOne() {
        Hit hit = hit(ethash(0, 10), ethash(10, 20), ethash(30, 40));
        assertThat(hit.getSessions()).isEqualTo(3);
        assertThat(hit.getMiners()).isEqualTo(1);
    }

    @Test
    void connectionsAtOneTimeAreSeveral() {
        Hit hit = hit(ethash(0, 20), ethash(10, 30), ethash(25, 40));
        assertThat(hit.getMiners()).isEqualTo(2);
    }

    @Test
    void namesOfTheirOwnAreSeveral() {
        Hit hit = hit(ethash(0, 10, "a.1"), ethash(10, 20, "a.2"));
        assertThat(hit.getMiners()).isEqualTo(2);
    }

    @Test
    void whatMinersStateStandsBesideTheEstimate() {
        Hit hit =
                hit(
                        ethash(0, 10, "a.1").states(3e9),
                        ethash(10, 20, "a.1").states(2e9),
                        ethash(0, 20, "a.2").states(1e9));
        Hashrate rate = hit.getHashrateOrThrow("ethash");
        assertThat(rate.getBasis()).isEqualTo("shares");
        assertThat(rate.getBest()).isEqualTo(15e9 / 20);
        assertThat(rate.getSelfReported()).isEqualTo(3e9); // the latest of a.1, and a.2
    }

    @Test
    void whatMinersStateIsLabelledWhereNoShareWasSeen() {
        Hashrate rate = hit(ethash(0, 10).shares(0, 1e9).states(3e9)).getHashrateOrThrow("ethash");
        assertThat(rate.getBasis()).isEqualTo("self-reported");
        assertThat(rate.getBest()).isEqualTo(3e9);
        assertThat(rate.getShares()).isZero();
        assertThat(rate.hasSelfReported()).isFalse();
    }

    @Test
    void presumedAlgorithmIsLabelledAndHasNoPower() {
        Hit sure = hit(ethash(0, 10).shares(10, 1e9));
        Hit presumed = hit(ethash(0, 10).shares(10, 1e9).presumed());
        assertThat(sure.hasPowerWatts()).isTrue();
        assertThat(sure.getHashrateOrThrow("ethash").getBasis()).isEqualTo("shares");
        assertThat(presumed.hasPowerWatts()).isFalse();
        assertThat(presumed.getHashrateOrThrow("ethash").getBasis()).isEqualTo("shares-presumed");
    }

    @Test
    void nodeIsNoMiner() {
        assertThat(hit(finding().verdict(Verdict.NODE, 0.99)).hasMiners()).isFalse();
    }

    @Test
    void poolIsNamedByItsJobs() {
        Pool pool = hit(finding().signedBy(F2POOL)).getPools(0);
        assertThat(pool.getName()).isEqualTo("F2Pool");
        assertThat(pool.getByList()).containsExactlyInAnyOrder("dialogue", "coinbase-tag");
    }

    @Test
    void jobsOfThePoolThatIsKnownConfirmIt() {
        KnownPool known = new KnownPool("f2pool", "btc.f2pool.com", List.of("dns"), List.of());
        Hit hit = hit(finding().known(known).signedBy(F2POOL));
        assertThat(hit.getPoolsList()).hasSize(1);
        assertThat(hit.getPools(0).getName()).isEqualTo("f2pool");
        assertThat(hit.getPools(0).getByList())
                .containsExactlyInAnyOrder("dns", "dialogue", "coinbase-tag");
    }

    @Test
    void poolBehindAnotherStandsByItself() {
        KnownPool known = new KnownPool("nicehash", "x.nicehash.com", List.of("dns"), List.of());
        Hit hit = hit(finding().known(known).signedBy(F2POOL));
        assertThat(hit.getPoolsList()).extracting(Pool::getName).contains("nicehash", "F2Pool");
        assertThat(hit.getPools(0).getByList()).containsExactly("dns", "dialogue");
        assertThat(hit.getPools(1).getIp().isEmpty()).isTrue();
    }
}
