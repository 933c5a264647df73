package minewatch.sensor.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import minewatch.sensor.inspect.Finding;
import minewatch.signatures.work.PowerTable;
import org.junit.jupiter.api.Test;

class MinersTest {
    private static Finding finding(
            int from, int to, String worker, int shares, double statedRate, boolean presumed) {
        return Findings.finding()
                .dialect("ethproxy", "ethash")
                .minerPort(40_000 + from)
                .accounts(List.of("0xabc"))
                .workers(worker.isEmpty() ? List.of() : List.of(worker))
                .presumed(presumed)
                .stating(statedRate)
                .shares(shares, 1e9)
                .seconds(from, to)
                .build();
    }

    private static Hit hit(Finding... findings) {
        SourceState state = new SourceState(0, 0xFFFF0A000001L);
        for (Finding finding : findings) {
            state.add(finding);
        }
        return new HitBuilder("s", null, Privacy.OPEN, PowerTable.builtIn()).build(state, false);
    }

    @Test
    void oneThatReconnectsIsOne() {
        Hit hit =
                hit(
                        finding(0, 10, "", 1, Double.NaN, false),
                        finding(10, 20, "", 1, Double.NaN, false),
                        finding(30, 40, "", 1, Double.NaN, false));
        assertThat(hit.getSessions()).isEqualTo(3);
        assertThat(hit.getMiners()).isEqualTo(1);
    }

    @Test
    void connectionsAtOneTimeAreSeveral() {
        Hit hit =
                hit(
                        finding(0, 20, "", 1, Double.NaN, false),
                        finding(10, 30, "", 1, Double.NaN, false),
                        finding(25, 40, "", 1, Double.NaN, false));
        assertThat(hit.getMiners()).isEqualTo(2);
    }

    @Test
    void namesOfTheirOwnAreSeveral() {
        Hit hit =
                hit(
                        finding(0, 10, "a.1", 1, Double.NaN, false),
                        finding(10, 20, "a.2", 1, Double.NaN, false));
        assertThat(hit.getMiners()).isEqualTo(2);
    }

    @Test
    void whatMinersStateStandsBesideTheEstimate() {
        Hit hit =
                hit(
                        finding(0, 10, "a.1", 5, 3e9, false),
                        finding(10, 20, "a.1", 5, 2e9, false),
                        finding(0, 20, "a.2", 5, 1e9, false));
        Hashrate rate = hit.getHashrateOrThrow("ethash");
        assertThat(rate.getBasis()).isEqualTo("shares");
        assertThat(rate.getBest()).isEqualTo(15e9 / 20);
        assertThat(rate.getSelfReported()).isEqualTo(3e9); // the latest of a.1, and a.2
    }

    @Test
    void whatMinersStateIsLabelledWhereNoShareWasSeen() {
        Hashrate rate = hit(finding(0, 10, "", 0, 3e9, false)).getHashrateOrThrow("ethash");
        assertThat(rate.getBasis()).isEqualTo("self-reported");
        assertThat(rate.getBest()).isEqualTo(3e9);
        assertThat(rate.getShares()).isZero();
        assertThat(rate.hasSelfReported()).isFalse();
    }

    @Test
    void presumedAlgorithmIsLabelledAndHasNoPower() {
        Finding sure = finding(0, 10, "", 10, Double.NaN, false);
        Finding presumed = finding(0, 10, "", 10, Double.NaN, true);
        assertThat(hit(sure).hasPowerWatts()).isTrue();
        assertThat(hit(presumed).hasPowerWatts()).isFalse();
        assertThat(hit(presumed).getHashrateOrThrow("ethash").getBasis())
                .isEqualTo("shares-presumed");
    }
}
