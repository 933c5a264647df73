package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import minewatch.feed.v1.Hit;
import minewatch.sensor.command.TalkCapture.Seen;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.SignaturePacks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The conversations of `zoo/`: each of them looks like mining to somebody, none of them is.
class ZooTest {
    private static final Set<String> ACCUSING = Set.of("miner", "probable", "relay", "browser");
    private static final int FEWEST = 30;

    @TempDir Path folder;

    @Test
    void nobodyInTheZooIsAccused() throws Exception {
        SignaturePack pack = SignaturePacks.builtIn();
        List<Talk> zoo = Talk.all("zoo");
        assertThat(zoo).hasSizeGreaterThanOrEqualTo(FEWEST);
        List<String> accused = new ArrayList<>();
        for (Talk talk : zoo) {
            for (Seen seen : Seen.values()) {
                for (Hit hit : TalkCapture.scan(talk, seen, pack, folder).hits()) {
                    if (ACCUSING.contains(HitText.verdict(hit))) {
                        accused.add(
                                "%s %s: %s %s %.3f"
                                        .formatted(
                                                talk.name(),
                                                seen,
                                                HitText.verdict(hit),
                                                hit.getProtocolsList(),
                                                hit.getConfidence()));
                    }
                }
            }
        }
        assertThat(accused).isEmpty();
    }
}
