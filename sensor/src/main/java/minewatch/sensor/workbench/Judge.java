package minewatch.sensor.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import minewatch.feed.Addresses;
import minewatch.feed.v1.Hashrate;
import minewatch.feed.v1.Hit;

/// Holds the hits of one capture against its labels. The rules of every labelled test are here and
/// nowhere else:
///
/// - a labelled source yields exactly one hit, of an accepted verdict, that names the protocol and
///   the algorithm, counts the accepted shares and holds the hashrate within its bounds;
/// - a source labelled `stretch` or `…|none` may yield a hit or none;
/// - nobody else may be called `miner`, `probable`, `relay` or `browser`.
public final class Judge {
    private static final Set<String> ACCUSING = Set.of("miner", "probable", "relay", "browser");

    private final double shareTolerance;

    /// @param shareTolerance part of the accepted shares by which a count may differ, 0 to 1; one
    ///   share always may: labels come from miners' logs, which begin and end at other moments than
    ///   the capture
    public Judge(double shareTolerance) {
        this.shareTolerance = shareTolerance;
    }

    /// What `hits` of `capture` are worth, given its labels.
    public Judgement judge(String capture, List<Label> labels, List<Hit> hits) {
        Judgement judgement = new Judgement(capture, labels, hits);
        for (Label label : labels) {
            if (!label.sourceIp().isEmpty()) {
                judge(label, of(hits, label.sourceIp()), judgement);
            }
        }
        for (Hit hit : hits) {
            if (labels.stream().noneMatch(label -> label.sourceIp().equals(source(hit)))) {
                judgeUnlabelled(hit, labels, judgement);
            }
        }
        if (judgement.confusion().isEmpty()) {
            judgement.confuse(Label.NONE, Label.NONE);
        }
        return judgement;
    }

    private void judge(Label label, List<Hit> found, Judgement judgement) {
        int before = judgement.problems().size();
        if (found.size() == 1) {
            check(label, found.getFirst(), judgement.problems());
        } else if (found.size() > 1 || label.isRequired()) {
            judgement.problem(
                    "%d hits for %s (expected: 1)".formatted(found.size(), label.sourceIp()));
        }
        boolean right = !found.isEmpty() && isFound(label, found.getFirst());
        if (label.isStretch()) {
            judgement.countStretch(!found.isEmpty());
        } else if (right) {
            judgement.count(label.protocol(), Judgement.Outcome.FOUND);
            judgement.confuse(label.protocol(), label.protocol());
        } else if (label.isRequired() || judgement.problems().size() > before) {
            judgement.count(label.protocol(), Judgement.Outcome.MISSED);
            judgement.confuse(label.protocol(), found.isEmpty() ? Label.NONE : names(found));
            found.forEach(hit -> countFalse(label, hit, judgement));
        }
    }

    private static boolean isFound(Label label, Hit hit) {
        return label.accepts(verdict(hit))
                && (label.protocol().isEmpty()
                        || hit.getProtocolsList().contains(label.protocol()));
    }

    private static void countFalse(Label label, Hit hit, Judgement judgement) {
        hit.getProtocolsList().stream()
                .filter(protocol -> !protocol.equals(label.protocol()) && isAccusing(hit))
                .forEach(protocol -> judgement.count(protocol, Judgement.Outcome.FALSE));
    }

    private static void judgeUnlabelled(Hit hit, List<Label> labels, Judgement judgement) {
        boolean allowed =
                labels.stream()
                        .anyMatch(label ->
                                label.sourceIp().isEmpty()
                                        && label.verdicts().contains(verdict(hit)));
        if (isAccusing(hit) && !allowed) {
            judgement.problem(
                    "%s is called %s (expected: nothing)".formatted(source(hit), verdict(hit)));
            judgement.confuse(Label.NONE, names(List.of(hit)));
            hit.getProtocolsList()
                    .forEach(protocol -> judgement.count(protocol, Judgement.Outcome.FALSE));
        }
    }

    private void check(Label label, Hit hit, List<String> problems) {
        if (!label.accepts(verdict(hit))) {
            problems.add(
                    "%s: verdict %s (expected: %s)"
                            .formatted(
                                    label.sourceIp(),
                                    verdict(hit),
                                    String.join("|", new TreeSet<>(label.verdicts()))));
        }
        if (label.isStretch()) {
            return;
        }
        checkNamed(label, "protocols", label.protocol(), hit.getProtocolsList(), problems);
        String algorithm = label.algorithm();
        if (algorithm != null) {
            checkNamed(label, "algorithms", algorithm, hit.getAlgorithmsList(), problems);
        }
        Long shares = label.sharesAccepted();
        if (shares != null
                && Math.abs(hit.getShares().getAccepted() - shares)
                        > Math.max(1, shareTolerance * shares)) {
            problems.add(
                    "%s: %d shares accepted (expected: %d within %.0f)"
                            .formatted(
                                    label.sourceIp(),
                                    hit.getShares().getAccepted(),
                                    shares,
                                    Math.floor(Math.max(1, shareTolerance * shares))));
        }
        checkHashrate(label, hit, problems);
    }

    private static void checkNamed(
            Label label, String what, String wanted, List<String> named, List<String> problems) {
        if (!wanted.isEmpty() && !named.contains(wanted)) {
            problems.add(
                    "%s: %s %s (expected: %s)".formatted(label.sourceIp(), what, named, wanted));
        }
    }

    /// No shares, no estimate, whatever the miner's log says.
    private static void checkHashrate(Label label, Hit hit, List<String> problems) {
        Double stated = label.hashrate();
        Long shares = label.sharesAccepted();
        if (stated == null || (shares != null && shares == 0)) {
            return;
        }
        Hashrate rate = hit.getHashrateMap().get(String.valueOf(label.algorithm()));
        if (rate == null) {
            problems.add(
                    "%s: no hashrate (expected: bounds around %s)"
                            .formatted(label.sourceIp(), stated));
        } else if (stated < rate.getLow() || stated > rate.getHigh()) {
            problems.add(
                    String.format(
                            Locale.ROOT,
                            "%s: hashrate %.4g to %.4g %s (expected: bounds around %s)",
                            label.sourceIp(),
                            rate.getLow(),
                            rate.getHigh(),
                            rate.getUnit(),
                            stated));
        }
    }

    private static List<Hit> of(List<Hit> hits, String sourceIp) {
        return hits.stream().filter(hit -> source(hit).equals(sourceIp)).toList();
    }

    private static String names(List<Hit> hits) {
        Set<String> names = new TreeSet<>();
        hits.forEach(hit -> names.addAll(hit.getProtocolsList()));
        return names.isEmpty() ? "unnamed" : String.join("+", names);
    }

    static List<String> describe(List<Hit> hits) {
        List<String> texts = new ArrayList<>();
        for (Hit hit : hits) {
            texts.add("%s %s %s".formatted(source(hit), verdict(hit), names(List.of(hit))));
        }
        return texts;
    }

    private static boolean isAccusing(Hit hit) {
        return ACCUSING.contains(verdict(hit));
    }

    private static String source(Hit hit) {
        return Addresses.text(hit.getSourceIp());
    }

    private static String verdict(Hit hit) {
        return hit.getVerdict().name().toLowerCase(Locale.ROOT);
    }
}
