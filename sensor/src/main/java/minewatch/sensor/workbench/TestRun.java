package minewatch.sensor.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import minewatch.signatures.compile.Examples;
import minewatch.signatures.language.SignatureFile;

/// One run of `signatures test`: every case with what is wrong with it, and the figures.
public final class TestRun {
    /// What was run.
    public enum Kind {
        EXAMPLES,
        CAPTURES
    }

    /// One message's examples, or one capture.
    ///
    /// @param suite signature, or `captures`
    /// @param problems empty where it is right
    /// @param notes what does not count against it: a capture that breaks off
    /// @param labelled what the labels say; of captures only
    /// @param found hits; of captures only
    public record Case(
            String suite,
            String name,
            List<String> problems,
            List<String> notes,
            List<String> labelled,
            List<String> found) {
        public boolean isRight() {
            return problems.isEmpty();
        }
    }

    static final String CAPTURES = "captures";

    private final Kind kind;
    private final List<Case> cases = new ArrayList<>();
    private final Map<String, Accuracy> accuracy = new TreeMap<>();
    private final Map<String, Map<String, Integer>> confusion = new TreeMap<>();
    private int stretch;
    private int stretchFound;

    public TestRun(Kind kind) {
        this.kind = kind;
    }

    /// Holds signature files to their own examples.
    public static TestRun ofExamples(List<SignatureFile> files) {
        TestRun run = new TestRun(Kind.EXAMPLES);
        for (SignatureFile file : files) {
            for (SignatureFile.Message message : file.messages()) {
                run.add(file, message);
            }
        }
        return run;
    }

    private void add(SignatureFile file, SignatureFile.Message message) {
        List<Examples.Failure> failures = Examples.failures(file, message.name());
        long missed = failures.stream().filter(Examples.Failure::shouldMatch).count();
        long falsely = failures.size() - missed;
        add(new Accuracy(file.id(), message.match().size() - missed, missed, falsely));
        cases.add(
                new Case(
                        file.id(),
                        message.name(),
                        failures.stream().map(f -> f.problem().toString()).toList(),
                        List.of(),
                        List.of(),
                        List.of()));
    }

    /// Adds one judged capture.
    ///
    /// @param notes what does not count against it
    public void add(Judgement judgement, List<String> notes) {
        cases.add(
                new Case(
                        CAPTURES,
                        judgement.capture(),
                        List.copyOf(judgement.problems()),
                        notes,
                        judgement.labelled(),
                        judgement.found()));
        judgement.counts().forEach(count -> add(accuracyOf(count)));
        for (Judgement.Pair pair : judgement.confusion()) {
            confusion
                    .computeIfAbsent(pair.labelled(), _ -> new TreeMap<>())
                    .merge(pair.found(), 1, Integer::sum);
        }
        stretch += judgement.stretch();
        stretchFound += judgement.stretchFound();
    }

    private static Accuracy accuracyOf(Judgement.Count count) {
        return switch (count.outcome()) {
            case FOUND -> new Accuracy(count.signature(), 1, 0, 0);
            case MISSED -> new Accuracy(count.signature(), 0, 1, 0);
            case FALSE -> new Accuracy(count.signature(), 0, 0, 1);
        };
    }

    private void add(Accuracy counted) {
        accuracy.merge(counted.signature(), counted, Accuracy::plus);
    }

    public Kind kind() {
        return kind;
    }

    public List<Case> cases() {
        return cases;
    }

    /// By signature.
    public List<Accuracy> accuracy() {
        return List.copyOf(accuracy.values());
    }

    /// How often what was labelled so was found to be what; empty for examples.
    Map<String, Map<String, Integer>> confusion() {
        return confusion;
    }

    /// Encrypted sessions that need not be found.
    int stretch() {
        return stretch;
    }

    int stretchFound() {
        return stretchFound;
    }

    public long wrong() {
        return cases.stream().filter(c -> !c.isRight()).count();
    }
}
