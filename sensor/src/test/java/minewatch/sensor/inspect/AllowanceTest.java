package minewatch.sensor.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import minewatch.sensor.inspect.shape.BlockClock;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private static final int LIMIT = 1 << 20;
    private static final int OWN = 4 << 10;
    private static final SignaturePack PACK = SignaturePacks.builtIn();

    private final BufferBudget budget = new BufferBudget(LIMIT);
    private final Hearing heard = new Hearing(PACK.newMatcher());

    @Test
    void ownBytesAreNobodyElses() {
        Allowance one = new Allowance(budget, OWN);
        assertThat(one.take(OWN)).isTrue();
        assertThat(budget.usedBytes()).isZero();
        assertThat(one.take(100)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(100);
        one.give(300);
        assertThat(budget.usedBytes()).isZero();
        assertThat(one.take(250)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(50);
        one.release();
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void whatAllTakeTogetherIsBoundedAndRefusalsAreCounted() {
        Allowance greedy = new Allowance(budget, OWN);
        while (greedy.take(1000)) {
            assertThat(budget.usedBytes()).isLessThanOrEqualTo(LIMIT / 4);
        }
        Allowance other = new Allowance(budget, OWN);
        assertThat(other.take(OWN)).isTrue();
        assertThat(other.take(1000)).isFalse();
        assertThat(budget.refusedKeeps()).isEqualTo(2);
        greedy.release();
        assertThat(other.take(1000)).isTrue();
    }

    @Test
    void dialogueThatTellsEverNewNamesKeepsABoundedPartOfThem() {
        List<Dialogue> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Dialogue dialogue = dialogue();
            says(dialogue, true, authorize("first"));
            for (int j = 0; j < 300; j++) {
                says(dialogue, true, authorize("bc1q" + j + "x".repeat(100)));
            }
            all.add(dialogue);
            assertThat(names(dialogue)).hasSizeGreaterThan(1).startsWith("first");
        }
        assertThat(budget.usedBytes()).isBetween(LIMIT / 8L, LIMIT / 4L);
        assertThat(budget.refusedKeeps()).isPositive();
        assertThat(names(all.getFirst())).hasSizeGreaterThan(names(all.getLast()).size());
        all.forEach(Dialogue::release);
        assertThat(budget.usedBytes()).isZero();
    }

    /// Also of the dialects that were given up on the way.
    @Test
    void dialogueThatTellsEverythingGivesAllBack() throws Exception {
        List<String> texts = new ArrayList<>();
        for (var file : SignaturePacks.files(List.of())) {
            file.messages()
                    .forEach(each -> each.match().forEach(example -> texts.add(example.text())));
        }
        for (int from = 0; from < texts.size(); from += 7) {
            Dialogue dialogue = dialogue();
            for (int i = 0; i < texts.size(); i++) {
                String text = texts.get((from + i) % texts.size());
                says(dialogue, true, text);
                says(dialogue, false, text);
            }
            assertThat(budget.usedBytes()).isLessThanOrEqualTo(LIMIT / 2);
            dialogue.release();
            assertThat(budget.usedBytes()).isZero();
        }
    }

    private Dialogue dialogue() {
        return new Dialogue(PACK, heard, budget, new NoSession(), new BlockClock(), null);
    }

    private static List<String> names(Dialogue dialogue) {
        Score best = Objects.requireNonNull(dialogue.best());
        return Objects.requireNonNull(dialogue.account(best.dialect())).accounts.list();
    }

    private static String authorize(String name) {
        return "{\"id\":2,\"method\":\"mining.authorize\",\"params\":[\"" + name + "\",\"x\"]}";
    }

    private static void says(Dialogue dialogue, boolean miner, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        dialogue.onText(miner, bytes, 0, bytes.length, 0);
    }
}
