package minewatch.sensor.workbench;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A run for people: what is wrong, the figures by signature, and what was taken for what.
public final class TableReport {
    private static final int MAX_LISTED = 20; // of one kind of change

    private final StringBuilder out = new StringBuilder();

    private TableReport() {}

    public static String of(TestRun run, Previous.@Nullable Changes changes) {
        TableReport report = new TableReport();
        report.problems(run);
        report.signatures(run);
        if (run.kind() == TestRun.Kind.CAPTURES) {
            report.confusion(run);
        }
        if (changes != null) {
            report.changes(changes);
        }
        report.summary(run);
        return report.out.toString();
    }

    private void problems(TestRun run) {
        for (TestRun.Case each : run.cases()) {
            for (String problem : each.problems()) {
                // An example's problem says where it is; a capture's does not.
                String where = each.suite().equals(TestRun.CAPTURES) ? each.name() + ": " : "";
                line("WRONG  " + Printable.text(where + problem));
            }
        }
        if (run.wrong() > 0) {
            line("");
        }
    }

    private void signatures(TestRun run) {
        line(
                String.format(
                        Locale.ROOT,
                        "%-22s %8s %8s %8s %8s %9s %7s",
                        "SIGNATURE",
                        "LABELLED",
                        "FOUND",
                        "MISSED",
                        "FALSE",
                        "PRECISION",
                        "RECALL"));
        for (Accuracy each : run.accuracy()) {
            line(
                    String.format(
                            Locale.ROOT,
                            "%-22s %8d %8d %8d %8d %9s %7s",
                            Printable.text(each.signature()),
                            each.found() + each.missed(),
                            each.found(),
                            each.missed(),
                            each.falsely(),
                            Previous.part(each.precision()),
                            Previous.part(each.recall())));
        }
        line("");
    }

    private void confusion(TestRun run) {
        line(String.format(Locale.ROOT, "%-22s %-22s %8s", "LABELLED", "FOUND AS", "CAPTURES"));
        run.confusion()
                .forEach((labelled, found) ->
                        found.forEach((what, count) ->
                                line(
                                        String.format(
                                                Locale.ROOT,
                                                "%-22s %-22s %8d%s",
                                                Printable.text(labelled),
                                                Printable.text(what),
                                                count,
                                                labelled.equals(what)
                                                                || labelled.equals(Label.STRETCH)
                                                        ? ""
                                                        : "  !"))));
        line("");
    }

    private void changes(Previous.Changes changes) {
        line("Since the previous run:");
        changes("broken", changes.broken());
        changes("fixed", changes.fixed());
        changes("added", changes.added());
        changes("gone", changes.gone());
        changes.figures().forEach(figure -> line("  " + Printable.text(figure)));
        line("");
    }

    private void changes(String kind, List<String> names) {
        line(String.format(Locale.ROOT, "  %-7s %d", kind, names.size()));
        names.stream().limit(MAX_LISTED).forEach(name -> line("    " + Printable.text(name)));
        if (names.size() > MAX_LISTED) {
            line(String.format(Locale.ROOT, "    … %d more", names.size() - MAX_LISTED));
        }
    }

    private void summary(TestRun run) {
        String what = run.kind() == TestRun.Kind.CAPTURES ? "capture" : "message";
        long wrong = run.wrong();
        String stretch =
                run.stretch() == 0
                        ? ""
                        : "; stretch: %d of %d found".formatted(run.stretchFound(), run.stretch());
        line(
                String.format(
                        Locale.ROOT,
                        "%d %s%s: %d right, %d wrong%s",
                        run.cases().size(),
                        what,
                        run.cases().size() == 1 ? "" : "s",
                        run.cases().size() - wrong,
                        wrong,
                        stretch));
    }

    private void line(String text) {
        out.append(text.stripTrailing()).append('\n');
    }
}
