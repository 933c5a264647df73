package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import minewatch.sensor.inspect.shape.BlockClock;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.language.SignatureFile;
import minewatch.signatures.work.CoinWork;
import minewatch.signatures.work.WorkDone;
import org.junit.jupiter.api.Test;

/// Dialogues in the messages of the Bitcoin family, whose shares were truly mined.
class ShareCheckTest {
    private static final SignaturePack PACK = SignaturePacks.builtIn();
    private static final int STRATUM_V1 =
            PACK.dialects().stream().map(d -> d.id()).toList().indexOf("stratum-v1");

    /// Ends in zeros: the block before was mined by the hash that names it.
    private static final String WORK =
            "4033602e58cd0810fcd094350da8b535b1bf0ab400073bc00000000000000000";

    private static final String NO_WORK =
            "43207db77c3c92fe7a98cca95df0ac5f2e6f46c3d375284f7bd35783b2aa2f4e";
    private static final String TAIL = "0d2f6e6f64655374726174756d2f";

    private final BufferBudget budget = new BufferBudget(1 << 20);
    private final Dialogue dialogue =
            new Dialogue(
                    PACK,
                    new Hearing(PACK.newMatcher()),
                    budget,
                    new NoSession(),
                    new BlockClock(),
                    null);
    private long nanos;

    private void says(boolean miner, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        dialogue.onText(miner, bytes, 0, bytes.length, nanos);
    }

    private void subscribed() {
        says(true, "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"x/1\"]}");
        says(
                false,
                "{\"id\":1,\"result\":[[[\"mining.notify\",\"1\"]],\"68000000\",4],\"error\":null}");
    }

    private void difficulty(double difficulty) {
        says(
                false,
                "{\"id\":null,\"method\":\"mining.set_difficulty\",\"params\":["
                        + difficulty
                        + "]}");
    }

    private void job(String previousHash, String bits) {
        says(
                false,
                "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"f\",\""
                        + previousHash
                        + "\",\"01000000010000000000000000000000000000000000000000000000000000000000000000"
                        + "ffffffff200377460d046f64046b08\",\""
                        + TAIL
                        + "00000000020000000000000000266a24aa21a9ed2cb37f8f418b5c3c4c7be4226384b5e5588ac4e1"
                        + "d84b7cf20eeca42fb07aeb2710c9a012000000001976a9147680adec8eabcabac676be9e83854ade"
                        + "0bd22cdb88ac00000000\",[\"90555519280827f859b7570075e70d6e69af7fa473a7ca792483aa4e2bb3c577\"],"
                        + "\"20000000\",\""
                        + bits
                        + "\",\"6b04646f\",true]}");
    }

    private void share(String nonce, String more) {
        says(
                true,
                "{\"id\":4,\"method\":\"mining.submit\",\"params\":[\"a.b\",\"f\",\"00000000\",\"6b04646f\",\""
                        + nonce
                        + "\""
                        + more
                        + "]}");
        says(false, "{\"id\":4,\"result\":true,\"error\":null}");
    }

    private Account account() {
        return Objects.requireNonNull(dialogue.account(STRATUM_V1));
    }

    private ShareCheck.Reading mined() {
        return account().reading(null);
    }

    private WorkDone work(ShareCheck.Reading mined) {
        return account().work(true, mined, 0, 1);
    }

    private boolean hasProof() {
        return dialogue.tallies().stream()
                .anyMatch(t -> t.template.id().equals("stratum-v1.recomputed-share"));
    }

    @Test
    void shareOfScryptIsProvenAndCountsItsOwnHashes() {
        subscribed();
        difficulty(1);
        job(NO_WORK, "1a01f3a5");
        share("0002f257", "");

        assertThat(mined().algorithm()).isEqualTo("scrypt");
        assertThat(mined().presumed()).isFalse();
        assertThat(work(mined()).hashes()).isBetween(65_536.0, 65_538.0);
        assertThat(hasProof()).isTrue();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void shareIsCheckedByTheEasierTargetAndTheExtranonceOfItsJob() {
        subscribed();
        difficulty(1_000_000);
        job(NO_WORK, "1a01f3a5");
        difficulty(1);
        says(
                false,
                "{\"id\":null,\"method\":\"mining.set_extranonce\",\"params\":[\"77000000\",4]}");
        share("0002f257", "");

        assertThat(mined().algorithm()).isEqualTo("scrypt");
    }

    @Test
    void sharesThatMeetNoTargetLeaveTheAlgorithmUnknown() {
        subscribed();
        difficulty(1);
        job(WORK, "1a01f3a5");
        for (int i = 0; i < ShareCheck.FAILURES; i++) {
            assertThat(mined().algorithm()).isEqualTo("sha256d");
            share("0000000" + i, "");
        }

        assertThat(mined().algorithm()).isNull();
        assertThat(hasProof()).isFalse();
    }

    @Test
    void proofCountsMoreThanEarlierFailures() {
        subscribed();
        difficulty(1);
        job(NO_WORK, "1a01f3a5");
        for (int i = 0; i < ShareCheck.FAILURES; i++) {
            share("0000000" + i, "");
        }
        share("00037b5b", "");

        assertThat(mined().algorithm()).isEqualTo("scrypt");
    }

    @Test
    void withoutExtranonceASmallNetworkIsOnlyPresumed() {
        difficulty(1);
        job(WORK, "1e0ffff0");
        share("00000001", "");

        assertThat(mined().algorithm()).isEqualTo("sha256d");
        assertThat(mined().presumed()).isTrue();
    }

    @Test
    void withoutExtranonceALargeNetworkIsSure() {
        difficulty(1);
        job("4033602e58cd0810fcd094350da8b535b1bf0ab40000000000000000" + "00000000", "1702c070");

        assertThat(mined().algorithm()).isEqualTo("sha256d");
        assertThat(mined().presumed()).isFalse();
    }

    @Test
    void withoutExtranonceABlockNotNamedByItsWorkIsUnknown() {
        difficulty(64_000);
        job(NO_WORK, "1a01f3a5");
        share("00000001", "");

        assertThat(mined().algorithm()).isNull();
    }

    @Test
    void coinsOfThePoolTellTheAlgorithmWhereNothingElseDoes() {
        difficulty(64_000);
        job(NO_WORK, "1a01f3a5");
        share("00000001", "");

        ShareCheck.Reading mined = account().reading(new CoinWork("scrypt", 65_536));
        assertThat(mined).isEqualTo(new ShareCheck.Reading("scrypt", true, 65_536));
        assertThat(work(mined).hashes()).isBetween(64_000 * 65_536.0, 64_000 * 65_538.0);
    }

    @Test
    void coinsOfThePoolThatWhatIsSeenContradictsTellNothing() {
        job(WORK, "1e0ffff0");

        assertThat(account().reading(new CoinWork("scrypt", 65_536)).algorithm()).isNull();
        assertThat(account().reading(new CoinWork("x11", 1)).algorithm()).isEqualTo("x11");
    }

    @Test
    void proofCountsMoreThanTheCoinsOfThePool() {
        subscribed();
        difficulty(1);
        job(NO_WORK, "1a01f3a5");
        share("0002f257", "");

        assertThat(account().reading(new CoinWork("sha256d", 1)).algorithm()).isEqualTo("scrypt");
    }

    @Test
    void rolledVersionIsSha256d() {
        share("00000001", ",\"00e00000\"");

        assertThat(mined().algorithm()).isEqualTo("sha256d");
        assertThat(mined().presumed()).isFalse();
    }

    @Test
    void minersHalfAloneIsUnknown() {
        says(true, "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"x/1\"]}");
        share("00000001", "");

        assertThat(mined().algorithm()).isNull();
    }

    @Test
    void whatIsKeptOfJobsIsBoundedAndGivenBack() {
        subscribed();
        for (int i = 0; i < 100; i++) {
            job(NO_WORK, "1a01f3a5");
        }
        assertThat(budget.usedBytes()).isBetween(1L, 3L * ShareCheck.MAX_JOB_BYTES);
        dialogue.release();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void jobsOfADialectThatIsGivenUpAreLetGo() throws Exception {
        subscribed();
        job(NO_WORK, "1a01f3a5");
        assertThat(budget.usedBytes()).isPositive();
        SignatureFile cryptonote =
                SignaturePacks.files(List.of()).stream()
                        .filter(file -> file.id().equals("cryptonote"))
                        .findFirst()
                        .orElseThrow();
        for (SignatureFile.Message message : cryptonote.messages()) {
            message.match().forEach(example -> says(true, example.text()));
            message.match().forEach(example -> says(false, example.text()));
        }
        assertThat(dialogue.scores()).hasSize(1);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void sharesThatMakeNoHeaderAreAttemptsAsWell() {
        says(true, "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"x/1\"]}");
        says(
                false,
                "{\"id\":1,\"result\":[[[\"mining.notify\",\"1\"]],\"680000000\",4],\"error\":null}");
        difficulty(0.0005);
        job(WORK, "1e0ffff0");
        assertThat(budget.usedBytes()).isPositive();
        for (int i = 0; i < ShareCheck.ATTEMPTS; i++) {
            share("08ac2800", "");
        }

        assertThat(hasProof()).isFalse();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void floodOfSharesCostsBoundedTimeAndIsCounted() {
        CheckBudget checks = budget.checks();
        int spent = 0;
        for (int i = 0; i < 10_000; i++) {
            nanos += 1_000_000; // 10 s of packet time in all
            spent += checks.spend(CheckBudget.SCRYPT_MICROS, nanos) ? CheckBudget.SCRYPT_MICROS : 0;
        }
        assertThat((long) spent)
                .isLessThanOrEqualTo(CheckBudget.MOST_MICROS + 10 * CheckBudget.MICROS_PER_SECOND);
        assertThat(checks.refusals()).isPositive();
    }

    @Test
    void coinbaseNamesThePoolBehind() {
        job(WORK, "1e0ffff0");
        assertThat(account().pool()).isNull();

        says(
                false,
                "{\"id\":null,\"method\":\"mining.notify\",\"params\":[\"11\",\""
                        + WORK
                        + "\",\"01000000010000000000000000000000000000000000000000000000000000000000000000"
                        + "ffffffff1a0377460d2f736c7573682f\",\"ffffffff018818a212000000001976a914"
                        + "12".repeat(20)
                        + "88ac00000000\",[],\"20000000\",\"1e0ffff0\",\"6b04646f\",true]}");
        assertThat(Objects.requireNonNull(account().pool()).name()).isEqualTo("Braiins Pool");
    }
}
