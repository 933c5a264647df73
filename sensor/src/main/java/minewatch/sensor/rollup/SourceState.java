package minewatch.sensor.rollup;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import minewatch.sensor.inspect.Finding;
import minewatch.sensor.inspect.Verdict;
import minewatch.signatures.work.PowerTable;
import minewatch.signatures.work.Rate;
import minewatch.signatures.work.WorkDone;
import org.jspecify.annotations.Nullable;

/// Everything found of one source IP in one interval.
final class SourceState {
    /// Flows listed in a hit; the rest only count.
    static final int MAX_FLOWS = 64;

    private static final int MAX_NAMES = 256;

    private static final Comparator<Finding> ORDER =
            Comparator.<Finding>comparingLong(f -> f.seen().firstNanos())
                    .thenComparingLong(f -> f.seen().lastNanos())
                    .thenComparingInt(f -> f.parties().ipProtocol())
                    .thenComparingInt(f -> f.parties().minerPort())
                    .thenComparingLong(f -> f.parties().poolHigh())
                    .thenComparingLong(f -> f.parties().poolLow())
                    .thenComparingInt(f -> f.parties().poolPort())
                    .thenComparing(f -> f.dialect().id())
                    .thenComparing(f -> f.evidence().toString());

    /// What was mined under one algorithm.
    static final class Mined {
        final Spans spans = new Spans();
        String unit = "H/s";
        boolean presumed;
        private final WorkDone work = new WorkDone();
        private final List<Finding> findings = new ArrayList<>();
        private final DoublePredicate possible; // rates, of one connection

        Mined(DoublePredicate possible) {
            this.possible = possible;
        }

        private void add(Finding finding) {
            findings.add(finding);
            unit = finding.dialect().work().unit();
            presumed |= finding.mined().presumed();
            Finding.Seen seen = finding.seen();
            // an instant has no rate
            double seconds = Math.max(1, (seen.lastNanos() - seen.firstNanos()) / 1e9);
            Rate rate = finding.mined().work().rate(seconds);
            if (rate == null || possible.test(rate.low())) {
                work.add(finding.mined().work());
                spans.add(seen.firstNanos(), seen.lastNanos());
            }
        }

        /// By the shares; null where they say nothing.
        @Nullable Rate rate() {
            return work.rate(spans.seconds());
        }

        int miners() {
            return Miners.count(findings);
        }

        /// Hashes per second as the miners state it, of each its latest word; 0 if none does.
        double statedRate() {
            Map<List<String>, Finding> latest = new HashMap<>();
            findings.stream()
                    .filter(finding -> finding.mined().statedRate() > 0)
                    .filter(finding -> possible.test(finding.mined().statedRate()))
                    .sorted(Comparator.comparingLong(f -> f.seen().lastNanos()))
                    .forEach(finding -> latest.put(finding.said().miner(), finding));
            double sum = latest.values().stream().mapToDouble(f -> f.mined().statedRate()).sum();
            return Double.isFinite(sum) ? sum : 0;
        }
    }

    final long high;
    final long low;
    private final List<Finding> findings = new ArrayList<>();
    private long bytes;

    SourceState(long high, long low) {
        this.high = high;
        this.low = low;
    }

    void add(Finding finding) {
        findings.add(finding);
        bytes += finding.bytes();
    }

    /// About the memory they take.
    long bytes() {
        return bytes;
    }

    /// Puts the findings into an order of their own, whichever way and whenever they came: sums and
    /// lists of the same findings are then the same.
    void sort() {
        findings.sort(ORDER);
    }

    List<Finding> findings() {
        return findings;
    }

    /// The finding the verdict rests on.
    Finding strongest() {
        return findings.stream()
                .max(
                        Comparator.comparing(Finding::verdict)
                                .thenComparingDouble(Finding::confidence))
                .orElseThrow();
    }

    boolean isProof() {
        return strongest().verdict().compareTo(Verdict.BROWSER) >= 0;
    }

    List<String> distinct(Function<Finding, Stream<String>> names) {
        return findings.stream().flatMap(names).distinct().limit(MAX_NAMES).toList();
    }

    /// Evidence of the same shape and direction from several flows, added up; the first example
    /// stays.
    SequencedMap<String, Finding.Evidence> evidence() {
        SequencedMap<String, Finding.Evidence> merged = new LinkedHashMap<>();
        for (Finding finding : findings) {
            for (Finding.Evidence evidence : finding.evidence()) {
                merged.merge(
                        evidence.signature() + evidence.fromOriginator(),
                        evidence,
                        SourceState::add);
            }
        }
        return merged;
    }

    /// By algorithm. What no connection can have done is left out.
    Map<String, Mined> mined(PowerTable power) {
        Map<String, Mined> byAlgorithm = new TreeMap<>();
        for (Finding finding : findings) {
            String algorithm = finding.mined().algorithm();
            if (algorithm != null) {
                byAlgorithm
                        .computeIfAbsent(
                                algorithm, name -> new Mined(rate -> power.allows(name, rate)))
                        .add(finding);
            }
        }
        return byAlgorithm;
    }

    private static Finding.Evidence add(Finding.Evidence a, Finding.Evidence b) {
        Finding.Evidence first = a.atNanos() <= b.atNanos() ? a : b;
        return new Finding.Evidence(
                first.signature(),
                first.revision(),
                first.weight(),
                a.count() + b.count(),
                first.atNanos(),
                first.fromOriginator(),
                first.excerpt());
    }
}
