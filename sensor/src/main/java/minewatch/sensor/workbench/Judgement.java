package minewatch.sensor.workbench;

import java.util.ArrayList;
import java.util.List;
import minewatch.feed.v1.Hit;

/// What the hits of one capture are worth: what is wrong with them, and what they add to the
/// figures.
public final class Judgement {
    /// What became of one source, for one signature.
    enum Outcome {
        FOUND,
        MISSED,
        /// Named by a hit and by no label.
        FALSE
    }

    record Count(String signature, Outcome outcome) {}

    /// @param labelled protocol of the label, or `none`
    /// @param found protocols of the hit, or `none`
    record Pair(String labelled, String found) {}

    private final String capture;
    private final List<String> labelled;
    private final List<String> found;
    private final List<String> problems = new ArrayList<>();
    private final List<Count> counts = new ArrayList<>();
    private final List<Pair> confusion = new ArrayList<>();
    private int stretch;
    private int stretchFound;

    Judgement(String capture, List<Label> labels, List<Hit> hits) {
        this.capture = capture;
        labelled = labels.stream().map(Label::text).toList();
        found = Judge.describe(hits);
    }

    public String capture() {
        return capture;
    }

    /// What is wrong; empty if nothing.
    public List<String> problems() {
        return problems;
    }

    List<String> labelled() {
        return labelled;
    }

    List<String> found() {
        return found;
    }

    List<Count> counts() {
        return counts;
    }

    List<Pair> confusion() {
        return confusion;
    }

    int stretch() {
        return stretch;
    }

    int stretchFound() {
        return stretchFound;
    }

    void problem(String text) {
        problems.add(text);
    }

    void count(String signature, Outcome outcome) {
        if (!signature.isEmpty()) {
            counts.add(new Count(signature, outcome));
        }
    }

    void confuse(String labelledAs, String foundAs) {
        confusion.add(new Pair(labelledAs.isEmpty() ? Label.NONE : labelledAs, foundAs));
    }

    void countStretch(boolean isFound) {
        stretch++;
        stretchFound += isFound ? 1 : 0;
        confuse(Label.STRETCH, isFound ? "found" : Label.NONE);
    }
}
