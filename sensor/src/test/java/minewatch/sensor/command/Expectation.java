package minewatch.sensor.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;
import org.jspecify.annotations.Nullable;

/// What a labelled capture must yield for one source IP.
///
/// @param verdicts those accepted; empty where any will do
/// @param algorithm null or empty where it is not stated
/// @param sharesAccepted within one; null where not stated
/// @param hashrate must lie within the bounds; null where not stated
record Expectation(
        String sourceIp,
        Set<String> verdicts,
        String protocol,
        @Nullable String algorithm,
        @Nullable Long sharesAccepted,
        @Nullable Double hashrate) {

    /// Verdicts nobody may be given in a capture where nobody mines.
    private static final Set<String> ACCUSING = Set.of("miner", "probable", "relay", "browser");

    /// What is wrong with the hits of one capture; empty if nothing.
    static List<String> problems(String capture, List<Expectation> expected, List<Hit> hits) {
        List<String> problems = new ArrayList<>();
        for (Expectation expectation : expected) {
            List<Hit> found =
                    hits.stream()
                            .filter(hit -> HitText.sourceIp(hit).equals(expectation.sourceIp))
                            .toList();
            if (found.size() == 1) {
                expectation.addProblems(capture, found.getFirst(), problems);
            } else {
                problems.add(
                        "%s: %d hits for %s (expected: 1)"
                                .formatted(capture, found.size(), expectation.sourceIp));
            }
        }
        Predicate<Hit> isExpected =
                hit -> expected.stream().anyMatch(e -> e.sourceIp.equals(HitText.sourceIp(hit)));
        hits.stream()
                .filter(hit -> !isExpected.test(hit) && ACCUSING.contains(HitText.verdict(hit)))
                .forEach(hit ->
                        problems.add(
                                "%s: %s is called %s (expected: nothing)"
                                        .formatted(
                                                capture,
                                                HitText.sourceIp(hit),
                                                HitText.verdict(hit))));
        return problems;
    }

    private void addProblems(String capture, Hit hit, List<String> problems) {
        if (!verdicts.isEmpty() && !verdicts.contains(HitText.verdict(hit))) {
            problems.add(
                    "%s: verdict %s (expected: %s)"
                            .formatted(capture, HitText.verdict(hit), verdicts));
        }
        if (!hit.getProtocolsList().contains(protocol)) {
            problems.add(
                    "%s: protocols %s (expected: %s)"
                            .formatted(capture, hit.getProtocolsList(), protocol));
        }
        if (algorithm != null
                && !algorithm.isEmpty()
                && !hit.getAlgorithmsList().contains(algorithm)) {
            problems.add(
                    "%s: algorithms %s (expected: %s)"
                            .formatted(capture, hit.getAlgorithmsList(), algorithm));
        }
        if (sharesAccepted != null
                && Math.abs(hit.getShares().getAccepted() - sharesAccepted) > 1) {
            problems.add(
                    "%s: %d shares accepted (expected: %d within 1)"
                            .formatted(capture, hit.getShares().getAccepted(), sharesAccepted));
        }
        if (hashrate != null) {
            Hashrate rate = hit.getHashrateMap().get(String.valueOf(algorithm));
            if (rate == null || hashrate < rate.getLow() || hashrate > rate.getHigh()) {
                problems.add(
                        "%s: hashrate %s (expected: bounds around %s)"
                                .formatted(capture, rate, hashrate));
            }
        }
    }

    static void assertNone(List<String> problems) {
        assertThat(problems).as(String.join("\n", problems)).isEmpty();
    }
}
