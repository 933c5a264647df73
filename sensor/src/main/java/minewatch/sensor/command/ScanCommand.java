package minewatch.sensor.command;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import minewatch.feed.v1.Hit;
import minewatch.sensor.Worker;
import minewatch.sensor.capture.CaptureFiles;
import minewatch.signatures.SignaturePack;
import minewatch.signatures.language.InvalidSignaturesException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `minewatch scan`: who mines in these captures?
@Command(
        name = "scan",
        description =
                "Looks for miners in captures: pcap, pcapng, .gz, .zst, - for standard input, or"
                        + " folders of them.",
        footer = {
            "",
            "Examples:",
            "  minewatch scan captures/",
            "  minewatch scan --format ndjson a.pcap b.pcapng.zst",
            "  tcpdump -w - -i eth1 | minewatch scan -",
            "",
            "Exit codes: 0 done (hits or none); 1 done, but some input was unreadable; 2 wrong"
                    + " usage; 3 internal failure."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ScanCommand implements Callable<Integer> {
    enum Format {
        table,
        ndjson,
        csv,
        eve
    }

    /// The verdicts of the contract, strongest first.
    enum Threshold {
        miner,
        probable,
        possible
    }

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Captures, folders of captures, or - for standard input.")
    private List<String> paths = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Option(
            names = "--signatures",
            paramLabel = "DIR",
            description = "Signature files to use besides the built-in pack; may be repeated.")
    private List<Path> signatures = List.of();

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "Threads, 1 to 64: one for each capture, several where there are fewer captures"
                            + " (default: one per core, half as many for one capture). The hits are"
                            + " the same.")
    private @Nullable Integer workers;

    @Option(
            names = "--at-least",
            paramLabel = "VERDICT",
            description = "Weakest verdict to print: ${COMPLETION-CANDIDATES} (default: possible).")
    private Threshold atLeast = Threshold.possible;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            description = "One hit per source and interval instead of one per source and capture.")
    private @Nullable Long intervalSeconds;

    @Option(
            names = "--stats",
            description = "Print one JSON object of figures to standard error, last.")
    private boolean stats;

    @Override
    public Integer call() throws IOException, InterruptedException, InvalidSignaturesException {
        check(
                workers == null || (workers >= 1 && workers <= Scans.MAX_WORKERS),
                "--workers: " + workers + " (expected: 1 to 64)");
        check(
                intervalSeconds == null || (intervalSeconds >= 1 && intervalSeconds <= 604_800),
                "--interval: " + intervalSeconds + " (expected: 1 to 604800 seconds)");
        SignaturePack pack = Packs.load(signatures);
        List<String> files = CaptureFiles.find(paths);
        Statistics statistics = new Statistics();
        boolean allRead;
        PrintWriter out =
                new PrintWriter(
                        new BufferedWriter(
                                new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
        try (Progress progress = Progress.onTerminal(files.size())) {
            HitPrinter printer = printer(out);
            allRead = scan(files, pack, statistics, progress, printer);
            progress.clear();
            printer.finish();
            out.flush();
        }
        if (format == Format.table && statistics.hits() == 0) {
            System.err.println(
                    "no miners found in "
                            + (allRead ? count(files.size(), "capture") : "what could be read"));
        }
        if (stats) {
            System.err.println(statistics.toJson());
        }
        return allRead ? 0 : 1;
    }

    private boolean scan(
            List<String> files,
            SignaturePack pack,
            Statistics statistics,
            Progress progress,
            HitPrinter printer)
            throws IOException, InterruptedException {
        long intervalNanos =
                intervalSeconds == null
                        ? Worker.NO_INTERVAL
                        : Duration.ofSeconds(intervalSeconds).toNanos();
        boolean[] allRead = {true};
        statistics.start(stats);
        Scans.run(
                files,
                pack,
                workers == null ? Scans.defaultWorkers(files.size()) : workers,
                intervalNanos,
                progress,
                outcome -> {
                    statistics.add(outcome);
                    allRead[0] &= readWhole(outcome, progress);
                    List<Hit> wanted = outcome.hits().stream().filter(this::isWanted).toList();
                    statistics.addHits(wanted.size());
                    printer.print(wanted);
                });
        statistics.stop();
        return allRead[0];
    }

    /// Whether all of a capture was read; says what was not.
    static boolean readWhole(FileScan.Outcome outcome, Progress progress) {
        List<String> complaints = outcome.complaints();
        if (!complaints.isEmpty()) {
            progress.clear();
            complaints.forEach(System.err::println);
        }
        return complaints.isEmpty();
    }

    private boolean isWanted(Hit hit) {
        return switch (atLeast) {
            case possible -> true;
            case probable ->
                    switch (hit.getVerdict()) {
                        case MINER, PROBABLE, RELAY, BROWSER -> true;
                        default -> false;
                    };
            case miner ->
                    switch (hit.getVerdict()) {
                        case MINER, RELAY, BROWSER -> true;
                        default -> false;
                    };
        };
    }

    private HitPrinter printer(PrintWriter out) {
        return switch (format) {
            case table -> new TablePrinter(out, Progress.isTerminal());
            case ndjson -> new NdjsonPrinter(out);
            case csv -> new CsvPrinter(out);
            case eve -> new EvePrinter(out);
        };
    }

    private void check(boolean condition, String message) {
        if (!condition && spec != null) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    static String count(int n, String noun) {
        return String.format(Locale.ROOT, "%d %s%s", n, noun, n == 1 ? "" : "s");
    }
}
