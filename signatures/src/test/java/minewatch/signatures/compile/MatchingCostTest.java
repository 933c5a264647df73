package minewatch.signatures.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import minewatch.signatures.Field;
import minewatch.signatures.Matcher;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.Template;
import minewatch.signatures.language.SignatureFile;
import org.junit.jupiter.api.Test;

class MatchingCostTest {
    /// What a message costs it costs in every window; what the JVM allocates on the side, when it
    /// compiles or gives up compiled code, is not in all of them.
    private static final int WINDOWS = 10;

    private final Matcher matcher = SignaturePacks.builtIn().newMatcher();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Matcher.Sink sink = this::onMatch;
    private long sum;
    private long matches;

    @Test
    void matchingAllocatesNothing() throws Exception {
        List<byte[]> texts = examples();
        allocatedBy(texts, 2_000); // warms up the measurement as well
        matches = 0;
        long allocated = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            allocated = Math.min(allocated, allocatedBy(texts, 100));
        }

        assertThat(matches).isGreaterThan(WINDOWS * 100L * 60);
        assertThat(sum).isNotZero(); // read, so that nothing is optimised away
        assertThat(allocated).isZero();
    }

    private long allocatedBy(List<byte[]> texts, int rounds) {
        long before = threads.getCurrentThreadAllocatedBytes();
        run(texts, rounds);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void run(List<byte[]> texts, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < texts.size(); i++) {
                byte[] text = texts.get(i);
                matcher.parse(text, 0, text.length);
                sum += matcher.isRequest() ? matcher.idHash() : 1;
                matcher.match(null, null, sink);
            }
        }
    }

    private void onMatch(Template template) {
        matches++;
        sum += Double.isNaN(matcher.number(template, Field.DIFFICULTY)) ? 0 : 1;
        sum += matcher.hash(template, Field.TARGET);
    }

    /// Every example of the pack, escapes and all.
    private static List<byte[]> examples() throws Exception {
        List<byte[]> texts = new ArrayList<>();
        for (SignatureFile file : SignaturePacks.files(List.of())) {
            for (SignatureFile.Message message : file.messages()) {
                message.match().forEach(e -> texts.add(e.text().getBytes(StandardCharsets.UTF_8)));
                message.noMatch()
                        .forEach(e -> texts.add(e.text().getBytes(StandardCharsets.UTF_8)));
            }
        }
        return texts;
    }
}
