package minewatch.sensor.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureProblem;
import minewatch.sensor.workbench.Judge;
import minewatch.sensor.workbench.Judgement;
import minewatch.sensor.workbench.Label;
import minewatch.sensor.workbench.TestRun;
import minewatch.signatures.SignaturePack;

/// Scans a folder of labelled captures and judges each.
final class LabelledScan {
    private LabelledScan() {}

    /// @param truth labels by capture, below `folder`
    static TestRun run(
            Path folder,
            Map<String, List<Label>> truth,
            SignaturePack pack,
            Judge judge,
            int workers,
            Progress progress)
            throws IOException, InterruptedException {
        List<String> captures = List.copyOf(truth.keySet());
        List<String> files =
                captures.stream().map(capture -> folder.resolve(capture).toString()).toList();
        TestRun run = new TestRun(TestRun.Kind.CAPTURES);
        Scans.run(
                files,
                pack,
                workers,
                Worker.NO_INTERVAL,
                progress,
                outcome -> {
                    String capture = captures.get(run.cases().size());
                    add(
                            judge.judge(
                                    capture,
                                    truth.getOrDefault(capture, List.of()),
                                    outcome.hits()),
                            outcome,
                            run);
                });
        return run;
    }

    /// A capture that breaks off, or is none, is judged by what could be read of it, with a note; a
    /// file that is not there is wrong.
    private static void add(Judgement judgement, FileScan.Outcome outcome, TestRun run) {
        List<String> notes = new ArrayList<>();
        CaptureProblem problem = outcome.capture().problem();
        if (problem != null) {
            String text = problem.describe("").substring(2); // without the name
            switch (problem.kind()) {
                case NOT_A_CAPTURE, TRUNCATED, CORRUPT -> notes.add(text);
                case IO -> judgement.problems().add(text);
            }
        }
        if (outcome.fault() != null) {
            judgement.problems().add(outcome.faultText());
        }
        run.add(judgement, notes);
    }
}
