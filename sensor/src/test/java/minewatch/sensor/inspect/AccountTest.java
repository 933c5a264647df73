package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import minewatch.sensor.inspect.shape.BlockClock;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.work.Rate;
import org.junit.jupiter.api.Test;

/// A conversation of the Bitcoin family, heard from its middle.
class AccountTest {
    private static final SignaturePack PACK = SignaturePacks.builtIn();
    private static final int STRATUM_V1 =
            PACK.dialects().stream().map(d -> d.id()).toList().indexOf("stratum-v1");
    private static final long SECOND = 1_000_000_000L;
    private static final double HASHES = 4_295_032_833.0; // of a share of difficulty 1

    private final Dialogue dialogue =
            new Dialogue(
                    PACK,
                    new Hearing(PACK.newMatcher()),
                    new BufferBudget(1 << 20),
                    new NoSession(),
                    new BlockClock(),
                    null);
    private int shares;

    private void says(boolean miner, double second, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        dialogue.onText(miner, bytes, 0, bytes.length, (long) (second * SECOND));
    }

    private void share(double second) {
        int id = 10 + ++shares;
        says(
                true,
                second,
                "{\"id\":%d,\"method\":\"mining.submit\",\"params\":[\"a.b\",\"f\",\"00000000\",\"6b04646f\",\"%08x\"]}"
                        .formatted(id, shares));
        says(false, second, "{\"id\":%d,\"result\":true,\"error\":null}".formatted(id));
    }

    private void difficulty(double second, double difficulty) {
        says(
                false,
                second,
                "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":["
                        + difficulty
                        + "]}");
    }

    private Account account() {
        return Objects.requireNonNull(dialogue.account(STRATUM_V1));
    }

    /// Of the seconds 0 to 200.
    private Rate rate(boolean byReplies) {
        Account account = account();
        return Objects.requireNonNull(
                account.work(byReplies, account.reading(null), 0, 200 * SECOND).rate(200));
    }

    /// The pool raises the difficulty since shares came too fast: at the new one they would be four
    /// times the work.
    @Test
    void whatTheSharesBeforeTheFirstTargetCostIsTakenFromTheTimeAfter() {
        for (int second = 4; second < 100; second += 2) {
            share(second);
        }
        difficulty(100, 1024);
        for (int second = 108; second <= 196; second += 8) {
            share(second);
        }

        for (boolean byReplies : new boolean[] {true, false}) {
            Rate rate = rate(byReplies);
            assertThat(rate.shares()).isEqualTo(12);
            assertThat(rate.best()).isCloseTo(12 * 1024 * HASHES / 100, within(1.0));
            assertThat(rate.effectiveShares()).isCloseTo(12, within(1e-9));
        }
        assertThat(account().submitted()).isEqualTo(60);
        assertThat(account().accepted()).isEqualTo(60);
    }

    @Test
    void inAnIntervalAfterItTheTargetIsKnownThroughout() {
        share(4);
        difficulty(100, 1024);
        share(150);

        Account account = account();
        assertThat(account.work(true, account.reading(null), 120 * SECOND, 200 * SECOND).hashes())
                .isCloseTo(1024 * HASHES, within(1.0));
    }

    @Test
    void targetBeforeTheFirstShareStretchesNothing() {
        difficulty(100, 1024);
        share(150);

        assertThat(rate(true).best()).isCloseTo(1024 * HASHES / 200, within(1.0));
    }

    @Test
    void withoutAShareAfterTheFirstTargetThereIsNoRate() {
        share(4);
        share(50);
        difficulty(199, 1024);

        Account account = account();
        assertThat(account.work(true, account.reading(null), 0, 200 * SECOND).rate(200)).isNull();
        assertThat(account.accepted()).isEqualTo(2);
    }

    /// What came in half a second of two hundred does not count four hundred times.
    @Test
    void aMomentIsTakenForASecond() {
        share(4);
        difficulty(199.5, 1024);
        share(200);

        assertThat(rate(true).best()).isCloseTo(1024 * HASHES, within(1.0));
    }
}
