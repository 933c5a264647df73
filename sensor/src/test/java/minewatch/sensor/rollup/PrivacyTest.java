package minewatch.sensor.rollup;

import static minewatch.sensor.rollup.Findings.SECOND;
import static minewatch.sensor.rollup.Findings.finding;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import minewatch.feed.HitJson;
import minewatch.feed.v1.Evidence;
import minewatch.feed.v1.Hit;
import minewatch.sensor.inspect.Finding;
import minewatch.signatures.work.PowerTable;
import org.junit.jupiter.api.Test;

class PrivacyTest {
    private static final String SUBMIT =
            "{\"method\":\"mining.submit\",\"params\":[\"farm01.rig7\"";

    @Test
    void openHitTellsNamesAndMessages() {
        Hit hit = hit(Privacy.OPEN);
        assertThat(hit.getAccountsList()).containsExactly("farm01");
        assertThat(hit.getWorkersList()).containsExactly("farm01.rig7");
        assertThat(hit.getEvidenceList()).extracting(Evidence::getExcerpt).containsExactly(SUBMIT);
    }

    @Test
    void withoutExcerptsNamesStayAndMessagesDoNot() {
        Hit hit = hit(new Privacy(false, ""));
        assertThat(hit.getAccountsList()).containsExactly("farm01");
        assertThat(hit.getEvidenceList()).extracting(Evidence::getExcerpt).containsExactly("");
        assertThat(hit.getEvidence(0).getSignature()).isEqualTo("stratum-v1.submit");
    }

    @Test
    void hashedNamesAreNowhereToBeRead() throws Exception {
        String json = HitJson.write(hit(new Privacy(true, "sixteen bytes or more")));
        assertThat(json).doesNotContain("farm01").doesNotContain("rig7");
    }

    @Test
    void hashedNameIsRecognisedUnderTheSameKeyOnly() {
        Privacy privacy = new Privacy(true, "sixteen bytes or more");
        List<String> once = privacy.identifiers(List.of("farm01", "farm02"));
        assertThat(privacy.identifiers(List.of("farm01"))).containsExactly(once.get(0));
        assertThat(once.get(1)).isNotEqualTo(once.get(0));
        assertThat(new Privacy(true, "another key of this sort").identifiers(List.of("farm01")))
                .doesNotContain(once.get(0));
    }

    /// RFC 4231 §4.3: test case 2 of HMAC-SHA-256, its first 16 bytes.
    @Test
    void hashIsTheStandardOne() {
        assertThat(new Privacy(true, "Jefe").identifiers(List.of("what do ya want for nothing?")))
                .containsExactly("5bdcc146bf60754e6a042426089575c7");
    }

    private static Hit hit(Privacy privacy) {
        SourceState state = new SourceState(0, 0xFFFFL << 32 | 0x0A000001);
        state.add(
                finding()
                        .accounts(List.of("farm01"))
                        .workers(List.of("farm01.rig7"))
                        .evidence(
                                new Finding.Evidence(
                                        "stratum-v1.submit", 1, 8, 1, SECOND, true, SUBMIT))
                        .build());
        return new HitBuilder("s-1", null, privacy, PowerTable.builtIn()).build(state, false);
    }
}
