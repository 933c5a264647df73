package minewatch.sensor.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.xml.stream.XMLStreamException;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.sensor.workbench.InvalidLabelsException;
import minewatch.sensor.workbench.JsonReport;
import minewatch.sensor.workbench.Judge;
import minewatch.sensor.workbench.JunitReport;
import minewatch.sensor.workbench.Label;
import minewatch.sensor.workbench.Previous;
import minewatch.sensor.workbench.TableReport;
import minewatch.sensor.workbench.TestRun;
import minewatch.sensor.workbench.Truth;
import minewatch.signatures.SignaturePacks;
import minewatch.signatures.language.InvalidSignaturesException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `minewatch signatures test`: do the signatures do what they should?
@Command(
        name = "test",
        description =
                "Runs each signature's own examples, or a labelled folder of captures: precision"
                        + " and recall by signature.",
        footer = {
            "",
            "Without --captures every message is held to its examples. With it, every capture the"
                    + " truth file names is scanned and judged.",
            "",
            "Examples:",
            "  minewatch signatures test --signatures my-pack --watch",
            "  minewatch signatures test --captures captures --truth captures/truth.csv",
            "  minewatch signatures test --captures captures --format json > before.json",
            "  minewatch signatures test --captures captures --baseline before.json --junit"
                    + " out.xml",
            "",
            "Exit codes: 0 all right; 1 something is wrong; 2 wrong usage or unusable files."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class TestCommand implements Callable<Integer> {
    enum Format {
        table,
        json
    }

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--signatures",
            paramLabel = "DIR",
            description =
                    "Signature files (or folders of them) to use besides the built-in pack; may be"
                            + " repeated.")
    private List<Path> signatures = List.of();

    @Option(names = "--captures", paramLabel = "DIR", description = "Folder of labelled captures.")
    private @Nullable Path captures;

    @Option(
            names = "--truth",
            paramLabel = "CSV",
            description = "What the captures hold (default: truth.csv in that folder).")
    private @Nullable Path truth;

    @Option(
            names = "--share-tolerance",
            paramLabel = "PERCENT",
            description =
                    "How far a count of accepted shares may be from its label; one share always may"
                            + " (default: ${DEFAULT-VALUE}).")
    private double shareTolerance = 5;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Captures read at the same time, 1 to 64 (default: one per core).")
    private int workers = Scans.defaultWorkers();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description = "Write the cases as JUnit XML as well.")
    private @Nullable Path junit;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description = "A previous run, printed with --format json: say what has changed since.")
    private @Nullable Path baseline;

    @Option(
            names = "--watch",
            description = "Run again whenever a file given by --signatures changes, until Ctrl-C.")
    private boolean watch;

    @Override
    public Integer call()
            throws IOException,
                    InterruptedException,
                    InvalidSignaturesException,
                    InvalidLabelsException {
        checkUsage();
        if (!watch) {
            return run() ? 0 : 1;
        }
        Watch.untilInterrupted(signatures, this::runAndTell);
        return 0;
    }

    private void checkUsage() {
        check(
                workers >= 1 && workers <= Scans.MAX_WORKERS,
                "--workers: " + workers + " (expected: 1 to 64)");
        check(
                shareTolerance >= 0 && shareTolerance <= 100,
                "--share-tolerance: " + shareTolerance + " (expected: 0 to 100)");
        check(
                captures != null || truth == null,
                "--truth: " + truth + " (expected: with --captures)");
        check(
                !watch || !signatures.isEmpty(),
                "--watch: nothing to watch (expected: with --signatures)");
    }

    /// While somebody writes, a file that cannot be used is the usual case and no end.
    private void runAndTell() throws IOException, InterruptedException {
        try {
            run();
        } catch (InvalidSignaturesException | InvalidLabelsException e) {
            System.err.println(e.getMessage());
        } catch (NoSuchFileException e) {
            System.err.println(e.getMessage() + ": no such file or folder");
        }
    }

    private boolean run()
            throws IOException,
                    InterruptedException,
                    InvalidSignaturesException,
                    InvalidLabelsException {
        Previous previous = baseline == null ? null : Previous.read(baseline);
        Path folder = captures;
        TestRun run =
                folder == null
                        ? TestRun.ofExamples(SignaturePacks.files(signatures))
                        : scan(folder);
        Previous.Changes changes = previous == null ? null : previous.changes(run);
        System.out.print(
                format == Format.json
                        ? JsonReport.of(run, changes) + "\n"
                        : TableReport.of(run, changes));
        if (junit != null) {
            write(run, junit);
        }
        return run.wrong() == 0;
    }

    private TestRun scan(Path folder)
            throws IOException,
                    InterruptedException,
                    InvalidSignaturesException,
                    InvalidLabelsException {
        Map<String, List<Label>> labels =
                Truth.read(truth == null ? folder.resolve("truth.csv") : truth);
        TestRun run;
        try (Progress progress = Progress.onTerminal(labels.size())) {
            run =
                    LabelledScan.run(
                            folder,
                            labels,
                            Packs.load(signatures),
                            new Judge(shareTolerance / 100),
                            workers,
                            progress);
        }
        for (TestRun.Case each : run.cases()) {
            each.notes().forEach(note -> System.err.println(each.name() + ": " + note));
        }
        tellUnlabelled(folder, labels);
        return run;
    }

    private static void tellUnlabelled(Path folder, Map<String, List<Label>> labels) {
        List<String> unlabelled = new ArrayList<>();
        for (String file : CaptureFiles.find(List.of(folder.toString()))) {
            String name = folder.relativize(Path.of(file)).toString();
            if (!labels.containsKey(name)) {
                unlabelled.add(name);
            }
        }
        if (!unlabelled.isEmpty()) {
            System.err.println(
                    ScanCommand.count(unlabelled.size(), "capture")
                            + " without a label, not judged: "
                            + unlabelled.getFirst()
                            + (unlabelled.size() > 1 ? " and others" : ""));
        }
    }

    private static void write(TestRun run, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            JunitReport.write(run, out);
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
    }

    private void check(boolean condition, String message) {
        if (!condition && spec != null) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
